"""Fields for days and moments: typed by the clock in England, kept as aware UTC."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import wtforms
from wtforms import widgets

from lti_tool.web.cleaning import REFUSED, clean_text
from lti_tool.web.fields import OwnField

LONDON = ZoneInfo("Europe/London")
EARLIEST_YEAR, LATEST_YEAR = 1900, 2100
_ISO_MOMENT = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})[T ]+(\d{1,2}):(\d{2})(?::00)?", re.ASCII)
_BRITISH_MOMENT = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}),? +(\d{1,2})[:.](\d{2})", re.ASCII)
_ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_BRITISH_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)


class Day(OwnField, wtforms.StringField):
    """A date without a time, by the browser's date control. Data is a date or None."""

    widget = widgets.DateInput()

    def _value(self) -> str:
        if self.raw_data:
            return REFUSED.sub("", str(self.raw_data[0]))
        return self.data.isoformat() if self.data else ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read 2026-03-01, or 1/3/2026 where a browser offers no control."""
        typed = clean_text(str(valuelist[0]), lines=False) if valuelist else ""
        self.data = None
        if typed:
            self.data = read_day(typed)


class LocalDateTime(OwnField, wtforms.StringField):
    """A date and a time of day in the United Kingdom. Data is an aware UTC datetime or None.

    On the two nights a year when the clocks change, a time that does not happen or happens twice
    is refused with a sentence; a time kept earlier and posted back unchanged is always accepted.
    """

    widget = widgets.DateTimeLocalInput()

    def _value(self) -> str:
        if self.raw_data:
            return REFUSED.sub("", str(self.raw_data[0]))
        return _as_typed(self.data) if self.data else ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was typed as London time and keep it as UTC."""
        kept = self.data
        typed = clean_text(str(valuelist[0]), lines=False) if valuelist else ""
        if isinstance(kept, datetime) and typed == _as_typed(kept):
            return
        self.data = None
        if typed:
            self.data = _read_moment(typed)


def _as_typed(moment: datetime) -> str:
    """Write a moment the way a datetime-local control wants it."""
    return moment.astimezone(LONDON).strftime("%Y-%m-%dT%H:%M")


def read_day(typed: str) -> date:
    """Read a date in either order, also where it stands in a file; raise ValueError with a
    sentence."""
    if iso := _ISO_DAY.fullmatch(typed):
        year, month, day = (int(part) for part in iso.groups())
    elif british := _BRITISH_DAY.fullmatch(typed):
        day, month, year = (int(part) for part in british.groups())
    else:
        raise ValueError("Enter the date as day, month and year, such as 14/11/2026.")
    return _real_day(year, month, day)


def _real_day(year: int, month: int, day: int) -> date:
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        raise ValueError(f"Check the year: it has to be from {EARLIEST_YEAR} to {LATEST_YEAR}.")
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError("Check the day and the month: there is no such date.") from None


def _read_moment(typed: str) -> datetime:
    """Read a London date and time and give it as UTC; raise ValueError with a sentence."""
    if iso := _ISO_MOMENT.fullmatch(typed):
        year, month, day, hour, minute = (int(part) for part in iso.groups())
    elif british := _BRITISH_MOMENT.fullmatch(typed):
        day, month, year, hour, minute = (int(part) for part in british.groups())
    else:
        raise ValueError("Enter the date and the time, such as 14/11/2026 16:00.")
    found = _real_day(year, month, day)
    if hour > 23 or minute > 59:
        raise ValueError("Enter the time by the 24-hour clock, such as 09:30 or 16:00.")
    return _london_to_utc(
        datetime(found.year, found.month, found.day, hour, minute)  # noqa: DTZ001 (made aware next)
    )


def _london_to_utc(local: datetime) -> datetime:
    """Turn a London wall-clock time into UTC; refuse one that is missing or double."""
    first = local.replace(tzinfo=LONDON, fold=0)
    second = local.replace(tzinfo=LONDON, fold=1)
    if first.utcoffset() == second.utcoffset():
        return first.astimezone(UTC)
    before = f"{local:%H}:00"
    after = f"{local + timedelta(hours=1):%H}:00"
    exists = first.astimezone(UTC).astimezone(LONDON).replace(tzinfo=None) == local
    told = "happens twice" if exists else "does not happen"
    raise ValueError(
        f"The clocks change that night, so {local:%H:%M} {told}. "
        f"Enter a time before {before}, or {after} or later."
    )
