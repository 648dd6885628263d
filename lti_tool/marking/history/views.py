"""Pages of the history of marks, for tutors, and the same as files to take away."""

from dataclasses import dataclass

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.core import clock
from lti_tool.core.errors import NotFound
from lti_tool.coursework.queries import get_assignment, list_assignments
from lti_tool.coursework.rules import get_rules
from lti_tool.db import session
from lti_tool.marking.history import queries, subjects
from lti_tool.marking.history.words import KINDS
from lti_tool.marking.queries import hides_names
from lti_tool.papers.tables import Table, to_csv, to_xlsx
from lti_tool.people import visits
from lti_tool.people.access import contexts_of
from lti_tool.web.policy import who_may

blueprint = Blueprint(
    "history", __name__, template_folder="../templates", url_prefix="/v/<handle>/history"
)
_AT_A_TIME = 50
_MOST = 20_000
"""Lines of a file; what is older is left out, and the file says so."""
_HEADINGS = ("When", "Who", "What", "Whose work", "Before", "After", "Reason")
_FORMS = ("csv", "xlsx")
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class _Asked:
    wanted: queries.Wanted
    code: str | None


def _asked(assignment_id: int, code: str | None) -> _Asked:
    visit = visits.current()
    contexts = contexts_of(visit)
    assignment = get_assignment(session(), assignment_id, contexts)
    author = subjects.get_author(session(), assignment.id, code) if code else None
    kind = request.args.get("kind", "")
    rules = get_rules(
        session(),
        visits.settings_of_app().config_dir,
        assignment.rules_key,
        assignment.rules_version,
    )
    wanted = queries.Wanted(
        assignment,
        contexts,
        visit.person_id,
        rules,
        hides_names(assignment, rules),
        author,
        kind if kind in KINDS else None,
    )
    return _Asked(wanted, code)


@blueprint.get("/")
@who_may("tutor")
def index(handle: str) -> ResponseReturnValue:
    """The history of the activity this visit is about, else of the course's first."""
    visit = visits.current()
    found = [one.id for one in list_assignments(session(), contexts_of(visit), in_use=True)]
    if not found:
        raise NotFound("There is no activity in this course yet, so there is no history.")
    chosen = visit.assignment_id if visit.assignment_id in found else found[0]
    return redirect(url_for("history.assignment", handle=handle, assignment_id=chosen), 303)


def _page(handle: str, asked: _Asked) -> ResponseReturnValue:
    place = queries.read_place(request.args.get("below", ""))
    lines, below = queries.get_history(session(), asked.wanted, place=place, limit=_AT_A_TIME)
    whose = None
    if asked.wanted.person_id is not None:
        people = subjects.get_people(
            session(),
            asked.wanted.assignment,
            {asked.wanted.person_id},
            hides_names=asked.wanted.hides_names,
        )
        whose = people.participant(asked.wanted.person_id)
    return render_template(
        "history/history.html",
        handle=handle,
        assignment=asked.wanted.assignment,
        others=list_assignments(session(), asked.wanted.context_ids, in_use=True),
        whose=whose,
        code=asked.code,
        lines=lines,
        below=below,
        is_first=place == queries.Place(),
        kinds=KINDS,
        kind=asked.wanted.kind,
    )


@blueprint.get("/<int:assignment_id>/")
@who_may("tutor")
def assignment(handle: str, assignment_id: int) -> ResponseReturnValue:
    """All that happened to the marks of one activity."""
    return _page(handle, _asked(assignment_id, None))


@blueprint.get("/<int:assignment_id>/<code>/")
@who_may("tutor")
def piece(handle: str, assignment_id: int, code: str) -> ResponseReturnValue:
    """All that happened to one participant's work."""
    return _page(handle, _asked(assignment_id, code))


def _table(asked: _Asked) -> Table:
    lines, below = queries.get_history(session(), asked.wanted, place=queries.Place(), limit=_MOST)
    rows: list[tuple[object, ...]] = [
        (one.when, one.who, one.did, one.whose, one.was, one.became, one.reason) for one in lines
    ]
    if below is not None:
        rows.append((None, "", f"Only the newest {_MOST} lines are here.", "", "", "", ""))
    return Table("History", _HEADINGS, rows)  # type: ignore[arg-type]


def _file(asked: _Asked, form: str) -> ResponseReturnValue:
    if form not in _FORMS:
        raise NotFound("The history can be taken away as csv or as xlsx.")
    table = _table(asked)
    body = to_xlsx([table]) if form == "xlsx" else to_csv(table)
    day = clock.in_london(clock.now()).date().isoformat()
    about = (
        f"{asked.wanted.assignment.id}-{asked.code}"
        if asked.code
        else str(asked.wanted.assignment.id)
    )
    response = Response(body, mimetype=_XLSX if form == "xlsx" else "text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="history-{about}-{day}.{form}"'
    return response


@blueprint.get("/<int:assignment_id>/take-away/<form>")
@who_may("tutor")
def take_away(handle: str, assignment_id: int, form: str) -> ResponseReturnValue:
    """An activity's history as a file."""
    return _file(_asked(assignment_id, None), form)


@blueprint.get("/<int:assignment_id>/<code>/take-away/<form>")
@who_may("tutor")
def take_piece_away(handle: str, assignment_id: int, code: str, form: str) -> ResponseReturnValue:
    """One participant's history as a file."""
    return _file(_asked(assignment_id, code), form)
