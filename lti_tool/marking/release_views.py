"""Releasing the marks of an assignment: what will go out, what is held back and why, then done.

One, some or all; each piece in a transaction of its own, so that none hides the others.
"""

import re

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from lti_tool.coursework.queries import AssignmentRead, get_assignment
from lti_tool.coursework.resetting import require_open
from lti_tool.db import abandon, database, session
from lti_tool.marking.cohort import HELD_BACK, OUT, READY, Line, Tried, list_cohort, release_chosen
from lti_tool.marking.terms import get_terms
from lti_tool.people import visits
from lti_tool.people.access import contexts_of
from lti_tool.web.policy import who_may

blueprint = Blueprint(
    "releases", __name__, template_folder="templates", url_prefix="/v/<handle>/releases"
)
MOST_AT_ONCE = 100
_TICK = re.compile(r"([A-Z0-9]{1,20})-(\d{1,8})", re.ASCII)


def _assignment(assignment_id: int) -> AssignmentRead:
    return get_assignment(session(), assignment_id, contexts_of(visits.current()))


def _lines(assignment: AssignmentRead) -> list[Line]:
    config_dir = visits.settings_of_app().config_dir
    return list_cohort(session(), assignment, get_terms(session(), config_dir, assignment))


def _page(
    handle: str,
    assignment: AssignmentRead,
    *,
    tried: Tried | None = None,
    sentence: str | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    lines = _lines(assignment)
    return render_template(
        "marking/releases.html",
        handle=handle,
        assignment=assignment,
        ready=[line for line in lines if line.state == READY],
        held_back=[line for line in lines if line.state == HELD_BACK],
        out=[line for line in lines if line.state == OUT],
        names={line.work.candidate_code: line.name for line in lines},
        tried=tried,
        sentence=sentence,
        has_errors=bool(sentence),
        most=MOST_AT_ONCE,
    ), status


@blueprint.get("/")
@who_may("tutor")
def here(handle: str) -> ResponseReturnValue:
    """The same for the activity that this visit was opened at."""
    visit = visits.current()
    return _page(handle, get_assignment(session(), visit.assignment_id, contexts_of(visit)))


@blueprint.get("/<int:assignment_id>")
@who_may("tutor")
def releases(handle: str, assignment_id: int) -> ResponseReturnValue:
    """What will go out, and what is held back and why."""
    return _page(handle, _assignment(assignment_id))


@blueprint.post("/<int:assignment_id>")
@who_may("tutor")
def release(handle: str, assignment_id: int) -> ResponseReturnValue:
    """Release what was ticked, and show what came of each."""
    assignment = _assignment(assignment_id)
    require_open(assignment)
    found = [_TICK.fullmatch(value) for value in request.form.getlist("piece")]
    chosen = [(match[1], int(match[2])) for match in found if match is not None]
    if not chosen:
        return _page(
            handle, assignment, sentence="Tick at least one result to release.", status=422
        )
    if len(chosen) > MOST_AT_ONCE:
        said = f"Release at most {MOST_AT_ONCE} at once, or set a time for all of them below."
        return _page(handle, assignment, sentence=said, status=422)
    visit = visits.current()
    abandon()  # each piece has its own transaction; this one must not stand in their way
    tried = release_chosen(
        database(),
        visits.settings_of_app().config_dir,
        assignment_id,
        contexts_of(visit),
        chosen,
        actor_id=visit.person_id,
    )
    return _page(handle, assignment, tried=tried)
