"""Step 9 of a grade: tutors see where a mark stands, in words, and may send it again."""

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.db import session
from lti_tool.gradebook import operations, queries
from lti_tool.people import visits
from lti_tool.people.access import contexts_of
from lti_tool.web import notices
from lti_tool.web.policy import who_may

blueprint = Blueprint(
    "gradebook", __name__, template_folder="templates", url_prefix="/v/<handle>/gradebook"
)
notices.register(
    sent_again=("info", "The mark is on its way to the gradebook again."),
)


@blueprint.get("/<int:delivery_id>")
@who_may("tutor")
def standing(handle: str, delivery_id: int) -> ResponseReturnValue:
    """Where one mark stands, as a piece of a page that a script shows in place."""
    found = queries.get_standing(session(), delivery_id, contexts_of(visits.current()))
    response = make_response(
        render_template("gradebook/fragment.html", handle=handle, standing=found)
    )
    response.headers["X-Standing"] = found.state
    return response


@blueprint.post("/<int:delivery_id>/send-again")
@who_may("tutor")
def send_again(handle: str, delivery_id: int) -> ResponseReturnValue:
    """Send a mark again with a later time."""
    visit = visits.current()
    operations.send_again(
        session(), delivery_id, context_ids=contexts_of(visit), actor_id=visit.person_id
    )
    target = visits.page_of(handle, request.form.get("next", ""))
    return redirect(target or url_for("marking.queue", handle=handle, done="sent-again"), 303)
