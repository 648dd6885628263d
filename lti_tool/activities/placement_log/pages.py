"""The blueprint of the placement log, and what its pages share.

Each module of pages adds its own routes to it by `add_to`, as `activity.py` lists them.
"""

from flask import Blueprint, render_template, url_for

from lti_tool.activities.placement_log import said
from lti_tool.activities.placement_log.links import ELIGIBILITY, MEETINGS, VISITS
from lti_tool.people import visits
from lti_tool.web.trust import show_trust_line

blueprint = Blueprint(
    "placement_log",
    __name__,
    template_folder="templates",
    url_prefix="/v/<handle>/placement",
)
TRUST = (
    "Who can see this: you, your tutor, moderators. "
    "The host school and your mentor see only what says so."
)
"""The line that every page of a participant shows."""
_PARTS = (
    ("overview", "Your log", "placement_log.overview"),
    ("visits", "Visits", VISITS),
    ("meetings", "Meetings", MEETINGS),
    ("sessions", "Sessions", "placement_log.own_sessions"),
    ("eligibility", "Before you visit", ELIGIBILITY),
    ("hand-in", "Hand in", "placement_log.hand_in_page"),
)


def list_parts(handle: str) -> list[dict[str, str]]:
    """The parts of a log, each with its address, for the top of every page."""
    return [
        {"key": key, "label": label, "url": url_for(endpoint, handle=handle)}
        for key, label, endpoint in _PARTS
    ]


def page(template: str, log: object, **values: object) -> str:
    """A page of the participant's own log: who can see it, and the parts, on every one.

    :param log: a `Log`; not typed as one, since what a log is read from uses pages too.
    """
    handle = visits.current().handle
    show_trust_line(TRUST)
    return render_template(
        f"placement_log/{template}",
        log=log,
        handle=handle,
        parts=list_parts(handle),
        said=said,
        receipt_url=url_for("placement_log.receipt", handle=handle),
        **values,
    )
