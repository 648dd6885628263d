"""Keeping pupils out of short texts: names, initials, codes, numbers and dates of birth are found.

The tool holds nothing about one named or coded child. Findings carry a sentence and a key, never
the text itself: a person says "not a child" by handing the key back in `cleared`. Named
interventions ("Hamish & Milo") are known from a list, so that the guard does not cry wolf. Long
writing is looked through in `prose.py`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from lti_tool.privacy.person_shapes import (
    CODE,
    EMAIL,
    TITLE,
    UPN,
    has_person,
    is_initials,
    is_person_shaped,
    list_parts,
)
from lti_tool.privacy.words import GuardWords, fold


@dataclass(frozen=True)
class Suspicion:
    """Something that looks like a child. `clear_key` goes into `cleared` where `can_clear`."""

    kind: str
    sentence: str
    clear_key: str
    can_clear: bool


def clear_key(text: str) -> str:
    """The key of a text: a short digest, so that remembering "not a child" keeps no name."""
    return hashlib.sha256(fold(text).encode()).hexdigest()[:16]


def is_clear_key(word: str) -> bool:
    """Whether a word that was posted or kept is such a key, not a text."""
    return bool(re.fullmatch(r"[0-9a-f]{16}", word, re.ASCII))


def is_cleared(text: str, cleared: frozenset[str]) -> bool:
    """Whether a person has said that this text is not a child (by key or by the text itself)."""
    if not cleared:
        return False
    return clear_key(text) in cleared or text in cleared or fold(text) in cleared


@lru_cache(maxsize=8)
def _interventions(names: tuple[str, ...]) -> re.Pattern[str]:
    patterns = []
    for name in names:
        words = [
            r"(?:and|&|\+|n)" if word == "and" else re.escape(word).replace("'", "['’]?")
            for word in name.split()
        ]
        patterns.append(r"[\W_]+".join(words))
    return re.compile(r"\b(?:" + "|".join(patterns) + r")(?:['’]s)?\b", re.IGNORECASE)


def without_interventions(
    text: str, words: GuardWords, instead: str | Callable[[re.Match[str]], str] = " | "
) -> str:
    """The text with the named interventions taken out, or with `instead` in their place."""
    return _interventions(words.interventions).sub(instead, text)


def suspect_text(
    text: str, words: GuardWords, cleared: frozenset[str], about_pupils: bool = False
) -> Suspicion | None:
    """Look at one cell of words. `about_pupils`: the column says who takes part.

    UPNs, dates of birth and e-mail addresses cannot be cleared.
    """
    hard = _hard(text)
    if hard:
        return found_in_text(hard, text, can_clear=False)
    if is_cleared(text, cleared):
        return None
    rest = without_interventions(text, words)
    if CODE.search(rest):
        return found_in_text("a code for one pupil", text)
    if has_person(rest, words):
        return found_in_text("a person's name", text)
    if about_pupils and any(
        is_initials(part, words) or is_person_shaped(part, words) for part in list_parts(rest)
    ):
        return found_in_text("names or initials of pupils", text)
    return None


def _hard(text: str) -> str | None:
    if UPN.search(text):
        return "a unique pupil number"
    if EMAIL.search(text):
        return "an e-mail address"
    if re.search(r"\b(?:d\.?o\.?b\.?|born|date of birth)\b\W*\d", text, re.IGNORECASE):
        return "a date of birth"
    return None


def found_in_text(kind: str, text: str, can_clear: bool = True) -> Suspicion:
    """The finding for one cell or field."""
    sentence = f"This cell looks as if it holds {kind}, so its text is left out."
    if can_clear:
        sentence += " If it is not a child, tick the box here and press “Read again”."
    return Suspicion(kind, sentence, clear_key(text), can_clear)


def tells_number(text: str) -> bool:
    """A UPN, a date of birth or an e-mail address in a text: what cannot be cleared."""
    return _hard(text) is not None


def tells_birth_or_number(text: str) -> bool:
    """A UPN or a date of birth in a text."""
    return _hard(text) not in (None, "an e-mail address")


def names_a_person(title: str, words: GuardWords, cleared: frozenset[str]) -> bool:
    """Whether a sheet's name names anybody, child or adult."""
    if is_cleared(title, cleared):
        return False
    rest = without_interventions(title, words)
    short = re.fullmatch(r"\s*([A-Za-z]+) [A-Z]\.?\s*", title)
    if short and short[1].casefold() in words.first_names | words.weak_names:
        return True
    return bool(CODE.search(rest)) or has_person(rest, words) or has_person(rest.title(), words)


def names_one_child(title: str, words: GuardWords, cleared: frozenset[str]) -> bool:
    """Whether a sheet's name or a label's value is one child: 'Ben Carter', 'Jack P', 'Pupil 3'."""
    if not names_a_person(title, words, cleared) or TITLE.search(title.title()):
        return False
    rest = re.sub(r"\b(?i:y(?:ea)?r?|nc)\s*\d{1,2}\b|[()\d/_-]", " ", title)
    if CODE.search(title):
        return True
    return not any(word.casefold() in words.school_words for word in rest.split())
