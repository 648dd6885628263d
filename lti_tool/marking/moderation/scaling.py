"""Scaling the marks of a whole cohort: the one way in which moderation moves marks. Pure, but
for finding the scaling in force.

A scaling is {"kind": "shift", "amount": "3"} (marks added or taken) or {"kind": "factor",
"amount": "1.05"} (every mark times this). The result is kept within 0 and 100 and rounded by the
rule. It never changes the order of two marks.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from lti_tool.coursework.rules import Rules
from lti_tool.marking.marks import HUNDRED, ZERO, rounded
from lti_tool.marking.moderation.queries import REMARK, SCALED, list_rounds

SHIFT, FACTOR = "shift", "factor"
LARGEST_SHIFT = Decimal(30)
FACTORS = Decimal("0.5"), Decimal("1.5")


def scaled(raw: Decimal, scaling: Mapping[str, Any], rules: Rules) -> Decimal:
    """A mark after a scaling.

    :param raw: the mark out of 100 before it.
    :param scaling: as kept on the round: kind and amount.
    """
    amount = Decimal(scaling["amount"])
    moved = raw + amount if scaling["kind"] == SHIFT else raw * amount
    within = min(max(moved, ZERO), HUNDRED)
    return min(rounded(within, rules.round_to), HUNDRED)


def find_scaling(session: Session, assignment_id: int) -> dict[str, Any] | None:
    """The scaling in force on an assignment, or None. It holds for the whole cohort, work marked
    later included, until a later round sets another or has all marks given again."""
    decided = [
        one for one in list_rounds(session, assignment_id) if one.decision in (SCALED, REMARK)
    ]
    if not decided or decided[-1].decision == REMARK:
        return None
    return decided[-1].scaling


def in_words(scaling: Mapping[str, Any]) -> str:
    """A scaling as people say it."""
    amount = Decimal(scaling["amount"])
    if scaling["kind"] == FACTOR:
        return f"every mark times {amount}"
    one = "mark" if abs(amount) == 1 else "marks"
    return f"{abs(amount)} {one} {'added to' if amount >= 0 else 'taken from'} every mark"


@dataclass(frozen=True, slots=True)
class Scaled:
    """One mark before and after a scaling."""

    code: str
    before: Decimal
    after: Decimal


def list_scaled(
    marks: Mapping[int, Decimal],
    scaling: Mapping[str, Any],
    rules: Rules,
    codes: Mapping[int, str],
) -> list[Scaled]:
    """Every mark before and after a scaling, the lowest first.

    :param codes: candidate codes by submission.
    """
    lines = [
        Scaled(codes.get(number, "taken back"), mark, scaled(mark, scaling, rules))
        for number, mark in marks.items()
    ]
    return sorted(lines, key=lambda line: (line.before, line.code))
