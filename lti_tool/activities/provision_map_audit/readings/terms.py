"""Weeks, terms and half terms in a text: '6 wks', 'Autumn 1', 'all year', '2 terms'.

How many weeks a term has is a custom, kept in the rules file; each reading says what was taken.
Called by `time.py` and, for columns that name a term, by the import.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from lti_tool.activities.provision_map_audit.words import SchoolYear, fold

if TYPE_CHECKING:
    from lti_tool.activities.provision_map_audit.readings.time_parts import TimeParts

_N = r"(?<!\d)(\d+(?:\.\d+)?)"
_SEASON = r"(autumn|aut|spring|spr|summer|sum)"
_FULL = {"aut": "autumn", "spr": "spring", "sum": "summer"}
_ORDER = ("autumn 1", "autumn 2", "spring 1", "spring 2", "summer 1", "summer 2")
_ALL_YEAR = (
    r"\b(?:all|full|whole|entire|throughout the|across the|over the|the whole|per|1|a)\s+"
    r"(?:school |academic |of the )?year(?: round| long)?\b|\byear[- ](?:round|long)\b|"
    r"\b(?:academic|school) year\b|\ball terms\b|\bevery term\b|\beach week of the year\b"
)

_MONTH = (
    r"(sept?|sep|oct|nov|dec|jan|feb|mar|apr|may|june?|july?|aug|easter|xmas|christmas)[a-z]*\.?"
)
# Spans of months that are a term or half term, by the first three letters of both months.
_MONTH_SPANS = {
    **dict.fromkeys([("sep", "dec"), ("sep", "chr"), ("sep", "xma")], "autumn"),
    **dict.fromkeys([("jan", "mar"), ("jan", "apr"), ("jan", "eas")], "spring"),
    **dict.fromkeys([("apr", "jul"), ("eas", "jul")], "summer"),
    ("sep", "oct"): "autumn 1",
    ("nov", "dec"): "autumn 2",
    ("jan", "feb"): "spring 1",
    ("jun", "jul"): "summer 2",
    ("sep", "jul"): "all year",
}
_FILLER = re.compile(
    r"\b20\d\d\s*[/-]\s*(?:20)?\d\d\b|\b20\d\d\b|\b\d\d\s*[/-]\s*\d\d\b|\b\d\d\b"
    r"|\b(?:provisions?|maps?|mapping|plan|interventions?|costed|costs?|costing|send|sen|terms?"
    r"|timetable|the|for|overview|support)\b|[:()]"
)


@dataclass(frozen=True)
class TermTitle:
    """The weeks that a title such as 'Autumn term 2026' stands for, and what was taken."""

    weeks: Decimal
    note: str


def term_title(text: str, year: SchoolYear) -> TermTitle | None:
    """The term that a sheet's name or a heading names; None when it says anything else."""
    rest = re.sub(r"\s+", " ", _FILLER.sub(" ", fold(text))).strip(" -,")
    one = rf"{_SEASON}\s*[12]?"
    if len(text) > 60 or not re.fullmatch(
        rf"{one}(?:\s*(?:-|to|and|&|,|/|\+)\s*(?:{one}|[12]))*", rest
    ):
        return None
    halves = _half_terms(rest)
    weeks = sum((year.half_terms[name] for name in halves), Decimal(0))
    named = _list([name.capitalize() for name in halves])
    return TermTitle(weeks, f"We counted {named} as {weeks} weeks.")


def is_month(text: str) -> bool:
    """A month without day or year ('Sept', 'Easter'), which only means something in a span."""
    return bool(re.fullmatch(_MONTH, fold(text)))


def _months_as_terms(rest: str) -> str:
    """'Sept - Dec' without a year is the autumn term; other spans of months stay as they are."""
    span = re.search(rf"\b{_MONTH}\s*(?:-|to|until)\s*{_MONTH}(?!\s*\d)", rest)
    if not span or re.search(r"\d\s*$", rest[: span.start()]):
        return rest
    term = _MONTH_SPANS.get((span[1][:3], span[2][:3]))
    return rest.replace(span[0], f" {term} ") if term else rest


def take_terms(
    rest: str, parts: TimeParts, year: SchoolYear, expected: str
) -> tuple[str, str | None]:
    """Take weeks out of a text; returns the rest and the problem, if any."""
    if re.search(r"\bevery\s+[3-9]\s+weeks\b|\b1\s*(?:/|in)\s*[2-9]\s*weeks\b", rest) or (
        expected in ("sessions", "schedule")
        and re.search(r"\b(?:per|each|every)\s+(?:half[- ]?)?term\b", rest)
    ):
        return rest, (
            "This is not a weekly pattern. Type the sessions in an average week, for example 0.25 "
            "for one session every four weeks."
        )
    rest, found = _take_over(rest, parts)
    if found:
        return rest, None
    rest = _take_weeks(rest, parts, expected)
    if parts.weeks is not None:
        rest = re.sub(rf"\b{_SEASON}\s*(?:term)?\s*[12]?(?:\s*20\d\d)?\b|\b20\d\d\b", " ", rest)
        return rest, None
    if expected in ("weeks", "period"):
        rest = _months_as_terms(rest)
    rest = re.sub(r"\b20\d\d\s*[/-]\s*(?:20)?\d\d\b|\b20\d\d\b", " ", rest)
    if re.search(_ALL_YEAR, rest):
        _say(parts, year.weeks, "the school year")
        return re.sub(_ALL_YEAR, " ", rest), None
    return _take_named(rest, parts, year, expected)


