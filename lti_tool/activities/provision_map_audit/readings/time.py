"""Reading time: how long a session is, how many there are in a week, and for how many weeks.

Schools put these into one cell as often as into three ("3 x 30 mins per week for 6 wks"), so one
reader takes a text apart and accounts for every number in it. A number that stays unexplained makes
the cell a problem.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Literal

from lti_tool.activities.provision_map_audit.readings.reading import (
    Reading,
    could_not_read,
    find_range,
    is_no_figure,
    is_unknown,
    parse_number,
    short,
)
from lti_tool.activities.provision_map_audit.readings.terms import take_terms
from lti_tool.activities.provision_map_audit.readings.time_parts import TimeParts
from lti_tool.activities.provision_map_audit.readings.time_words import (
    take_clock,
    take_minutes,
    take_sessions,
    tidy,
)
from lti_tool.activities.provision_map_audit.sheets.cells import CellValue
from lti_tool.activities.provision_map_audit.words import SchoolYear, Words
from lti_tool.core.numerals import plain

Expected = Literal["minutes", "sessions", "weeks", "schedule", "period"]

MAX_MINUTES = Decimal(480)
_MAX_SESSIONS = Decimal(25)
_LIMIT = re.compile(
    r"up to|at least|\bmax(?:imum)?\b|minimum|\d\s*\+(?!\s*(?:\d|aut|spr|sum))|[<>]"
)
_MONTH_LEFT = re.compile(r"\b(?:sept?|oct|nov|dec|jan|feb|mar|apr|may|june?|july?)[a-z]*\b")
_EXAMPLE = {
    "minutes": "the minutes of one session, for example 30",
    "sessions": "the sessions in one week, for example 3",
    "weeks": "the number of weeks, for example 12",
    "schedule": "sessions, minutes and weeks in their own columns, for example 3, 30 and 12",
    "period": "the number of weeks, for example 12",
}
_WHAT = {
    "minutes": "the length of a session",
    "sessions": "sessions a week",
    "weeks": "weeks",
    "schedule": "how often and how long",
    "period": "weeks or a term",
}


def read_time(
    text: str, expected: Expected, words: Words, unit: str | None = None, value: CellValue = None
) -> Reading[TimeParts]:
    """Read a cell about time.

    `expected` says what a bare number means in this column; `unit` is the heading's own unit
    ("minute" or "hour"); `value` is the stored value, which may be an Excel time.
    """
    if is_unknown(text, words):
        sentence = f"'{short(text)}' means {_WHAT[expected]} is not known yet. Type "
        return Reading(None, problem=sentence + _EXAMPLE[expected] + ".")
    if isinstance(value, dt.time | dt.timedelta | dt.date):
        return _from_excel_time(value, text, expected)
    if is_no_figure(text):
        return Reading(None, problem=could_not_read(text, _WHAT[expected], _EXAMPLE[expected]))
    number = parse_number(text)
    if number is not None:
        return _checked(_bare(number, text, expected, unit), text, expected)
    return _checked(_from_text(text, expected, unit, words.year), text, expected)


def _from_excel_time(
    value: dt.time | dt.timedelta | dt.date, text: str, expected: Expected
) -> Reading[TimeParts]:
    minutes: Decimal | None = None
    if isinstance(value, dt.time):
        minutes = Decimal(value.hour * 60 + value.minute) + Decimal(value.second) / 60
    elif isinstance(value, dt.timedelta):
        minutes = Decimal(round(value.total_seconds())) / 60
    elif isinstance(value, dt.datetime) and value.year <= 1904:
        minutes = Decimal(value.hour * 60 + value.minute)
    if minutes and minutes <= MAX_MINUTES and expected in ("minutes", "schedule"):
        parts = TimeParts(minutes=minutes)
        return Reading(parts, said=parts.said(), note="The cell holds an Excel time.")
    if expected in ("minutes", "schedule") and minutes:
        hours = plain(round(minutes / 60, 2))
        return Reading(
            None, problem=f"Excel holds '{text}' as {hours} hours. Type {_EXAMPLE[expected]}."
        )
    kind = "a time" if minutes is not None else "a date"
    return Reading(
        None, problem=f"Excel has turned this cell into {kind} ({text}). Type {_EXAMPLE[expected]}."
    )


def _bare(number: Decimal, text: str, expected: Expected, unit: str | None) -> TimeParts | str:
    """A number alone: the column says what it is. A string is the problem."""
    if number <= 0:
        return f"'{short(text)}' cannot be {_WHAT[expected]}. Type {_EXAMPLE[expected]}."
    if expected == "sessions":
        return TimeParts(sessions=number)
    if expected in ("weeks", "period"):
        return TimeParts(weeks=number)
    if expected == "schedule":
        return f"'{short(text)}' does not say of what. Type {_EXAMPLE[expected]}."
    return _bare_minutes(number, text, unit)


def _bare_minutes(number: Decimal, text: str, unit: str | None) -> TimeParts | str:
    if unit == "hour":
        if number > 7:
            return (
                f"The column is in hours, and {short(text)} hours is more than a school day. "
                "Type the minutes with their unit, for example 30 mins."
            )
        return TimeParts(minutes=number * 60, notes=["The heading says hours."])
    if unit == "minute":
        if number < 2:
            return (
                f"The column is in minutes and the cell says {short(text)}. If it is hours, type "
                "it with the unit, for example 1 hr."
            )
        return TimeParts(minutes=number)
    if number >= 5:
        return TimeParts(minutes=number, notes=["No unit is given; we took it as minutes."])
    if number != number.to_integral_value() and number * 60 % 5 == 0:
        return TimeParts(minutes=number * 60, notes=["No unit is given; we took it as hours."])
    return (
        f"'{short(text)}' may be hours or minutes. Type it with the unit, for example 1 hr or "
        "30 mins."
    )


def _from_text(
    text: str, expected: Expected, unit: str | None, year: SchoolYear
) -> TimeParts | str:
    parts = TimeParts()
    rest, about = tidy(text)
    if about:
        parts.notes.append("The cell says 'about'; we took the number as it stands.")
    rest = re.sub(r"\b1\s*:\s*1\b(?!\d)|\b1 to 1\b", " ", rest)
    rest = take_clock(rest, parts, expected in ("minutes", "schedule"))
    if found := find_range(rest):
        return f"'{found}' is a range. Type {_EXAMPLE[expected]}."
    if _LIMIT.search(rest):
        return f"'{short(text)}' gives a limit, not a number. Type {_EXAMPLE[expected]}."
    rest, trouble = take_terms(rest, parts, year, expected)
    if trouble:
        return trouble
    rest = take_minutes(rest, parts)
    rest, trouble = take_sessions(rest, parts, expected, year)
    if trouble:
        return trouble
    return _leftover(rest, parts, text, expected, unit)


def _leftover(
    rest: str, parts: TimeParts, text: str, expected: Expected, unit: str | None
) -> TimeParts | str:
    """Give one unexplained number its column's meaning; more than that is a problem."""
    if re.search(r"\band a half\b", rest) or (parts.weeks and _MONTH_LEFT.search(rest)):
        return could_not_read(text, _WHAT[expected], _EXAMPLE[expected])
    numbers = re.findall(r"\d+(?:\.\d+)?", rest)
    coded = re.search(r"(?<![a-z])[a-wyz]{1,2}\d", rest)  # 'A1' is a term to some, no number
    fields = {"minutes": parts.minutes, "sessions": parts.sessions, "weeks": parts.weeks}
    if len(numbers) == 1 and not coded and expected in fields and fields[expected] is None:
        bare = _bare(Decimal(numbers[0]), numbers[0], expected, unit)
        if isinstance(bare, str):
            return bare
        parts.minutes = parts.minutes or bare.minutes
        parts.sessions = parts.sessions or bare.sessions
        parts.weeks = parts.weeks or bare.weeks
        parts.notes += bare.notes
        numbers = []
    nothing = not parts.said()
    if numbers or nothing:
        return could_not_read(text, _WHAT[expected], _EXAMPLE[expected])
    return parts


