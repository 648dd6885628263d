"""Marks as numbers: pure rules, no database.

Marks are Decimal. The overall mark is out of 100: the sum of mark times weight over 100, or of
points over all points, rounded half up to the rule's step, once and at the end. Where work is
passed or complete without a number, 100 stands for yes and 0 for not yet.
"""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from lti_tool.core.numerals import plain
from lti_tool.coursework.rules import COMPLETE, MARKS, PASS_FAIL, Rules
from lti_tool.marking.rubrics import POINTS, Rubric

ZERO, HUNDRED = Decimal(0), Decimal(100)
YES, NOT_YET = "yes", "not_yet"
_WORDS = {
    PASS_FAIL: {YES: "Pass", NOT_YET: "Not yet"},
    COMPLETE: {YES: "Complete", NOT_YET: "Not yet"},
}


def rounded(mark: Decimal, step: Decimal) -> Decimal:
    """`mark` rounded half up to a multiple of `step`."""
    return (mark / step).quantize(Decimal(1), ROUND_HALF_UP) * step


def is_on_step(mark: Decimal, step: Decimal) -> bool:
    """Whether a mark is a multiple of the rule's step: whole marks, half marks."""
    return mark % step == 0


def overall_mark(
    rubric: Rubric, marks: Mapping[str, Decimal | None], step: Decimal
) -> Decimal | None:
    """The mark out of 100 that the criteria give, or None while one is unmarked.

    :param marks: by criterion id, each 0 to 100, or up to its points.
    :param step: what the result is rounded to, such as 1 or 0.5.
    """
    total = ZERO
    for criterion in rubric.criteria:
        mark = marks.get(criterion.id)
        if mark is None:
            return None
        total += mark if rubric.scale == POINTS else mark * criterion.weight / HUNDRED
    if rubric.scale == POINTS:
        total = total * HUNDRED / sum(one.most for one in rubric.criteria)
    return rounded(total, step)


def choices_of(mode: str) -> dict[str, str]:
    """The answers of a mode without numbers: Pass or Not yet, Complete or Not yet."""
    return _WORDS[mode]


def mark_of_choice(choice: str | None) -> Decimal | None:
    """How an answer without a number is kept: 100 or 0."""
    return {YES: HUNDRED, NOT_YET: ZERO}.get(choice or "")


def choice_of_mark(mark: Decimal | None) -> str | None:
    """The answer that a judgement's mark stands for."""
    if mark is None:
        return None
    return YES if mark > 0 else NOT_YET


def mark_in_words(rules: Rules, mark: Decimal) -> str:
    """A mark as people read it: “62 out of 100”, or where no number is given “Pass”."""
    if rules.mode == MARKS:
        return f"{plain(mark)} out of 100"
    return _WORDS[rules.mode][YES if mark >= rules.pass_mark else NOT_YET]
