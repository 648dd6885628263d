"""The list for an NPQ's lead provider: what it holds, how it is worked out, and the file."""

from datetime import date

from flask import render_template
from flask.typing import ResponseReturnValue

from lti_tool.core import clock
from lti_tool.core.errors import NotFound
from lti_tool.db import session
from lti_tool.papers.downloads import as_table_file
from lti_tool.papers.tables import Cell
from lti_tool.people import visits
from lti_tool.programme.cohorts.pages import PAGE, blueprint, config_dir, page_number
from lti_tool.programme.cohorts.provider.columns import ENGAGEMENT, HOLDS, load_provider_words
from lti_tool.programme.cohorts.provider.listing import make_list
from lti_tool.programme.cohorts.queries import CohortRead, ProgrammeRead
from lti_tool.programme.cohorts.reach import get_cohort
from lti_tool.programme.cohorts.words import NPQ
from lti_tool.web.policy import who_may


def _cohort(cohort_id: int) -> tuple[ProgrammeRead, CohortRead]:
    programme, cohort = get_cohort(session(), visits.current(), cohort_id)
    if programme.route != NPQ:
        raise NotFound("Only an NPQ has a lead provider, and so this list.")
    return programme, cohort


def _said(cell: Cell) -> str:
    if isinstance(cell, date):
        return clock.plain_day(cell)
    return "–" if cell is None or cell == "" else str(cell)


@blueprint.get("/<int:cohort_id>/provider")
@who_may("leader")
def provider_list(handle: str, cohort_id: int) -> ResponseReturnValue:
    """Starts, engagement and completions, with what each column holds."""
    programme, cohort = _cohort(cohort_id)
    table = make_list(session(), config_dir(), cohort)
    number, pages = page_number(len(table.rows))
    shown = table.rows[(number - 1) * PAGE : number * PAGE]
    return render_template(
        "cohorts/provider.html",
        handle=handle,
        programme=programme,
        cohort=cohort,
        table=table,
        rows=[[_said(cell) for cell in row] for row in shown],
        page=number,
        pages=pages,
        words=load_provider_words(config_dir()),
        holds=HOLDS,
        counting=ENGAGEMENT,
    )


@blueprint.get("/<int:cohort_id>/provider.<form>")
@who_may("leader")
def take_provider_list(handle: str, cohort_id: int, form: str) -> ResponseReturnValue:
    """The whole list as a file."""
    _, cohort = _cohort(cohort_id)
    return as_table_file([make_list(session(), config_dir(), cohort)], "provider-list", form)
