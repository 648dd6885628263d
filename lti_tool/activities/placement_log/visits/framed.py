"""The frame of a participant's pages of visits: the parts of the log, who can see it."""

from typing import Any

from flask import render_template, url_for

from lti_tool.activities.placement_log.pages import TRUST, list_parts
from lti_tool.activities.placement_log.visits.bench import Bench
from lti_tool.people import visits
from lti_tool.web.trust import show_trust_line


def framed(template: str, bench: Bench, **values: Any) -> str:
    """A page of the person's own visits.

    :param template: below `placement_log/visits/`.
    """
    handle = visits.current().handle
    show_trust_line(TRUST)
    return render_template(
        f"placement_log/visits/{template}",
        log=bench,
        handle=handle,
        parts=list_parts(handle),
        receipt_url=url_for("placement_log.receipt", handle=handle),
        **values,
    )
