"""Reading dates in UK order, months with a year, and spans such as 'Sept 2026 - Dec 2026'."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from decimal import Decimal

from lti_tool.activities.provision_map_audit.readings.reading import (
    Reading,
    is_unknown,
    not_known,
    short,
)
from lti_tool.activities.provision_map_audit.sheets.cells import CellValue
from lti_tool.activities.provision_map_audit.words import SchoolYear, Words, fold

_MONTHS = {
    name: number
    for number in range(1, 13)
    for name in (calendar.month_name[number].lower(), calendar.month_abbr[number].lower())
} | {"sept": 9}
_MONTH = r"(" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\.?"
_EXAMPLE = "Type the date as day/month/year, for example 07/09/2026."
_EXCEL_START = dt.date(1899, 12, 30)


def read_date(
    text: str, words: Words, value: CellValue = None, end_of_month: bool = False
) -> Reading[dt.date]:
    """Read one date. A month with a year is its first day, or its last with `end_of_month`."""
    if isinstance(value, dt.datetime):
        return _said(value.date())
    if isinstance(value, dt.date):
        return _said(value)
    if is_unknown(text, words):
        return Reading(None, problem=not_known(text, "the date", "for example 07/09/2026"))
    if isinstance(value, Decimal) or re.fullmatch(r"\d{5}(?:\.0+)?", text.strip()):
        return _from_serial(text)
    folded = re.sub(
        r"^(?:w/?[cb]|week (?:commencing|beginning)|from|by|on|until)\b[:.]?\s*", "", fold(text)
    )
    folded = re.sub(r"^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+", "", folded)
    folded = re.sub(r"(?<!\s)\s+00:00(?::00)?$", "", folded)
    return _from_text(folded, text, end_of_month)


def _said(day: dt.date, note: str | None = None) -> Reading[dt.date]:
    if not 1990 <= day.year <= 2100:
        return Reading(None, problem=f"The date {day:%d/%m/%Y} cannot be right. {_EXAMPLE}")
    return Reading(day, said=f"{day.day} {day:%B %Y}", note=note)


def _from_serial(text: str) -> Reading[dt.date]:
    try:
        days = int(float(text))
    except (ValueError, OverflowError):
        days = 0
    if 20_000 <= days <= 80_000:
        return _said(_EXCEL_START + dt.timedelta(days=days), "We read the number as an Excel date.")
    return Reading(None, problem=f"We could not read '{short(text)}' as a date. {_EXAMPLE}")


def _from_text(folded: str, text: str, end_of_month: bool) -> Reading[dt.date]:
    iso = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:t.*)?", folded)
    if iso:
        return _made(int(iso[3]), int(iso[2]), int(iso[1]), text)
    uk = re.fullmatch(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4}|\d{2})", folded)
    if uk:
        return _made(int(uk[1]), int(uk[2]), _year(uk[3]), text)
    named = re.fullmatch(
        rf"(\d{{1,2}})(?:st|nd|rd|th)?\s*(?:of\s+)?[-/ ]?\s*{_MONTH},?"
        r"\s*[-/ ]?\s*'?(\d{4}|\d{2})",
        folded,
    )
    if named:
        return _made(int(named[1]), _MONTHS[named[2]], _year(named[3]), text)
    month = re.fullmatch(rf"{_MONTH}\s*[-/ ]?\s*'?(\d{{4}}|\d{{2}})", folded)
    if month:
        number, year = _MONTHS[month[1]], _year(month[2])
        day = calendar.monthrange(year, number)[1] if end_of_month else 1
        return _said(dt.date(year, number, day), "Only the month is given.")
    if re.fullmatch(rf"\d{{1,2}}[/.-]\d{{1,2}}|(?:\d{{1,2}}(?:st|nd|rd|th)?\s+)?{_MONTH}", folded):
        return Reading(None, problem=f"'{short(text)}' has no year. {_EXAMPLE}")
    return Reading(None, problem=f"We could not read '{short(text)}' as a date. {_EXAMPLE}")


def _year(digits: str) -> int:
    return int(digits) if len(digits) == 4 else 2000 + int(digits)


def _made(day: int, month: int, year: int, text: str) -> Reading[dt.date]:
    if month > 12 >= day:
        return Reading(
            None, problem=f"'{short(text)}' is not in day, month, year order. {_EXAMPLE}"
        )
    try:
        return _said(dt.date(year, month, day))
    except ValueError:
        return Reading(None, problem=f"There is no such day as '{short(text)}'. {_EXAMPLE}")


def read_span(text: str, words: Words) -> tuple[Reading[dt.date], Reading[dt.date]] | None:
    """Two dates with 'to' or a dash between them; None when the text is no such span."""
    parts = re.split(
        r"(?<!\s)(?:\s+[-–—]\s+|\s*[–—]\s*|\s+to\s+|\s+until\s+)", text.strip(), maxsplit=1
    )
    if len(parts) == 1 and text.count("-") == 1:
        parts = text.split("-")
    if len(parts) != 2:
        return None
    last_words = re.search(r"(\d{4}|\d{2})\s*$", parts[1])
    start = read_date(parts[0], words)
    if start.value is None and last_words:
        start = read_date(f"{parts[0].strip()} {last_words[1]}", words)
    end = read_date(parts[1], words, end_of_month=True)
    return (start, end) if start.value and end.value else None


def weeks_between(start: dt.date, end: dt.date, year: SchoolYear) -> Reading[Decimal]:
    """Weeks touched by a span of dates; holidays are not known and so not taken out."""
    if end < start:
        return Reading(None, problem="The end date is before the start date. Correct one of them.")
    monday = start - dt.timedelta(days=start.weekday())
    weeks = Decimal((end - monday).days // 7 + 1)
    if weeks > 54:
        return Reading(
            None, problem="The dates span more than a year. Type the number of weeks in this year."
        )
    if weeks >= year.weeks:
        said = f"{year.weeks} weeks"
        return Reading(
            year.weeks,
            said,
            f"The dates span the school year, which we count as {year.weeks} weeks.",
        )
    return Reading(
        weeks,
        f"{weeks} weeks",
        f"The dates make {weeks} weeks. Holidays between them are not taken out: if there is one, "
        "type the weeks.",
    )
