"""The leader's home: its first page for a cohort, the list behind each number, both as files."""

from dataclasses import dataclass

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.core import clock
from lti_tool.core.errors import NotFound
from lti_tool.db import session
from lti_tool.papers.tables import Table, to_csv, to_xlsx
from lti_tool.people import visits
from lti_tool.programme.cohorts.words import STATUSES
from lti_tool.programme.home.files import flat, table_of, table_of_figures, tables_of
from lti_tool.programme.home.glance import look, read_figures
from lti_tool.programme.home.lists import ListLine, get_list
from lti_tool.programme.home.marks import label_of
from lti_tool.programme.home.reach import Place, choose, get_place
from lti_tool.programme.home.work import STATES
from lti_tool.programme.outcomes.words import STATES as OUTCOME_STATES
from lti_tool.web.policy import who_may

blueprint = Blueprint(
    "programme_home",
    __name__,
    template_folder="templates",
    url_prefix="/v/<handle>/programme/home",
)
PAGE = 100
"""Lines on a page of a list."""
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Shown:
    """A line of a list as the page shows it."""

    line: ListLine
    course: str
    url: str
    """The page where it is dealt with; empty where this visit cannot open it."""
    elsewhere: str
    """From where it opens, in a sentence; empty where it opens here, or has no page."""


@blueprint.get("/")
@who_may("leader")
def index(handle: str) -> ResponseReturnValue:
    """On to the cohort that was chosen, or the likeliest; without one, to setting one up."""
    found = choose(session(), visits.current(), request.args.get("cohort", ""))
    if found is None:
        return redirect(url_for("cohorts.index", handle=handle), 303)
    return redirect(url_for("programme_home.cohort", handle=handle, cohort_id=found.id), 303)


@blueprint.get("/<int:cohort_id>/")
@who_may("leader")
def cohort(handle: str, cohort_id: int) -> ResponseReturnValue:
    """A cohort at a glance."""
    place = get_place(session(), visits.current(), cohort_id)
    return render_template(
        "home/home.html",
        handle=handle,
        place=place,
        glance=look(session(), visits.settings_of_app().config_dir, place),
        statuses=STATUSES,
        work_states=STATES,
        outcome_states=OUTCOME_STATES,
        label_of=label_of,
    )


def _file(tables: list[Table], flattened: Table, name: str, form: str) -> Response:
    """A download with a plain name and the day, which names nobody.

    :raises NotFound: neither csv nor xlsx was asked for.
    """
    if form not in ("csv", "xlsx"):
        raise NotFound("This can be taken away as csv or as xlsx.")
    body = to_xlsx(tables) if form == "xlsx" else to_csv(flattened)
    answer = Response(body, mimetype=_XLSX if form == "xlsx" else "text/csv")
    named = f'attachment; filename="{name}-{clock.today():%Y-%m-%d}.{form}"'
    answer.headers["Content-Disposition"] = named
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.get("/<int:cohort_id>/take-away/<form>")
@who_may("leader")
def take_away(handle: str, cohort_id: int, form: str) -> ResponseReturnValue:
    """Everything on the first page as a file."""
    place = get_place(session(), visits.current(), cohort_id)
    tables = tables_of(look(session(), visits.settings_of_app().config_dir, place))
    return _file(tables, flat(tables), "cohort-at-a-glance", form)


@blueprint.get("/<int:cohort_id>/figures")
@who_may("leader")
def figures(handle: str, cohort_id: int) -> ResponseReturnValue:
    """Every figure that the tool works out, of one cohort."""
    place = get_place(session(), visits.current(), cohort_id)
    found = read_figures(session(), visits.settings_of_app().config_dir, place)
    return render_template("home/figures.html", handle=handle, place=place, figures=found)


@blueprint.get("/<int:cohort_id>/figures/<form>")
@who_may("leader")
def take_figures_away(handle: str, cohort_id: int, form: str) -> ResponseReturnValue:
    """All figures as a file."""
    place = get_place(session(), visits.current(), cohort_id)
    found = read_figures(session(), visits.settings_of_app().config_dir, place)
    table = table_of_figures(found)
    return _file([table], table, "figures", form)


def _shown(handle: str, place: Place, line: ListLine) -> Shown:
    """A line with the way to its page, as far as this visit's course and activity can show it."""
    visit, what = visits.current(), line.what
    course = place.course(what.context_id)
    is_here = what.context_id in (None, visit.context_id)
    opens = is_here and what.assignment_id in (None, visit.assignment_id)
    url = url_for(what.endpoint, handle=handle, **what.values) if what.endpoint and opens else ""
    elsewhere = f"Open it from the course {course}." if what.endpoint and not opens else ""
    if elsewhere and is_here:
        elsewhere = "Open it from its own activity in this course."
    return Shown(line, course, url, elsewhere)


def _page_number(pages: int) -> int:
    asked = request.args.get("page", "1")
    good = asked.isascii() and asked.isdigit() and len(asked) < 7
    return min(max(1, int(asked)), pages) if good else 1


@blueprint.get("/<int:cohort_id>/list/<key>")
@who_may("leader")
def behind(handle: str, cohort_id: int, key: str) -> ResponseReturnValue:
    """The list behind one number."""
    place = get_place(session(), visits.current(), cohort_id)
    found = get_list(session(), visits.settings_of_app().config_dir, place, key)
    pages = max(1, -(-len(found.lines) // PAGE))
    number = _page_number(pages)
    lines = found.lines[(number - 1) * PAGE : number * PAGE]
    return render_template(
        "home/list.html",
        handle=handle,
        place=place,
        found=found,
        to_do=sum(not one.settled for one in found.lines),
        lines=[_shown(handle, place, one) for one in lines],
        page=number,
        pages=pages,
    )


@blueprint.get("/<int:cohort_id>/list/<key>/<form>")
@who_may("leader")
def take_list_away(handle: str, cohort_id: int, key: str, form: str) -> ResponseReturnValue:
    """The list behind one number as a file."""
    place = get_place(session(), visits.current(), cohort_id)
    found = get_list(session(), visits.settings_of_app().config_dir, place, key)
    table = table_of(found, place)
    return _file([table], table, f"list-{found.key}", form)
