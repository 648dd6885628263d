"""What a change of a visit brings with it: approved anew, confirmed anew, or nothing. Pure.

A tutor approves a day, a school and a length; a host confirms those and all else they were shown.
Whatever is changed of it afterwards is asked about before it is saved.
"""

from collections.abc import Mapping
from typing import Any

from lti_tool.activities.placement_log import states
from lti_tool.activities.placement_log.visits.queries import StepRead, VisitRead, columns_of

SETTLED = ("visit_on", "school_id", "half_days")
"""What a tutor approves."""
SHOWN = (*SETTLED, "arrives_at", "leaves_at")
SHOWN_TEXTS = ("focus", "outcome_set", "outcomes", "shared")
"""What a host sees beside it, in the document."""
REMOVABLE = frozenset({states.PLANNED, states.APPROVED})


def stands_as(visit: VisitRead, latest: StepRead | None) -> str:
    """The state that the rules look at: for a returned visit the one it was returned from."""
    if visit.state == states.RETURNED and latest is not None:
        return latest.was
    return visit.state


def changes_settled(visit: VisitRead, values: Mapping[str, Any]) -> bool:
    """Whether day, school or length differ."""
    now = columns_of(visit)
    return any(now[name] != values.get(name, now[name]) for name in SETTLED)


def changes_shown(visit: VisitRead, values: Mapping[str, Any]) -> bool:
    """Whether anything that a host sees differs."""
    now = columns_of(visit)
    document = values.get("document", visit.document)
    return any(now[name] != values.get(name, now[name]) for name in SHOWN) or any(
        visit.document[name] != document[name] for name in SHOWN_TEXTS
    )


def goes_back_to(visit: VisitRead, stands: str, values: Mapping[str, Any]) -> str | None:
    """The state that saving these values takes a visit back to, or None where it stays."""
    if stands == states.APPROVED and changes_settled(visit, values):
        return states.PLANNED
    if stands == states.CONFIRMED and changes_shown(visit, values):
        return states.DONE
    return None


ASKED_BEFORE: dict[str, str] = {
    states.PLANNED: (
        "Your tutor has approved this visit as it is. If you change its day, school or length, "
        "it is planned again, and your tutor has to approve it anew."
    ),
    states.DONE: (
        "The host school has confirmed this visit as they saw it. If you change what they saw, it "
        "is no longer confirmed, and you have to ask them again."
    ),
}
"""What is said before a change is saved, by the state it leads back to."""
CHANGED = {
    states.PLANNED: "Day, school or length were changed.",
    states.DONE: "What the host saw was changed.",
}
"""What stands with the step."""
