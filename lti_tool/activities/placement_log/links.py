"""Ways to pages of the log's other parts, found by the names that the parts agreed on.

A page that is not there yet gives no link, so that each part can come and go by itself.
"""

from flask import current_app, url_for

VISITS, MEETINGS, ELIGIBILITY = (
    "placement_log.visits",
    "placement_log.meetings",
    "programme.eligibility",
)


def find_url(endpoint: str, handle: str) -> str:
    """The address of a page by its endpoint; empty where there is no such page."""
    if endpoint not in current_app.view_functions:
        return ""
    return url_for(endpoint, handle=handle)
