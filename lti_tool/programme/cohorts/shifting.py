"""Dates of one cohort moved to the next: by whole weeks, off days on which nobody works. Pure.

Whole weeks keep the day of the week. What would fall on a weekend, a bank holiday or a day the
university is closed goes on to the next working day, never back: nobody loses time by it.
"""

from datetime import UTC, date, datetime, timedelta

from lti_tool.core.clock import LONDON, in_london
from lti_tool.coursework.calendar import Calendar

_ONE_DAY = timedelta(days=1)
MOST_WEEKS = 520
"""Ten years; more is a slip."""


def weeks_between(first: date, later: date) -> int:
    """The whole number of weeks that comes nearest to the time between two days."""
    return ((later - first).days + 3) // 7


def shift_day(day: date, weeks: int, calendar: Calendar) -> date:
    """A day so many weeks later, or the next working day after it."""
    day += timedelta(weeks=weeks)
    while not calendar.is_working(day):
        day += _ONE_DAY
    return day


def shift_moment(moment: datetime, weeks: int, calendar: Calendar) -> datetime:
    """A moment so many weeks later at the same time on a clock in England, on a working day."""
    local = in_london(moment)
    day = shift_day(local.date(), weeks, calendar)
    return datetime.combine(day, local.time(), LONDON).astimezone(UTC)
