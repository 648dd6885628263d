"""The words of moderation on screen."""

from collections.abc import Mapping
from decimal import Decimal

from lti_tool.core.numerals import plain
from lti_tool.coursework.rules import (
    ALL_BORDERLINE,
    ALL_FAILS,
    ONE_PER_BAND,
    PERCENT,
    SQUARE_ROOT,
)
from lti_tool.marking.moderation.queries import ABANDONED, CONFIRMED, REMARK, SCALED
from lti_tool.marking.moderation.rounds import AGREES, HIGHER, LOWER
from lti_tool.marking.moderation.sampling import SHORT, DrawingRule, count_by_lot, is_borderline

WHY = {
    SHORT[SQUARE_ROOT]: "by lot (square root)",
    SHORT[PERCENT]: "by lot (share)",
    SHORT[ALL_FAILS]: "below the pass mark",
    SHORT[ALL_BORDERLINE]: "borderline",
    SHORT[ONE_PER_BAND]: "one of its band",
}
VIEWS = {
    AGREES: "I agree with the first mark",
    HIGHER: "I would give more",
    LOWER: "I would give less",
}
SHORT_VIEWS = {
    AGREES: ("Agrees", "success"),
    HIGHER: ("Would give more", "warning"),
    LOWER: ("Would give less", "warning"),
    None: ("To look at", "waiting"),
}
DECISIONS = {
    CONFIRMED: ("Confirmed", "success"),
    REMARK: ("All to be marked again", "warning"),
    SCALED: ("All marks scaled", "info"),
    ABANDONED: ("Abandoned", "neutral"),
    None: ("Open", "waiting"),
}


def why_in_words(why: tuple[str, ...]) -> str:
    """Why a piece is in the sample, for people."""
    return "; ".join(WHY.get(one, one) for one in why)


def rule_in_words(rule: DrawingRule) -> list[str]:
    """What a rule asks for, one line for each of its parts."""
    least = f", at least {rule.at_least}" if rule.at_least else ""
    lines = {
        SQUARE_ROOT: f"The square root of the number of pieces, by lot{least}.",
        PERCENT: f"{plain(rule.percent)}% of the pieces, by lot{least}.",
        ALL_FAILS: f"Every mark below {plain(rule.pass_mark)}.",
        ALL_BORDERLINE: f"Every mark within {plain(rule.borderline)} of the pass mark or of the "
        "lower edge of a band.",
        ONE_PER_BAND: "One piece of each band, by lot.",
    }
    return [lines[name] for name in rule.rules]


def preview(rule: DrawingRule, marks: Mapping[int, Decimal]) -> list[tuple[str, str]]:
    """What a draw from these marks will take: each part of the rule, and how many."""
    held = list(marks.values())
    counts = {
        SQUARE_ROOT: f"{count_by_lot(SQUARE_ROOT, rule, len(held))}, drawn by lot",
        PERCENT: f"{count_by_lot(PERCENT, rule, len(held))}, drawn by lot",
        ALL_FAILS: str(sum(1 for mark in held if mark < rule.pass_mark)),
        ALL_BORDERLINE: str(sum(1 for mark in held if is_borderline(mark, rule))),
        ONE_PER_BAND: f"{_bands_held(rule, held)}, drawn by lot",
    }
    words = dict(zip(rule.rules, rule_in_words(rule), strict=True))
    return [(words[name], counts[name]) for name in rule.rules]


def _bands_held(rule: DrawingRule, held: list[Decimal]) -> int:
    return sum(any(low <= mark <= high for mark in held) for _, low, high in rule.bands)
