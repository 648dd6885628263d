"""Releasing the marks of an assignment: what will go out, what is held back and why, then done.

One, some or all; each piece in a transaction of its own, so that none hides the others.
"""

import re

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.core.errors import Conflict, NotAllowed
from lti_tool.core.numerals import whole
from lti_tool.coursework.queries import AssignmentRead, get_assignment
from lti_tool.coursework.resetting import require_open
from lti_tool.db import abandon, database, session
from lti_tool.marking.cohort import HELD_BACK, OUT, READY, Line, Tried, list_cohort, release_chosen
from lti_tool.marking.desk.reach import people_in_reach
from lti_tool.marking.scheduling import cancel, list_scheduled, schedule
from lti_tool.marking.terms import get_terms
from lti_tool.people import visits
from lti_tool.people.access import contexts_of
from lti_tool.web import notices
from lti_tool.web.forms import Form, LocalDateTime
from lti_tool.web.policy import who_may

blueprint = Blueprint(
    "releases", __name__, template_folder="templates", url_prefix="/v/<handle>/releases"
)
MOST_AT_ONCE = 100
_TICK = re.compile(r"([A-Z0-9]{1,20})-(\d{1,8})", re.ASCII)


notices.register(
    release_scheduled=("success", "The time is set. What is ready then goes out by itself."),
    release_cancelled=("success", "Cancelled. Nothing goes out by itself."),
)


class ScheduleForm(Form):
    """When an assignment's marks are to be released."""

    at = LocalDateTime("Day and time", hint="On the clock in England.")


def _assignment(assignment_id: int) -> AssignmentRead:
    return get_assignment(session(), assignment_id, contexts_of(visits.current()))


def _lines(assignment: AssignmentRead, reach: frozenset[int] | None) -> list[Line]:
    terms = get_terms(session(), visits.settings_of_app().config_dir, assignment)
    lines = list_cohort(session(), assignment, terms)
    return [line for line in lines if reach is None or line.work.person_id in reach]


def _reach(assignment: AssignmentRead) -> frozenset[int] | None:
    return people_in_reach(session(), visits.current(), assignment.id)


def _require_all(assignment: AssignmentRead) -> None:
    """What goes out at a set time is everybody's.

    :raises NotAllowed: the leader keeps this tutor to the work they were given.
    """
    if _reach(assignment) is not None:
        raise NotAllowed(
            "A time set here would release other markers’ pieces too. Release your own above, or "
            "ask your programme leader to set the time."
        )


def _page(
    handle: str,
    assignment: AssignmentRead,
    *,
    tried: Tried | None = None,
    form: ScheduleForm | None = None,
    sentence: str | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    reach = _reach(assignment)
    lines = _lines(assignment, reach)
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
        has_errors=bool(sentence or (form and form.errors)),
        most=MOST_AT_ONCE,
        is_leader=visits.current().is_leader,
        form=form or ScheduleForm(),
        may_set_time=reach is None,
        scheduled=list_scheduled(session(), assignment.id),
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
    reach = _reach(assignment)
    if reach is not None:
        seen = {line.work.candidate_code for line in _lines(assignment, reach)}
        if not {code for code, _ in chosen} <= seen:
            raise NotAllowed(
                "Some of these pieces were given to other markers. Nothing was released."
            )
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


@blueprint.post("/<int:assignment_id>/later")
@who_may("tutor")
def set_time(handle: str, assignment_id: int) -> ResponseReturnValue:
    """Set a time at which everything that is ready then goes out."""
    assignment = _assignment(assignment_id)
    _require_all(assignment)
    form = ScheduleForm(request.form)
    if not form.validate():
        return _page(handle, assignment, form=form, status=422)
    try:
        schedule(session(), assignment, form.at.data, actor_id=visits.current().person_id)
    except Conflict as error:
        form.problem("at", error.sentence)
        return _page(handle, assignment, form=form, status=409)
    return _back(handle, assignment_id, "release-scheduled")


@blueprint.post("/<int:assignment_id>/cancel")
@who_may("tutor")
def cancel_time(handle: str, assignment_id: int) -> ResponseReturnValue:
    """Cancel a time that was set."""
    assignment = _assignment(assignment_id)
    _require_all(assignment)
    number = whole(request.form.get("scheduled"))
    try:
        cancel(session(), assignment, number, actor_id=visits.current().person_id)
    except Conflict as error:
        return _page(handle, assignment, sentence=error.sentence, status=409)
    return _back(handle, assignment_id, "release-cancelled")


def _back(handle: str, assignment_id: int, done: str) -> ResponseReturnValue:
    return redirect(
        url_for("releases.releases", handle=handle, assignment_id=assignment_id, done=done), 303
    )
