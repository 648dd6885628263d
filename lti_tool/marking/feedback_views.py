"""A participant's released work with the remarks on it, in place and as a list."""

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from lti_tool.catalogue.register import get_activity
from lti_tool.coursework.queries import get_assignment, get_copy
from lti_tool.db import session
from lti_tool.marking.remarks import list_remarks
from lti_tool.marking.remarks_shown import in_order, render_with
from lti_tool.marking.results import get_released_copy
from lti_tool.people import visits
from lti_tool.people.access import contexts_of
from lti_tool.web.policy import who_may
from lti_tool.web.trust import show_trust_line

blueprint = Blueprint(
    "feedback", __name__, template_folder="templates", url_prefix="/v/<handle>/feedback"
)


@blueprint.get("/<int:attempt>")
@who_may("participant")
def own(handle: str, attempt: int) -> ResponseReturnValue:
    """One's own work as it was marked, with the remarks; nothing before release."""
    visit = visits.current()
    assignment = get_assignment(session(), visit.assignment_id, contexts_of(visit))
    released = get_released_copy(session(), assignment.id, visit.person_id, attempt)
    copy = get_copy(session(), released.copy_id)
    activity = get_activity(assignment.activity)
    shown = list_remarks(session(), released.submission_id)
    show_trust_line()
    return render_template(
        "marking/feedback.html",
        assignment=assignment,
        attempt=attempt,
        copy=copy,
        remarked=in_order(activity.anchors(copy.document), shown),
        rendered=render_with(assignment.activity, copy.document, shown, None),
        back=url_for(activity.landing, handle=handle),
    )
