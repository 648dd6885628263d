"""Marks as numbers: pure rules, no database.

Marks are Decimal, out of 100. The overall mark is the sum of mark times weight over 100,
rounded half up to the rule's step, once and at the end.
"""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from lti_tool.marking.rubrics import Rubric

ZERO, HUNDRED = Decimal(0), Decimal(100)


def rounded(mark: Decimal, step: Decimal) -> Decimal:
    """`mark` rounded half up to a multiple of `step`."""
    return (mark / step).quantize(Decimal(1), ROUND_HALF_UP) * step


def overall_mark(
    rubric: Rubric, marks: Mapping[str, Decimal | None], step: Decimal
) -> Decimal | None:
    """The weighted mark out of 100, or None while a criterion is unmarked.

    :param marks: by criterion id, each 0 to 100.
    :param step: what the result is rounded to, such as 1 or 0.5.
    """
    total = ZERO
    for criterion in rubric.criteria:
        mark = marks.get(criterion.id)
        if mark is None:
            return None
        total += mark * criterion.weight / HUNDRED
    return rounded(total, step)
