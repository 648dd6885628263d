"""The states of a checklist, and who may move it from which to which. Pure.

The reviewers belong to another body. They come by a link and say what they think; what they
decided is recorded by the programme's leader, with their words.
"""

from dataclasses import dataclass
from datetime import date, timedelta

DRAFT, SUBMITTED, IN_REVIEW = "draft", "submitted", "in_review"
RETURNED, APPROVED = "returned_with_actions", "approved"
CONDITIONS, LAPSED = "approved_with_conditions", "lapsed"
LEADER, REVIEWER, CLOCK = "leader", "reviewer", "clock"

STATES = {
    DRAFT: "Draft",
    SUBMITTED: "Submitted",
    IN_REVIEW: "In review",
    RETURNED: "Returned with actions",
    APPROVED: "Approved",
    CONDITIONS: "Approved with conditions",
    LAPSED: "Lapsed",
}
"""Every state with its words, where the framework has none of its own."""
CHIPS = {
    DRAFT: "neutral",
    SUBMITTED: "info",
    IN_REVIEW: "waiting",
    RETURNED: "warning",
    APPROVED: "success",
    CONDITIONS: "success",
    LAPSED: "danger",
}
EDITABLE = frozenset({DRAFT, RETURNED})
"""In these the team writes; in all others what was submitted stands."""
HOLDING = frozenset({APPROVED, CONDITIONS})
"""In these the mark holds until its last day."""


@dataclass(frozen=True, slots=True)
class Move:
    """A way from one state to another."""

    was: str
    became: str
    by: str
    """leader, reviewer (by opening their link) or clock."""
    label: str = ""
    """What the button says."""
    needs_words: bool = False
    """Whether the reviewers' actions or conditions must be given."""


MOVES = (
    Move(DRAFT, SUBMITTED, LEADER, "Submit the checklist"),
    Move(RETURNED, SUBMITTED, LEADER, "Submit it again"),
    Move(SUBMITTED, DRAFT, LEADER, "Take it back to change it"),
    Move(SUBMITTED, IN_REVIEW, LEADER, "Record that the review has begun"),
    Move(SUBMITTED, IN_REVIEW, REVIEWER),
    Move(IN_REVIEW, RETURNED, LEADER, "Record: returned with actions", needs_words=True),
    Move(IN_REVIEW, APPROVED, LEADER, "Record: approved"),
    Move(IN_REVIEW, CONDITIONS, LEADER, "Record: approved with conditions", needs_words=True),
    Move(CONDITIONS, APPROVED, LEADER, "Record: the conditions are met"),
    Move(APPROVED, LAPSED, CLOCK),
    Move(CONDITIONS, LAPSED, CLOCK),
)


def find_move(was: str, became: str, by: str) -> Move | None:
    """The move from one state to another that somebody may make, or None."""
    return next((one for one in MOVES if (one.was, one.became, one.by) == (was, became, by)), None)


def moves_from(was: str, by: str) -> list[Move]:
    """What somebody may do with a checklist in this state."""
    return [one for one in MOVES if one.was == was and one.by == by]


def last_day(approved_on: date, years: int) -> date:
    """The last day on which an approval holds: the day before it was given, some years on."""
    before = approved_on - timedelta(days=1)
    day = 28 if (before.month, before.day) == (2, 29) else before.day
    return date(before.year + years, before.month, day)


def has_lapsed(valid_until: date | None, today: date) -> bool:
    """Whether the mark's last day is over."""
    return valid_until is not None and valid_until < today
