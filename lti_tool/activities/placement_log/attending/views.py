"""Tutors’ pages of sessions: the list, setting one up, taking attendance; a participant’s own."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.activities.placement_log import said
from lti_tool.activities.placement_log.attending import operations
from lti_tool.activities.placement_log.attending.forms import SessionForm, values_of
from lti_tool.activities.placement_log.attending.queries import (
    SessionRead,
    count_marks,
    get_session,
    list_sessions,
    marks_of,
)
from lti_tool.activities.placement_log.entries import KINDS, MARKS, PRESENT
from lti_tool.activities.placement_log.log import get_log_assignment, open_log
from lti_tool.activities.placement_log.numbers import load_numbers
from lti_tool.activities.placement_log.pages import page
from lti_tool.core.errors import Conflict
from lti_tool.core.numerals import whole
from lti_tool.coursework.queries import AssignmentRead
from lti_tool.coursework.resetting import require_open
from lti_tool.db import session
from lti_tool.people import visits
from lti_tool.people.access import contexts_of
from lti_tool.people.queries import list_known
from lti_tool.web import notices
from lti_tool.web.policy import who_may

notices.register(
    session_set_up=("success", "It is set up. Participants see it in their log."),
    session_changed=("success", "The change is kept."),
    session_removed=("success", "It is removed. Attendance that was taken of it counts no more."),
    attendance_kept=("success", "Attendance is kept."),
)


def open_session(session_id: int) -> tuple[AssignmentRead, SessionRead]:
    """A session of the work that this visit is for."""
    assignment = get_log_assignment(visits.current().assignment_id)
    return assignment, get_session(session(), assignment.id, session_id)


def posted_revision() -> int:
    """The revision a form carried; one that cannot be read matches nothing."""
    return whole(request.form.get("revision"), -1)


def sessions(handle: str) -> ResponseReturnValue:
    """All that is set up, with how many were there."""
    assignment = get_log_assignment(visits.current().assignment_id)
    return render_template(
        "placement_log/sessions.html",
        handle=handle,
        sessions=list_sessions(session(), assignment.id),
        counts=count_marks(session(), assignment.id),
        numbers=load_numbers(visits.settings_of_app().config_dir),
        kinds=KINDS,
        marks=MARKS,
        said=said,
    )


def _form_page(
    handle: str, form: SessionForm, held: SessionRead | None, sentence: str = "", status: int = 200
) -> ResponseReturnValue:
    return render_template(
        "placement_log/session_form.html",
        handle=handle,
        form=form,
        held=held,
        sentence=sentence,
        has_errors=bool(sentence or form.errors),
    ), status


def new_session(handle: str) -> ResponseReturnValue:
    """The form for one more."""
    get_log_assignment(visits.current().assignment_id)
    return _form_page(handle, SessionForm(), None)


def set_up_session(handle: str) -> ResponseReturnValue:
    """Set up one more."""
    visit = visits.current()
    assignment = get_log_assignment(visit.assignment_id)
    require_open(assignment)
    form = SessionForm(request.form)
    if not form.validate():
        return _form_page(handle, form, None, status=422)
    operations.set_up(session(), assignment, form.details(), actor_id=visit.person_id)
    return redirect(url_for("placement_log.sessions", handle=handle, done="session-set-up"), 303)


def edit_session(handle: str, session_id: int) -> ResponseReturnValue:
    """The form of one that is there."""
    _, held = open_session(session_id)
    return _form_page(handle, SessionForm(data=values_of(held)), held)


def change_session(handle: str, session_id: int) -> ResponseReturnValue:
    """Change it, or take it away."""
    assignment, held = open_session(session_id)
    require_open(assignment)
    revision, actor_id = posted_revision(), visits.current().person_id
    form = SessionForm(request.form)
    try:
        if request.form.get("act") == "remove":
            operations.remove(session(), assignment, held, revision=revision, actor_id=actor_id)
            done = "session-removed"
        elif not form.validate():
            return _form_page(handle, form, held, status=422)
        else:
            operations.change_details(
                session(),
                assignment,
                held,
                form.details(),
                revision=revision,
                actor_id=actor_id,
            )
            done = "session-changed"
    except Conflict as error:
        return _form_page(handle, form, held, error.sentence, 409)
    return redirect(url_for("placement_log.sessions", handle=handle, done=done), 303)


def _attendance_page(
    handle: str,
    held: SessionRead,
    chosen: dict[int, str],
    *,
    note: str = "",
    sentence: str = "",
    kept: dict[int, str] | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    """:param kept: what stands now where it differs from what was chosen, after a conflict."""
    return render_template(
        "placement_log/attendance.html",
        handle=handle,
        held=held,
        people=list_known(session(), contexts_of(visits.current())),
        chosen=chosen,
        kept=kept or {},
        marks=MARKS,
        note=note,
        sentence=sentence,
        has_errors=bool(sentence),
        said=said,
    ), status


def attendance(handle: str, session_id: int) -> ResponseReturnValue:
    """The roster, with what is kept of each."""
    _, held = open_session(session_id)
    return _attendance_page(handle, held, marks_of(session(), held.id))


def _chosen() -> dict[int, str]:
    """What the form says, of people who take part."""
    people = list_known(session(), contexts_of(visits.current()))
    found = {one.person_id: request.form.get(f"mark-{one.person_id}", "") for one in people}
    return {person_id: mark for person_id, mark in found.items() if mark in MARKS}


def keep_attendance(handle: str, session_id: int) -> ResponseReturnValue:
    """Keep it, or fill in everybody as present to be looked over."""
    assignment, held = open_session(session_id)
    require_open(assignment)
    chosen = _chosen()
    if request.form.get("act") == "all-present":
        people = list_known(session(), contexts_of(visits.current()))
        filled = {one.person_id: chosen.get(one.person_id, PRESENT) for one in people}
        note = "Everybody without a mark is now marked present. Nothing is kept until you save."
        return _attendance_page(handle, held, filled, note=note)
    try:
        operations.take_attendance(
            session(),
            assignment,
            held,
            chosen,
            revision=posted_revision(),
            actor_id=visits.current().person_id,
        )
    except operations.TakenElsewhere as error:
        stands = marks_of(session(), held.id)
        differing = {one: stands.get(one, "") for one in chosen if stands.get(one) != chosen[one]}
        return _attendance_page(
            handle, held, stands | chosen, sentence=error.sentence, kept=differing, status=409
        )
    return redirect(url_for("placement_log.sessions", handle=handle, done="attendance-kept"), 303)


def own_sessions(handle: str) -> ResponseReturnValue:
    """A participant's own attendance."""
    return page("own_sessions.html", open_log(), kinds=KINDS, marks=MARKS)


def add_to(blueprint: Blueprint) -> None:
    """Put these pages into the activity's blueprint."""
    may = who_may("tutor")
    blueprint.get("/sessions")(may(sessions))
    blueprint.get("/sessions/new")(may(new_session))
    blueprint.post("/sessions/new")(may(set_up_session))
    blueprint.get("/sessions/<int:session_id>/details")(may(edit_session))
    blueprint.post("/sessions/<int:session_id>/details")(may(change_session))
    blueprint.get("/sessions/<int:session_id>")(may(attendance))
    blueprint.post("/sessions/<int:session_id>")(may(keep_attendance))
    blueprint.get("/my-sessions")(who_may("participant")(own_sessions))
