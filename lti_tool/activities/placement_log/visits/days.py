"""The laws of days and hours: how much was used, which visits collide, which days are closed. Pure.

Half days are counted, so that nothing is ever rounded. Each rule answers with a sentence that says
what to do, or None.
"""

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Protocol

from lti_tool.core import clock
from lti_tool.programme.school_days import Terms

HALF, WHOLE = 1, 2
_TIME = re.compile(r"([01]?\d|2[0-3])[:.]?([0-5]\d)", re.ASCII)
LATE = 240
"""Minutes: a half day longer than this is worth a second look."""


class Counted(Protocol):
    """What the rules look at in a visit."""

    @property
    def visit_on(self) -> date | None:
        """Its day, where one is chosen."""

    @property
    def arrives_at(self) -> str:
        """Such as 08:45; may be empty."""

    @property
    def leaves_at(self) -> str:
        """Such as 15:30; may be empty."""

    @property
    def half_days(self) -> int:
        """1 for half a day, 2 for a whole one."""


def half_days_used(visits: Iterable[Counted]) -> int:
    """How many half days these visits take together."""
    return sum(one.half_days for one in visits)


def in_days(half_days: int) -> str:
    """Half days as people say them: "2½ days", "1 day", "half a day"."""
    whole, half = divmod(half_days, 2)
    if half and not whole:
        return "half a day"
    return f"{whole}{'½' if half else ''} day{'' if (whole, half) == (1, 0) else 's'}"


def length_in_words(half_days: int) -> str:
    """The length of one visit."""
    return "a whole day" if half_days == WHOLE else "half a day"


def in_words(day: date) -> str:
    """A day as people say it: "Tuesday 3 March 2027"."""
    return f"{day:%A} {day.day} {day:%B %Y}"


def read_time(typed: str) -> str | None:
    """A time of day as 08:45, from 8:45, 8.45 or 0845; None where it is none."""
    found = _TIME.fullmatch(typed.strip())
    return f"{int(found[1]):02d}:{found[2]}" if found else None


def collide(one: Counted, other: Counted) -> bool:
    """Whether two visits cannot both be made: their hours meet, or one day would hold more than
    one day. Without hours, only the second can be told."""
    if one.visit_on is None or one.visit_on != other.visit_on:
        return False
    if one.half_days + other.half_days > WHOLE:
        return True
    hours = (one.arrives_at, one.leaves_at, other.arrives_at, other.leaves_at)
    return all(hours) and one.arrives_at < other.leaves_at and other.arrives_at < one.leaves_at


def why_too_much(visits: Iterable[Counted], most_half_days: int) -> str | None:
    """Why these visits are more than a programme allows."""
    used = half_days_used(visits)
    if used <= most_half_days:
        return None
    return (
        f"With this visit you would use {in_days(used)}, and your programme allows "
        f"{in_days(most_half_days)} at most. Choose half a day, or remove another visit."
    )


def why_hours_wrong(arrives_at: str, leaves_at: str) -> str | None:
    """Why arriving and leaving do not fit together; both are given as 08:45."""
    if arrives_at and leaves_at and leaves_at <= arrives_at:
        return f"You leave at {leaves_at}, which is not after arriving at {arrives_at}. Check both."
    return None


def why_not_half(arrives_at: str, leaves_at: str, half_days: int) -> str | None:
    """Why the hours are too long for half a day."""
    if half_days != HALF or not arrives_at or not leaves_at:
        return None
    if _minutes(leaves_at) - _minutes(arrives_at) <= LATE:
        return None
    return (
        f"From {arrives_at} to {leaves_at} is more than half a day. Choose a whole day, or check "
        "the times."
    )


def _minutes(time: str) -> int:
    hours, minutes = time.split(":")
    return int(hours) * 60 + int(minutes)


def why_day_closed(day: date, terms: Terms, *, closed_on_weekends: bool) -> tuple[str, bool] | None:
    """Why schools are closed on a day, and whether a person may say that the school is open.

    Terms differ between authorities, so somebody who knows better may say so of a holiday; of a
    weekend or bank holiday nobody may.
    """
    reason = terms.why_closed(day)
    if reason is None:
        return None
    is_weekend = day.weekday() >= 5
    if is_weekend and not closed_on_weekends:
        return None
    said = in_words(day)
    if is_weekend:
        return f"{said} is at the weekend, when schools are closed. Choose a school day.", False
    if reason in ("half-term", "school holidays"):
        return (
            f"{said} is in the {'half-term holiday' if reason == 'half-term' else reason} by the "
            "calendar of your programme. Choose another day, or say that the school is open.",
            True,
        )
    return f"{said} is closed: {reason}. Choose a school day.", False


def why_not_done_yet(visit: Counted, now: datetime) -> str | None:
    """Why a visit cannot be marked done yet: its day, or its hour of arriving, lies ahead.

    :param now: aware.
    """
    if visit.visit_on is None:
        return "Give the day of the visit first."
    local = clock.in_london(now)
    if visit.visit_on > local.date():
        return f"This visit is on {in_words(visit.visit_on)}. Mark it done when you are there."
    if visit.visit_on == local.date() and visit.arrives_at > f"{local:%H:%M}":
        return f"This visit begins at {visit.arrives_at} today. Mark it done when you are there."
    return None


def day_typed(iso: str) -> str:
    """A day that was kept as it was typed, such as 2027-03-31, in words; empty where none was."""
    return in_words(date.fromisoformat(iso)) if iso else ""
