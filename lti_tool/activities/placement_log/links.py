"""Ways to pages of the log's other parts, by the names that the parts agreed on."""

from flask import url_for

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


_SOMEBODY = 7_000_000_000_007
"""A membership's number that stands in for any, while an address is made."""


def place_of(endpoint: str, handle: str) -> tuple[str, str]:
    """The address of tutors' pages about one participant, as what stands before and after the
    membership's number: made once for a cohort, since making 500 takes time."""
    whole = url_for(endpoint, handle=handle, membership_id=_SOMEBODY)
    before, _, after = whole.partition(str(_SOMEBODY))
    return before, after
