"""Which work a moderator looks at: drawn by rule from marks, and the same for ever. Pure.

Every piece is given a lot: SHA-256, in hex, of the text "seed:submission number". Where a rule
asks for some pieces by lot, those with the smallest lots are taken. So the same seed, rule and
marks give the same sample on any machine, and anybody can work it out again by hand.

Each rule is answered over all the marks, and the sample is all their answers together:
square_root takes the square root of the count, rounded up; percent that share, rounded up; both
no fewer than `at_least`, as far as there are so many. all_fails takes every mark below the pass
mark; all_borderline every mark no further than `borderline` from the pass mark or from a band's
lower edge; one_per_band one by lot of every band that has any.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from math import isqrt
from typing import Any

from lti_tool.coursework.rules import (
    ALL_BORDERLINE,
    ALL_FAILS,
    ONE_PER_BAND,
    PERCENT,
    SQUARE_ROOT,
    Rules,
)
from lti_tool.marking.rubrics import Rubric

BY_LOT = (SQUARE_ROOT, PERCENT, ONE_PER_BAND)
SHORT = {
    SQUARE_ROOT: "root",
    PERCENT: "percent",
    ALL_FAILS: "fails",
    ALL_BORDERLINE: "borderline",
    ONE_PER_BAND: "bands",
}
"""What is kept beside a piece: which part of the rule drew it."""


@dataclass(frozen=True, slots=True)
class DrawingRule:
    """All that a draw depends on beside the marks and the seed."""

    rules: tuple[str, ...]
    percent: Decimal
    at_least: int
    borderline: Decimal
    pass_mark: Decimal
    bands: tuple[tuple[str, Decimal, Decimal], ...]
    """Id, lowest and highest mark of each band."""

    def as_document(self) -> dict[str, Any]:
        """As it is kept with a round; numbers are decimal text."""
        return {
            "rules": list(self.rules),
            "percent": str(self.percent),
            "at_least": self.at_least,
            "borderline": str(self.borderline),
            "pass_mark": str(self.pass_mark),
            "bands": [[name, str(low), str(high)] for name, low, high in self.bands],
        }


def rule_of(rules: Rules, rubric: Rubric) -> DrawingRule:
    """The rule by which an assignment's sample is drawn."""
    given = rules.moderation
    return DrawingRule(
        rules=given.rules,
        percent=given.percent,
        at_least=given.at_least,
        borderline=given.borderline,
        pass_mark=rules.pass_mark,
        bands=tuple((band.id, band.low, band.high) for band in rubric.bands),
    )


def read_rule(document: Mapping[str, Any]) -> DrawingRule:
    """A rule as kept with a round."""
    return DrawingRule(
        rules=tuple(document["rules"]),
        percent=Decimal(document["percent"]),
        at_least=int(document["at_least"]),
        borderline=Decimal(document["borderline"]),
        pass_mark=Decimal(document["pass_mark"]),
        bands=tuple((str(n), Decimal(low), Decimal(high)) for n, low, high in document["bands"]),
    )


def lot(seed: str, submission_id: int) -> str:
    """The lot of a piece; the smallest are drawn first."""
    return hashlib.sha256(f"{seed}:{submission_id}".encode()).hexdigest()


def _by_lot(marks: Mapping[int, Decimal], seed: str) -> list[int]:
    return sorted(marks, key=lambda number: (lot(seed, number), number))


def count_by_lot(name: str, rule: DrawingRule, count: int) -> int:
    """How many of `count` pieces square_root or percent takes."""
    if count == 0:
        return 0
    if name == SQUARE_ROOT:
        wanted = isqrt(count - 1) + 1
    else:
        share = rule.percent * count / 100
        wanted = int(share.to_integral_value(ROUND_CEILING))
    return min(max(wanted, rule.at_least), count)


def is_borderline(mark: Decimal, rule: DrawingRule) -> bool:
    """Whether a mark lies at the pass mark or at a band's lower edge, or near enough."""
    edges = {rule.pass_mark, *(low for _, low, _ in rule.bands if low > 0)}
    return any(abs(mark - edge) <= rule.borderline for edge in edges)


def _one_per_band(marks: Mapping[int, Decimal], rule: DrawingRule, seed: str) -> set[int]:
    taken = set()
    order = _by_lot(marks, seed)
    for _, low, high in rule.bands:
        taken.update([number for number in order if low <= marks[number] <= high][:1])
    return taken


def _answer(name: str, marks: Mapping[int, Decimal], rule: DrawingRule, seed: str) -> set[int]:
    """What one rule takes."""
    if name == ALL_FAILS:
        return {number for number, mark in marks.items() if mark < rule.pass_mark}
    if name == ALL_BORDERLINE:
        return {number for number, mark in marks.items() if is_borderline(mark, rule)}
    if name == ONE_PER_BAND:
        return _one_per_band(marks, rule, seed)
    return set(_by_lot(marks, seed)[: count_by_lot(name, rule, len(marks))])


def draw(marks: Mapping[int, Decimal], rule: DrawingRule, seed: str) -> dict[int, tuple[str, ...]]:
    """The sample: why each piece is in it, by submission, in the order of their numbers.

    :param marks: every mark drawn from, by submission.
    """
    reasons: dict[int, tuple[str, ...]] = {}
    for name in sorted(set(rule.rules)):
        for number in _answer(name, marks, rule, seed):
            reasons[number] = (*reasons.get(number, ()), name)
    return dict(sorted(reasons.items()))
