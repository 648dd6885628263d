"""What the base layout shows on the staff's pages: who is here, where they can go, the way out."""

from typing import Any

from flask import request, url_for

from lti_tool.core import clock
from lti_tool.settings import Settings
from lti_tool.staff import sessions
from lti_tool.staff.members import ADMINISTRATOR
from lti_tool.staff.sessions import CurrentStaff

_PLACES = (
    ("Overview", "staff.overview"),
    ("Connections", "staff_registrations.index"),
    ("People", "staff_people.index"),
    ("Deliveries", "staff_deliveries.index"),
    ("Keys", "staff_keys.index"),
)


def staff_face(settings: Settings, staff: CurrentStaff) -> dict[str, Any]:
    """The variables of the layout, from who is signed in."""
    return {
        "context_title": "Staff pages of this tool",
        "assignment_title": staff.email,
        "role_label": staff.role.capitalize(),
        "may_change": staff.role == ADMINISTRATOR,
        "csrf_token": sessions.form_token(settings, staff),
        "nav": [_entry(label, endpoint) for label, endpoint in _PLACES],
        "sign_out_url": url_for("staff_sign_in.sign_out"),
        "visit_ends_at": staff.ends_at.isoformat(),
        "visit_ends_label": clock.time_of_day(staff.ends_at),
        "stay_url": url_for("staff_sign_in.stay"),
    }


def _entry(label: str, endpoint: str) -> dict[str, Any]:
    url = url_for(endpoint)
    below = "true" if request.blueprint == endpoint.split(".")[0] else None
    return {"label": label, "url": url, "current": "page" if request.path == url else below}