def _checked(parts: TimeParts | str, text: str, expected: Expected) -> Reading[TimeParts]:
    """Refuse what no school week can hold, and say what was read."""
    if isinstance(parts, str):
        return Reading(None, problem=parts)
    for number, most, what in (
        (parts.minutes, MAX_MINUTES, "minutes in one session"),
        (parts.sessions, _MAX_SESSIONS, "sessions in one week"),
        (parts.weeks, Decimal(53), "weeks in one year"),
    ):
        if number is not None and (number > most or number <= 0):
            return Reading(
                None,
                problem=f"'{short(text)}' would be {plain(round(number, 2))} {what}. "
                f"Type {_EXAMPLE[expected]}.",
            )
    note = " ".join(parts.notes) or None
    return Reading(parts, said=parts.said(), note=note)


def read_length(
    text: str, words: Words, unit: str | None, value: CellValue = None
) -> Reading[Decimal]:
    """Read a length of time in minutes for a week, a day or a whole programme ('2.5', '2 hrs').

    A bare number takes the heading's unit; without one it is a problem.
    """
    example = "Type it with the unit, for example 2.5 hours or 150 mins."
    if is_unknown(text, words):
        return Reading(None, problem=f"'{short(text)}' means this time is not known yet. {example}")
    minutes: Decimal | None = None
    number = parse_number(text)
    if isinstance(value, dt.time):
        minutes = Decimal(value.hour * 60 + value.minute)
    elif isinstance(value, dt.timedelta):
        minutes = Decimal(round(value.total_seconds())) / 60
    elif number is not None and unit:
        minutes = number * 60 if unit == "hour" else number
    elif number is None and not is_no_figure(text):
        parts = _from_text(text, "minutes", unit, words.year)
        if not isinstance(parts, str) and parts.minutes is not None:
            minutes = parts.minutes * (parts.sessions or 1)
    if minutes is None or minutes < 0:
        return Reading(None, problem=f"We could not read '{short(text)}' as a time. {example}")
    return Reading(minutes, said=f"{plain(round(minutes, 2))} minutes")
