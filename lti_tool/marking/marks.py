"""Marks as numbers: pure rules, no database.

Marks are Decimal, out of 100. The overall mark is the sum of mark times weight over 100,
rounded half up to the rule's step, once and at the end.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path

import yaml

from lti_tool.core.errors import Unusable
from lti_tool.marking.rubrics import Rubric

ZERO, HUNDRED = Decimal(0), Decimal(100)


@dataclass(frozen=True, slots=True)
class MarkingRules:
    """How marks are rounded and where passing begins."""

    pass_mark: Decimal
    round_to: Decimal


@cache
def load_rules(config_dir: Path, key: str) -> MarkingRules:
    """Rules by key from `config/rules/marking.yaml`.

    :raises Unusable: the file or the key is missing, or a value is no number.
    """
    try:
        document = yaml.safe_load((config_dir / "rules" / "marking.yaml").read_text("utf-8"))
        rules = document[key]
        found = MarkingRules(Decimal(str(rules["pass_mark"])), Decimal(str(rules["round_to"])))
    except (OSError, yaml.YAMLError, KeyError, TypeError, ArithmeticError):
        raise Unusable(
            f"config/rules/marking.yaml has no usable rules named “{key}”: it needs pass_mark "
            "and round_to."
        ) from None
    if not found.round_to > 0 or not ZERO <= found.pass_mark <= HUNDRED:
        raise Unusable(f"config/rules/marking.yaml, “{key}”: these numbers cannot be right.")
    return found


def rounded(mark: Decimal, step: Decimal) -> Decimal:
    """`mark` rounded half up to a multiple of `step`."""
    return (mark / step).quantize(Decimal(1), ROUND_HALF_UP) * step


def overall_mark(
    rubric: Rubric, marks: Mapping[str, Decimal | None], rules: MarkingRules
) -> Decimal | None:
    """The weighted mark out of 100, or None while a criterion is unmarked.

    :param marks: by criterion id, each 0 to 100.
    """
    total = ZERO
    for criterion in rubric.criteria:
        mark = marks.get(criterion.id)
        if mark is None:
            return None
        total += mark * criterion.weight / HUNDRED
    return rounded(total, rules.round_to)
