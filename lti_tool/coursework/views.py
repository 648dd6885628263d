"""The dates of an assignment, for its tutors."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.coursework.forms import SetUpForm
from lti_tool.coursework.operations import ChangedElsewhere, SetUp, change_set_up
from lti_tool.coursework.queries import AssignmentRead, get_assignment
from lti_tool.db import session
from lti_tool.people import visits
from lti_tool.people.access import contexts_of
from lti_tool.web import notices
from lti_tool.web.policy import who_may

blueprint = Blueprint("coursework", __name__, template_folder="templates")
notices.register(dates_saved=("success", "The dates are saved."))


def _assignment() -> AssignmentRead:
    visit = visits.current()
    return get_assignment(session(), visit.assignment_id, contexts_of(visit))


def _page(
    handle: str,
    assignment: AssignmentRead,
    form: SetUpForm,
    *,
    sentence: str | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    return render_template(
        "coursework/set_up.html",
        handle=handle,
        assignment=assignment,
        form=form,
        sentence=sentence,
        has_errors=bool(form.errors or sentence),
    ), status


@blueprint.get("/v/<handle>/dates")
@who_may("tutor")
def set_up(handle: str) -> ResponseReturnValue:
    """The dates as they stand."""
    assignment = _assignment()
    return _page(handle, assignment, SetUpForm(obj=assignment))


@blueprint.post("/v/<handle>/dates")
@who_may("tutor")
def save_set_up(handle: str) -> ResponseReturnValue:
    """Change the dates; work handed in already keeps the due date it was handed in under."""
    assignment = _assignment()
    form = SetUpForm(request.form)
    if not form.validate():
        return _page(handle, assignment, form, status=422)
    try:
        change_set_up(
            session(),
            assignment,
            SetUp(form.due_at.data, form.board_on.data),
            version=form.version.data or 0,
            actor_id=visits.current().person_id,
        )
    except ChangedElsewhere as error:
        return _page(
            handle, assignment, SetUpForm(obj=assignment), sentence=error.sentence, status=409
        )
    return redirect(url_for("coursework.set_up", handle=handle, done="dates-saved"), 303)
