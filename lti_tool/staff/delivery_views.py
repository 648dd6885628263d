"""Marks on their way to gradebooks, on the staff's pages: which wait or need a person, and why.

Ids and reasons only: neither a mark nor a name is needed to see why one does not arrive.
"""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lti_tool.audit.operations import by_staff
from lti_tool.db import session
from lti_tool.gradebook import operations, queries, states
from lti_tool.lti.registrations import list_registrations
from lti_tool.staff import sessions
from lti_tool.web import notices
from lti_tool.web.policy import who_may

blueprint = Blueprint(
    "staff_deliveries", __name__, template_folder="templates", url_prefix="/staff/deliveries"
)
notices.register(
    staff_sent_again=("success", "On its way again."),
    staff_all_sent_again=("success", "All that needed a person are on their way again."),
)
_MOST = 100


@blueprint.get("/")
@who_may("staff")
def index() -> ResponseReturnValue:
    """What waits and what needs a person, the oldest first."""
    counts = queries.count_by_state(session())
    return render_template(
        "staff/deliveries.html",
        counts=counts,
        needing=queries.list_open(session(), (states.NEEDS_PERSON,), _MOST),
        waiting=queries.list_open(session(), (states.WAITING,), _MOST),
        reasons=states.REASONS,
        names={one["id"]: one["name"] for one in list_registrations(session())},
    )


@blueprint.post("/<int:number>/send-again")
@who_may("staff")
def send_again(number: int) -> ResponseReturnValue:
    """Send one again, with a later time."""
    operations.retry(session(), number, by_staff(sessions.current().member_id))
    return redirect(url_for("staff_deliveries.index", done="staff-sent-again"), 303)


@blueprint.post("/send-all-again")
@who_may("staff")
def send_all_again() -> ResponseReturnValue:
    """Send all that need a person again, as after a repair."""
    operations.retry(session(), None, by_staff(sessions.current().member_id))
    return redirect(url_for("staff_deliveries.index", done="staff-all-sent-again"), 303)
