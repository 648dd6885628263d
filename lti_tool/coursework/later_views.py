"""Later due dates of an assignment, for its tutors: for one person, or for everyone.

Forms name a membership of this course, never a person.
"""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.core.errors import Conflict, NotFound
from lti_tool.coursework.extensions import grant_extension, list_extensions, withdraw_extension
from lti_tool.coursework.forms import EVERYONE, LaterForm
from lti_tool.coursework.queries import AssignmentRead, get_assignment
from lti_tool.db import session
from lti_tool.people import visits
from lti_tool.people.access import contexts_of
from lti_tool.people.queries import Listed, list_participants, names_of
from lti_tool.web import notices
from lti_tool.web.policy import who_may

blueprint = Blueprint(
    "later", __name__, template_folder="templates", url_prefix="/v/<handle>/dates/later"
)
_MOST_PEOPLE = 2_000
notices.register(
    later_granted=("success", "The later date holds now. Whoever it is for sees it."),
    later_withdrawn=("success", "The later date is withdrawn. Work handed in under it keeps it."),
)


def _assignment() -> AssignmentRead:
    visit = visits.current()
    return get_assignment(session(), visit.assignment_id, contexts_of(visit))


def _form(people: list[Listed], posted: bool) -> LaterForm:
    form = LaterForm(request.form if posted else None)
    named = [(str(one.membership_id), one.name) for one in people]
    form.who.offer([(EVERYONE, "Everyone"), *named])
    return form


def _people() -> list[Listed]:
    visit = visits.current()
    return list_participants(session(), contexts_of(visit), limit=_MOST_PEOPLE)


def _page(
    handle: str, assignment: AssignmentRead, form: LaterForm, status: int = 200
) -> ResponseReturnValue:
    listed = list_extensions(session(), assignment.id)
    named = {one.person_id for one in listed if one.person_id is not None}
    return render_template(
        "coursework/later.html",
        handle=handle,
        assignment=assignment,
        form=form,
        listed=listed,
        names=names_of(session(), named),
        has_errors=bool(form.errors),
    ), status


@blueprint.get("/")
@who_may("tutor")
def later(handle: str) -> ResponseReturnValue:
    """Every later date that was given, and a form for another."""
    return _page(handle, _assignment(), _form(_people(), posted=False))


@blueprint.post("/")
@who_may("tutor")
def grant(handle: str) -> ResponseReturnValue:
    """Give one person, or everyone, a later date."""
    assignment, people = _assignment(), _people()
    form = _form(people, posted=True)
    if not form.validate():
        return _page(handle, assignment, form, 422)
    ids = {str(one.membership_id): one.person_id for one in people}
    try:
        grant_extension(
            session(),
            assignment,
            person_id=ids.get(form.who.data),
            kind=form.kind.data,
            due_at=form.due_at.data,
            reason=form.reason.data,
            actor_id=visits.current().person_id,
        )
    except Conflict as error:
        form.problem("due_at", error.sentence)
        return _page(handle, assignment, form, 409)
    return redirect(url_for("later.later", handle=handle, done="later-granted"), 303)


@blueprint.post("/withdraw")
@who_may("tutor")
def withdraw(handle: str) -> ResponseReturnValue:
    """Withdraw a later date."""
    raw = request.form.get("extension", "")
    if not (raw.isascii() and raw.isdigit() and len(raw) < 10):
        raise NotFound("There is no such later date.")
    actor_id = visits.current().person_id
    withdraw_extension(session(), _assignment(), int(raw), actor_id=actor_id)
    return redirect(url_for("later.later", handle=handle, done="later-withdrawn"), 303)
