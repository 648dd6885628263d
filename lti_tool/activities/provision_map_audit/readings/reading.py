"""What a reading is, and the plain kinds: unknown cells, whole numbers, percentages, word lists.

A reading holds the value, the sentence "we read this as …", a note, and a problem where the cell
could not be read. What can be meant in two ways is a problem, never a guess passed off as sure.
Time, money, groups, staff and dates have modules of their own (`reading_*.py`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Generic, TypeVar

from lti_tool.activities.provision_map_audit.words import Words, fold, fold_word_list
from lti_tool.core.numerals import plain

T = TypeVar("T")

_RANGE = re.compile(r"(?<![\d./])(\d+(?:\.\d+)?)\s*(?:-|to|or)\s*(\d+(?:\.\d+)?)(?![\d/])")
_FRACTION = re.compile(r"[½¼¾⅓⅔]|\d\s+[13]/[24]\b")
_NUMERIC = re.compile(r"[\d½¼¾⅓⅔]")
_VULGAR = {"½": ".5", "¼": ".25", "¾": ".75", "⅓": ".333333333333", "⅔": ".666666666667"}
_LONG_NUMBER = re.compile(r"(?<![\d.])\d{10}")
_LONGEST_FIGURE = 300
_ABOUT = re.compile(r"^(?:about|approx(?:imately)?\.?|around|roughly|circa|c\.|~|ca\.?)\s*")


@dataclass(frozen=True)
class Reading(Generic[T]):
    """One cell as we understood it.

    `value` is None when nothing is known. `said` is what a person sees ("30 minutes a session").
    `note` tells of an assumption that stands in the words themselves; `problem` asks for an act.
    """

    value: T | None
    said: str = ""
    note: str | None = None
    problem: str | None = None


def unfraction(text: str) -> str:
    """Turn '1½' and '1 1/2' into '1.5', '½' into '0.5'."""
    if not _FRACTION.search(text):
        return text
    for sign, decimal in _VULGAR.items():
        text = re.sub(rf"(\d)\s*{sign}", rf"\g<1>{decimal}", text)
        text = text.replace(sign, f"0{decimal}")
    text = re.sub(r"(\d)\s+1/2\b", r"\1.5", text)
    text = re.sub(r"(\d)\s+([13])/4\b", lambda m: f"{m[1]}.{int(m[2]) * 25}", text)
    return text


def is_unknown(text: str, words: Words) -> bool:
    """True for TBC, n/a, ?, - and the like."""
    folded = fold(text).strip(" .!()[]*")
    return fold(text) in words.unknown or folded in words.unknown


def is_no_figure(text: str) -> bool:
    """Whether a text, or a number in it, is longer than anything a map counts or costs."""
    return len(text) > _LONGEST_FIGURE or bool(_LONG_NUMBER.search(text))


def not_known(text: str, what: str, example: str) -> str:
    """The sentence for a cell that says itself that it is not known."""
    return f"'{short(text)}' means {what} is not known yet. Type it when you know it, {example}."


def could_not_read(text: str, what: str, example: str) -> str:
    """The sentence for a cell that could not be read."""
    return f"We could not read '{short(text)}' as {what}. Type {example}."


def short(text: str) -> str:
    """A cell's text cut to what a sentence can hold."""
    text = re.sub(r"\s+", " ", text).strip()
    return text if len(text) <= 60 else text[:57] + "..."


def find_range(text: str) -> str | None:
    """The range in a text such as '4-6' or '2 to 3', or None."""
    found = _RANGE.search(text)
    return found.group(0) if found else None


def parse_number(text: str) -> Decimal | None:
    """A number typed as text: '1,234.50', '12,5' (comma as point), '1½'. None when it is none."""
    if len(text) > 80 or is_no_figure(text) or not _NUMERIC.search(text):
        return None
    text = _ABOUT.sub("", fold(unfraction(text))).replace(" ", "")
    if re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", text):
        text = text.replace(",", "")
    elif re.fullmatch(r"-?\d+,\d{1,2}", text):
        text = text.replace(",", ".")
    if not re.fullmatch(r"-?(\d{1,12}(\.\d*)?|\.\d+)", text):
        return None
    try:
        return Decimal(text.rstrip(".") if text.endswith(".") else text)
    except InvalidOperation:
        return None


def read_percent(text: str, words: Words) -> Reading[Decimal]:
    """A share such as '85%', '85' or '0.85', given from 0 to 100."""
    if is_unknown(text, words):
        return Reading(None, problem=not_known(text, "the percentage", "for example 85%"))
    bare = text.strip().removesuffix("%").strip()
    number = parse_number(bare)
    if number is None or number < 0:
        return Reading(None, problem=could_not_read(text, "a percentage", "for example 85%"))
    if "%" not in text and number == 1:
        return Reading(
            None, problem=f"'{text}' may be 1% or 100%. Type it with the sign, for example 100%."
        )
    if "%" not in text and number < 1:
        number *= 100
    return Reading(number, said=f"{plain(number)}%")


def read_area(text: str, words: Words) -> Reading[str]:
    """An area of need by any of the names schools use; two areas at once are a problem."""
    text = re.sub(r"^\s*(?:broad\s+)?area(?: of need)?\s*\d?\s*[:\-–]\s*", "", text, flags=re.I)
    return _from_list(text, words.areas, words.area_labels, "area of need", words)


def read_tier(text: str, words: Words) -> Reading[str]:
    """A tier by any of the names schools use ('Wave 2', 'Targeted', 'W3')."""
    text = re.sub(r"^\s*(?:tier|wave|level)\s*[:\-–]\s*", "", text, flags=re.I)
    return _from_list(text, words.tiers, words.tier_labels, "tier", words)


def _from_list(
    text: str, known: Mapping[str, str], labels: Mapping[str, str], what: str, words: Words
) -> Reading[str]:
    if is_unknown(text, words):
        return Reading(None, problem=not_known(text, f"the {what}", "or choose one from the list"))
    codes = codes_in(text[:_LONGEST_FIGURE], known)
    if len(codes) == 1:
        code = codes[0]
        return Reading(code, said=labels[code])
    choices = ", ".join(labels.values())
    if codes:
        named = " and ".join(labels[code] for code in codes)
        return Reading(None, problem=f"'{short(text)}' names {named}. Choose one of them.")
    return Reading(
        None, problem=f"We do not know '{short(text)}' as the {what}. Choose one of: {choices}."
    )


def codes_in(text: str, known: Mapping[str, str]) -> list[str]:
    """The codes a text names: the whole text first, else its parts, else phrases within."""
    whole = known.get(fold_word_list(text))
    if whole:
        return [whole]
    unbracketed = fold_word_list(re.sub(r"\([^)]{0,200}\)", " ", text))
    if unbracketed in known:
        return [known[unbracketed]]
    parts = [fold_word_list(part) for part in re.split(r"[/,;:|(\n)]| - | – ", text)]
    found = [known[part] for part in parts if part in known]
    return list(dict.fromkeys(found)) or _phrases(fold_word_list(text), known)


def _phrases(folded: str, known: Mapping[str, str]) -> list[str]:
    """Codes of longer phrases standing inside a text, longest first, none counted twice."""
    found: list[str] = []
    for phrase in sorted((word for word in known if len(word) > 3), key=len, reverse=True):
        pattern = rf"\b{re.escape(phrase)}\b"
        if re.search(pattern, folded):
            folded = re.sub(pattern, " ", folded)
            found.append(known[phrase])
    return list(dict.fromkeys(found))
