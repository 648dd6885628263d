"""The time, in one place, so that tests can move it and no one forgets the zone.

Code keeps UTC; people see Europe/London. Every other module asks here and never calls
`datetime.now` itself.
"""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def whole_second(moment: datetime) -> datetime:
    """`moment` without its fraction: platforms compare score times in whole seconds."""
    return moment.replace(microsecond=0)


def in_london(moment: datetime) -> datetime:
    """The same moment on a clock in England."""
    return moment.astimezone(LONDON)


def day_and_time(moment: datetime) -> str:
    """A moment as busy people read it: "Monday 7 September 2026 at 16:05"."""
    local = in_london(moment)
    return f"{local:%A} {local.day} {local:%B %Y} at {local:%H:%M}"


def day(moment: datetime) -> str:
    """The day of a moment in England: "7 September 2026"."""
    local = in_london(moment)
    return f"{local.day} {local:%B %Y}"


def plain_day(day: date) -> str:
    """A day without a time, as people read it: "7 September 2026"."""
    return f"{day.day} {day:%B %Y}"


def today() -> date:
    """The day it is now in England."""
    return in_london(now()).date()


def time_of_day(moment: datetime) -> str:
    """The time of day in England: "16:05"."""
    return f"{in_london(moment):%H:%M}"
