"""Ways to pages of the log's other parts, found by the names that the parts agreed on.

A page that is not there yet gives no link, so that each part can come and go by itself.
"""

from flask import current_app, url_for

VISITS, MEETINGS, ELIGIBILITY = (
    "placement_log.visits",
    "placement_log.meetings",
    "eligibility.mine",
)
COHORT_FACTS, FACTS_OF, MENTORING_OF, DECIDE = (
    "cohort_facts.overview",
    "cohort_facts.person",
    "placement_log.mentoring_of",
    "placement_log.to_decide",
)
"""Pages of tutors: who may visit, one participant's facts and mentor, visits to approve."""


def find_url(endpoint: str, handle: str, membership_id: int | None = None) -> str:
    """The address of a page by its endpoint; empty where there is no such page.

    :param membership_id: whose page it is, for those of tutors about one participant.
    """
    if endpoint not in current_app.view_functions:
        return ""
    if membership_id is None:
        return url_for(endpoint, handle=handle)
    return url_for(endpoint, handle=handle, membership_id=membership_id)
