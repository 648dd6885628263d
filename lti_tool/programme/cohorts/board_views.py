"""The board's sheet of a module on the leader's pages, and the same as a file."""

from dataclasses import dataclass

from flask import render_template, request
from flask.typing import ResponseReturnValue

from lti_tool.core.errors import NotFound
from lti_tool.core.numerals import plain
from lti_tool.db import session
from lti_tool.papers.downloads import as_table_file
from lti_tool.people import visits
from lti_tool.programme.cohorts.board.reading import gather
from lti_tool.programme.cohorts.board.sheet import Line, Sheet, make_sheet, to_table
from lti_tool.programme.cohorts.pages import PAGE, blueprint, config_dir, page_number
from lti_tool.programme.cohorts.queries import (
    CohortRead,
    ModuleRead,
    ProgrammeRead,
    list_modules,
    runs_of,
)
from lti_tool.programme.cohorts.reach import get_cohort
from lti_tool.web.policy import who_may

DIFFERS = "differs"
"""The filter that keeps what does not agree."""


@dataclass(frozen=True, slots=True)
class _Here:
    """Which sheet is asked for."""

    programme: ProgrammeRead
    cohort: CohortRead
    modules: list[ModuleRead]
    module: ModuleRead | None
    sheet: Sheet | None

    @property
    def only(self) -> str:
        """The filter in the address, where it is one."""
        return DIFFERS if request.args.get("only") == DIFFERS else ""

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lines under the filter."""
        if self.sheet is None:
            return ()
        return self.sheet.differing if self.only else self.sheet.lines


def _module(cohort: CohortRead, modules: list[ModuleRead]) -> ModuleRead | None:
    """The module in the address, else the first that a course is joined for, else the first."""
    asked = request.args.get("module", "")
    if asked:
        found = next((one for one in modules if str(one.id) == asked), None)
        if found is None:
            raise NotFound("There is no such module in this programme.")
        return found
    joined = {one.module_id for one in runs_of(session(), cohort.id)}
    return next((one for one in modules if one.id in joined), next(iter(modules), None))


def _here(cohort_id: int) -> _Here:
    programme, cohort = get_cohort(session(), visits.current(), cohort_id)
    modules = list_modules(session(), programme.id)
    module = _module(cohort, modules)
    sheet = make_sheet(gather(session(), config_dir(), cohort, module)) if module else None
    return _Here(programme, cohort, modules, module, sheet)


@blueprint.get("/<int:cohort_id>/board")
@who_may("leader")
def board_sheet(handle: str, cohort_id: int) -> ResponseReturnValue:
    """A module's marks beside the gradebook and the registry's list, line by line."""
    here = _here(cohort_id)
    number, pages = page_number(len(here.lines))
    is_whole = request.args.get("page") == "all"
    return render_template(
        "cohorts/board.html",
        handle=handle,
        here=here,
        lines=here.lines if is_whole else here.lines[(number - 1) * PAGE : number * PAGE],
        page=number,
        pages=1 if is_whole else pages,
        plain=plain,
    )


@blueprint.get("/<int:cohort_id>/board.<form>")
@who_may("leader")
def take_board_sheet(handle: str, cohort_id: int, form: str) -> ResponseReturnValue:
    """The lines under the filter as a file."""
    here = _here(cohort_id)
    title = here.module.title if here.module else "Board sheet"
    return as_table_file([to_table(here.lines, title)], "board-sheet", form)
