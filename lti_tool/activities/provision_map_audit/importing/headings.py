"""Looking one heading up: exact, with a role in it, or near. Called by `columns.py`.

Look-ups are remembered during one import and forgotten after it, because cells that turn out to be
no headings pass through here too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from lti_tool.activities.provision_map_audit.words import PLURALS, Words, heading_tokens

PUPIL = "pupil"

DECLARED_COSTS = (
    "staff_cost",
    "total_cost",
    "cost_per_week",
    "cost_per_session",
    "cost_per_term",
    "cost_per_half_term",
    "cost_per_month",
    "cost_per_pupil",
)
"""Columns in which a sheet says what a provision costs, the most telling first."""


def forget() -> None:
    """Forget every text that was looked up."""
    look_up.cache_clear()
    is_known_heading.cache_clear()


@lru_cache(maxsize=4096)
def look_up(heading: str, words: Words) -> tuple[str | None, bool, str]:
    """Field, whether it is sure, and why."""
    tokens = heading_tokens(heading[:200])
    if not 0 < len(tokens) <= 14:
        return None, False, "We do not know this heading."
    for variant in _variants(tokens):
        key = " ".join(variant)
        if key in words.pupil_headings:
            return (
                PUPIL,
                True,
                f"This heading means the {words.pupil_headings[key]}s of single pupils.",
            )
        if key in words.headings:
            return words.headings[key], True, "The heading is one that schools use for this."
        if key in words.ambiguous:
            return words.ambiguous[key][0], False, "This heading can mean more than one thing."
    return _yearly(tokens, words) or _with_role(tokens, words) or _near(tokens, words)


_A_YEAR = re.compile(r" (?:pound )?(?:p a|pa|per annum|per year|annually)(?: pound)?$")


def _yearly(tokens: tuple[str, ...], words: Words) -> tuple[str | None, bool, str] | None:
    """'Materials £ p/a': what a school buys, with the year it is bought for."""
    whole = " ".join(tokens)
    rest = _A_YEAR.sub("", whole)
    if rest != whole and words.headings.get(rest) == "other_cost":
        return "other_cost", True, "The heading names what is bought, for a year."
    return None


_BY_ROLE = frozenset({"hourly_rate", "time_per_week", "staff_cost"})


def _with_role(tokens: tuple[str, ...], words: Words) -> tuple[str | None, bool, str] | None:
    """'Teacher hourly rate' and 'HLTA hours per week': a known heading with a role before it."""
    rest = " ".join(token for token in tokens if token not in words.roles or len(token) < 2)
    field = words.headings.get(rest)
    if rest == "number":
        return "staff_count", True, "The heading names a role and a number."
    if field in _BY_ROLE and rest != " ".join(tokens):
        return field, True, "The heading names a role and what schools call this."
    return None


@lru_cache(maxsize=4096)
def is_known_heading(heading: str, words: Words) -> bool:
    """Whether a text is a heading of the dictionary, without looking for near ones."""
    keys = [" ".join(form) for form in _variants(heading_tokens(heading[:200]))]
    known = (words.headings, words.pupil_headings, words.ambiguous)
    return any(key in words_of for key in keys for words_of in known)


def _variants(tokens: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The tokens as they stand, without '£', and without words that only decorate."""
    decoration = {
        "pound",
        "per",
        "please",
        "state",
        "approx",
        "average",
        "e",
        "g",
        "eg",
        "required",
        "in",
        "for",
        "is",
        "your",
        "our",
        "current",
        "planned",
        "and",
        "s",
        "intervention",
        "provision",
        "estimated",
        "actual",
        "cop",
    }
    plain = tuple(token for token in tokens if token != "pound")
    bare = tuple(token for token in plain if token not in decoration)
    without_per = tuple(token for token in plain if token != "per")
    forms = [tokens, plain, without_per, bare]
    forms += [tuple(PLURALS.get(token, token) for token in form) for form in forms]
    return [form for form in dict.fromkeys(forms) if form]


@dataclass(frozen=True, slots=True)
class _Known:
    """One heading of the dictionary, ready to be compared."""

    text: str
    field: str
    tokens: frozenset[str]
    letters: int


def _letters(text: str) -> int:
    """The different letters of a text as bits."""
    bits = 0
    for letter in set(text):
        bits |= 1 << (ord(letter) % 64)
    return bits


@lru_cache(maxsize=4)
def _dictionary(words: Words) -> tuple[_Known, ...]:
    pairs = [*words.headings.items(), *((key, PUPIL) for key in words.pupil_headings)]
    return tuple(
        _Known(text, field, frozenset(text.split()), _letters(text)) for text, field in pairs
    )


def _likeness(text: str, letters: int, known: _Known) -> float:
    """Likeness of spelling from 0 to 1; 0 for what is plainly another word."""
    mine, theirs = len(text), len(known.text)
    if abs(mine - theirs) > 4 or theirs < 5:
        return 0.0
    # Letters that only one of them has bound the likeness, before anything costly is done.
    apart = (letters & ~known.letters).bit_count() + (known.letters & ~letters).bit_count()
    if mine + theirs - apart < 0.85 * (mine + theirs):
        return 0.0
    matcher = SequenceMatcher(None, text, known.text)
    return matcher.ratio() if matcher.quick_ratio() >= 0.85 else 0.0


def _near(tokens: tuple[str, ...], words: Words) -> tuple[str | None, bool, str]:
    """The nearest known heading by shared words or by spelling; never sure."""
    mine = set(tokens)
    if "name" in mine and mine & {"pupil", "first", "last", "sur"}:
        return PUPIL, True, "This heading means the name of single pupils."
    joined = " ".join(tokens)
    letters = _letters(joined)
    best, best_score = None, 0.0
    for known in _dictionary(words):
        both = len(mine & known.tokens)
        shared = both / (len(mine) + len(known.tokens) - both)
        spelling = _likeness(joined, letters, known)
        score = max(shared if both > 1 or len(mine) <= 2 else 0, spelling - 0.3)
        if score > best_score and (known.field != PUPIL or spelling >= 0.88 or shared >= 0.66):
            best, best_score = known.field, score
    if best is None or best_score < 0.58:
        return None, False, "We do not know this heading."
    return best, False, "The heading is close to one we know. Please check."
