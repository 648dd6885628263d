"""Reading a score: a reading age in months, any other scale in points.

The row keeps a score as it was typed; whoever reckons with it reads it here. Reading ages stand in
maps as 7y 6m, 7.06, 7:06 or 90 months. What may mean two things is said, or is a problem.
"""

from __future__ import annotations

import re
from decimal import Decimal

from lti_tool.activities.provision_map_audit.readings.reading import (
    Reading,
    could_not_read,
    find_range,
    is_no_figure,
    is_unknown,
    not_known,
    parse_number,
    short,
    unfraction,
)
from lti_tool.activities.provision_map_audit.words import Words, fold
from lti_tool.core.numerals import plain

_YEARS = r"(?:years?|yrs?|y)\b\.?"
_MONTHS = r"(?:months?|mths?|mo|m)\b\.?"
_BOTH = re.compile(
    rf"(\d{{1,2}})\s*(?:years?|yrs?|y)\.?\s*(?:and|,|&)?\s*(\d{{1,2}})\s*(?:{_MONTHS})?"
)
_ONLY_YEARS = re.compile(rf"(\d{{1,2}}(?:\.\d+)?)\s*{_YEARS}(?:\s*old)?")
_ONLY_MONTHS = re.compile(rf"(\d{{1,3}})\s*{_MONTHS}")
_POINTED = re.compile(r"(\d{1,2})\s*([.:;/-])\s*(\d{1,2})")
_LEADING = re.compile(r"^(?:reading|spelling|comprehension|maths?)?\s*(?:age|ra|sa|ss|score)\b\W*")
_QUARTERS = {"25": 3, "50": 6, "75": 9}
_YOUNGEST, _OLDEST = 36, 240
_LOWEST, _HIGHEST = Decimal(40), Decimal(160)
_AGE_EXAMPLE = "Type years and months, for example 7y 6m."


def read_score(text: str, scale: str, words: Words) -> Reading[Decimal]:
    """Read one score.

    :param scale: one of `rows.SCALES`, or empty where it is not said.
    :return: months for a reading age, points otherwise; a problem where it is no number.
    """
    if is_unknown(text, words):
        return Reading(None, problem=not_known(text, "the score", "for example 92 or 7y 6m"))
    if is_no_figure(text):
        return Reading(None, problem=could_not_read(text, "a score", "for example 92 or 7y 6m"))
    folded = _LEADING.sub("", fold(unfraction(text))).strip(" .")
    if re.search(r"[<>]|\b(?:below|under|over|above|at least|up to|less than|more than)\b", folded):
        return Reading(None, problem=f"'{short(text)}' gives a limit, not a score. Type the score.")
    months = _spelled_out(folded)
    if months is not None:
        return _age(months, text)
    if scale == "reading_age":
        return _reading_age(folded, text)
    return _points(folded, scale, text)


def _spelled_out(folded: str) -> int | None:
    """Months of '7y 6m', '7 years', '90 months'; None where no unit stands in the text."""
    if both := _BOTH.fullmatch(folded):
        return int(both[1]) * 12 + int(both[2]) if int(both[2]) < 12 else -1
    if years := _ONLY_YEARS.fullmatch(folded):
        return int(Decimal(years[1]) * 12)
    if months := _ONLY_MONTHS.fullmatch(folded):
        return int(months[1])
    return None


def _reading_age(folded: str, text: str) -> Reading[Decimal]:
    if unfraction(text) != text and (years := parse_number(folded)) is not None:
        return _age(int(years * 12), text)
    if pointed := _POINTED.fullmatch(folded):
        return _pointed(pointed, text)
    if found := find_range(folded):
        return Reading(None, problem=f"'{found}' is a range. {_AGE_EXAMPLE}")
    number = parse_number(folded)
    if number is not None and number == int(number):
        if _YOUNGEST <= number <= _OLDEST:
            return _age(int(number), text, f"No unit is given, so we took {number} as months.")
        if number < _YOUNGEST:
            return _age(int(number) * 12, text, f"No unit is given, so we took {number} as years.")
    return Reading(None, problem=f"We could not read '{short(text)}' as an age. {_AGE_EXAMPLE}")


def _pointed(found: re.Match[str], text: str) -> Reading[Decimal]:
    """'7.06', '7:06', '7.6': years and months; '7.25', '7.50' and '7.75' are quarters of a year."""
    years, mark, rest = int(found[1]), found[2], found[3]
    if mark == "." and rest in _QUARTERS:
        return _age(years * 12 + _QUARTERS[rest], text, f"We read {found[0]} as parts of a year.")
    if int(rest) > 11:
        return Reading(
            None, problem=f"'{short(text)}' has {int(rest)} months in a year. {_AGE_EXAMPLE}"
        )
    note = None
    if mark == "." and rest == "1":
        note = f"A spreadsheet also shows {years} years 10 months like this. Type it in full."
    elif mark == "." and len(rest) == 1:
        note = f"We read the point as years and months: {years} years {rest} months."
    return _age(years * 12 + int(rest), text, note)


def _age(months: int, text: str, note: str | None = None) -> Reading[Decimal]:
    if not _YOUNGEST <= months <= _OLDEST:
        return Reading(
            None, problem=f"'{short(text)}' is no age between 3 and 20 years. {_AGE_EXAMPLE}"
        )
    years, rest = divmod(months, 12)
    said = f"{years} years" + (f" {rest} month{'' if rest == 1 else 's'}" if rest else "")
    return Reading(Decimal(months), said=f"{said} ({months} months)", note=note)


def _points(folded: str, scale: str, text: str) -> Reading[Decimal]:
    if re.search(r"\d\s*(?:st|nd|rd|th)\b|centile", folded):
        return Reading(
            None, problem=f"'{short(text)}' is a percentile. Type the standard score or the points."
        )
    note = None
    if banded := re.fullmatch(r"(\d[\d.]*)\s*(?:\(.*\)|\[.*\]|\+/-.*|±.*)", folded):
        folded, note = banded[1], "What stands in brackets or after the sign is left aside."
    elif out_of := re.fullmatch(r"(\d[\d.]*)\s*(?:/|out of)\s*(\d[\d.]*)", folded):
        folded, note = out_of[1], f"Out of {out_of[2]}."
    elif re.fullmatch(r"\d[\d.]*\s*(?:%|points?|pts?|marks?|wpm)", folded):
        folded = re.sub(r"[^\d.]", "", folded)
    number = parse_number(folded)
    if number is None:
        if found := find_range(folded):
            return Reading(None, problem=f"'{found}' is a range. Type one score.")
        return Reading(
            None, problem=f"We could not read '{short(text)}' as a score. Type it as a number."
        )
    if scale == "standard_score" and not _LOWEST <= number <= _HIGHEST:
        return Reading(
            None,
            problem=f"'{short(text)}' is no standard score: they lie between {_LOWEST} and "
            f"{_HIGHEST}. Type the standard score, or choose another scale.",
        )
    return Reading(number, said=plain(number), note=note)