def _say(parts: TimeParts, weeks: Decimal, what: str) -> None:
    parts.weeks = weeks
    parts.notes.append(f"We counted {what} as {weeks} weeks.")


def _take_over(rest: str, parts: TimeParts) -> tuple[str, bool]:
    """'6 sessions over 6 weeks': a number in all and the weeks it is spread over."""
    found = re.search(
        _N
        + r"\s*x?\s*(?:sessions?|lessons?|visits?|times)\s*(?:over|across|in)\s*"
        + _N
        + r"\s*(?:weeks|wks)\b",
        rest,
    )
    if not found:
        return rest, False
    parts.total_sessions, parts.weeks = Decimal(found[1]), Decimal(found[2])
    return rest.replace(found[0], " "), True


def _take_weeks(rest: str, parts: TimeParts, expected: str) -> str:
    blocks = re.search(
        _N + r"\s*(?:x|blocks? of|lots of)\s*" + _N + r"\s*-?\s*(?:week|wk)s?\b"
        r"(?:\s*(?:blocks?|programmes?|courses?|cycles?|sessions?))?",
        rest,
    )
    if blocks and ("block" in blocks[0] or "lots" in blocks[0] or expected in ("weeks", "period")):
        parts.weeks = Decimal(blocks[1]) * Decimal(blocks[2])
        return rest.replace(blocks[0], " ")
    # 'x3 wk' and '3 x week' are sessions; '3 x 30 mins x 6 weeks' are weeks.
    pattern = (
        r"(?:\b(?:x|for|over|of)\s*)?"
        + _N
        + r"\s*-?\s*(?:weeks|wks)(?![a-z])\.?(?:\s*(?:block|programme|course|cycle))?"
    )
    found = re.search(pattern, rest) or re.search(
        r"(?<!x )(?<!x)(?<![\d.])" + _N + r"\s*-?\s*(?:week|wk|w)(?![a-z])\.?"
        r"(?:\s*(?:block|programme|prog|course|cycle|intervention))?",
        rest,
    )
    if not found or re.search(r"every\s*$", rest[: found.start()]):
        return rest
    if re.match(r"x\s*\d+\s*wks\b", found[0]) and expected == "sessions" and "M" not in rest:
        return rest
    parts.weeks = Decimal(found[1])
    return rest[: found.start()] + " " + rest[found.end() :]


def _take_named(
    rest: str, parts: TimeParts, year: SchoolYear, expected: str
) -> tuple[str, str | None]:
    """Named terms: seasons with and without a half, and counts of terms."""
    halves = _half_terms(rest)
    if halves:
        weeks = sum((year.half_terms[name] for name in halves), Decimal(0))
        _say(parts, weeks, _list([name.capitalize() for name in halves]))
        return _without_seasons(rest), None
    for pattern, each, what in (
        (
            r"(?:" + _N + r"|\ba|\beach|\bper)?\s*x?\s*half[- ]?terms?\b",
            year.a_half_term,
            "half term",
        ),
        (r"(?:" + _N + r"|\ba|\bwhole|\bfull)?\s*x?\s*\bterms?\b(?!\s*\d)", year.a_term, "term"),
    ):
        found = re.search(pattern, rest)
        if found and not re.search(r"(?:per|each|every|once a|a)\s*$", rest[: found.start()]):
            count = Decimal(found[1] or 1)
            if count * each > year.weeks - 3:
                _say(parts, year.weeks, f"{count} {what}s")
            else:
                _say(parts, count * each, f"{count} {what}" + ("" if count == 1 else "s"))
            return rest.replace(found[0], " ", 1), None
    if expected in ("weeks", "period") and re.search(r"\bterms?\s*\d|\bmonths?\b|\bt[1-6]\b", rest):
        return rest, (
            "We cannot tell how many school weeks this is. Type the number of weeks, for "
            "example 12."
        )
    return rest, None


def _half_terms(rest: str) -> list[str]:
    """The half terms a text names, in order; 'autumn' alone is both its halves."""
    pieces = re.findall(rf"\b{_SEASON}\s*(?:term)?\s*([12])?(?![\d.])\b", rest)
    if not pieces:
        return []
    named: list[str] = []
    for season, half in pieces:
        season = _FULL.get(season, season)
        named += [f"{season} {half}"] if half else [f"{season} 1", f"{season} 2"]
    if (
        re.search(rf"{_SEASON}[^,;&+]{{0,200}}?(?:-|\bto\b|until)\s*{_SEASON}", rest)
        and len(pieces) == 2
    ):
        first, last = _ORDER.index(named[0]), _ORDER.index(named[-1])
        if first <= last:
            return list(_ORDER[first : last + 1])
    pair = re.search(rf"\b{_SEASON}\s*(?:term)?\s*1\s*(?:&|and|\+|-|,|/)\s*2\b", rest)
    if pair:
        named.append(f"{_FULL.get(pair[1], pair[1])} 2")
    return sorted(set(named), key=_ORDER.index)


def _without_seasons(rest: str) -> str:
    rest = re.sub(rf"\b{_SEASON}\s*(?:term)?\s*1\s*(?:&|and|\+|-|,|/)\s*2\b", " ", rest)
    return re.sub(rf"\b{_SEASON}\s*(?:terms?)?\s*[12]?(?![\d.])\b", " ", rest)


def _list(names: list[str]) -> str:
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]
