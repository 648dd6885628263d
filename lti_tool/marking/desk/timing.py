"""When feedback is due, and how many pieces a day finish on time. Pure but for the calendar.

Feedback is due so many working days (the rules say how many) after the due date that applied,
or after the day it was handed in where that was later or no date was set. Days are English.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from lti_tool.core import clock
from lti_tool.coursework.calendar import Calendar, add_working_days, working_days_between


@lru_cache(maxsize=1000)
def _after(day: date, working_days: int, calendar: Calendar) -> date:
    return add_working_days(day, working_days, calendar)


def feedback_day(
    due_at: datetime | None, handed_in_at: datetime, working_days: int, calendar: Calendar
) -> date:
    """The day by which a participant is to have their feedback.

    :param due_at: the due date that applied when the work was handed in.
    """
    begins = handed_in_at if due_at is None else max(due_at, handed_in_at)
    return _after(clock.in_london(begins).date(), working_days, calendar)


@dataclass(frozen=True, slots=True)
class Pace:
    """How much is left, and what finishes on time."""

    left: int
    overdue: int
    """How many of these have passed their day."""
    by: date | None
    """The day that decides the pace: no other asks for more a day."""
    count_by: int
    """How many are to be done by then, those overdue included."""
    days: int
    """Working days until then, today included where it is one."""
    a_day: int
    """Pieces a day that finish on time; 0 where nothing is left that can."""


def work_out_pace(days_due: Iterable[date], today: date, calendar: Calendar) -> Pace:
    """The pace at which all pieces are marked by their days.

    :param days_due: the feedback day of every piece that is not marked yet.
    """
    due = Counter(days_due)
    overdue = count = sum(number for day, number in due.items() if day < today)
    best = Pace(due.total(), overdue, None, 0, 0, 0)
    for day in sorted(day for day in due if day >= today):
        count += due[day]
        days = max(working_days_between(today - timedelta(days=1), day, calendar), 1)
        a_day = -(-count // days)
        if a_day > best.a_day:
            best = Pace(best.left, overdue, day, count, days, a_day)
    return best


def _pieces(count: int) -> str:
    return "1 piece" if count == 1 else f"{count} pieces"


def in_words(pace: Pace) -> str:
    """The pace as a sentence; empty where nothing is left to mark."""
    if not pace.left:
        return ""
    late = ""
    if pace.overdue:
        late = f" Past the feedback date: {pace.overdue}."
    if pace.by is None:
        return f"{_pieces(pace.left)} to mark.{late}"
    days = "1 working day" if pace.days == 1 else f"{pace.days} working days"
    finish = f"{days}: {pace.a_day} a day finishes on time."
    if pace.count_by == pace.left:
        return f"{_pieces(pace.left)} to mark, {finish}{late}"
    day = f"{pace.by.day} {pace.by:%B %Y}"
    return f"{_pieces(pace.left)} to mark. {pace.count_by} by {day}, {finish}{late}"
