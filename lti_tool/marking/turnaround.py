"""How soon feedback came, held against the day that each assignment's rules give. Pure.

`add_up` counts pieces together; `add_up_by` the same apart for each tutor, assignment or course.
Days are working days on a clock in England, counted as the desk counts them: from the due date
that applied, or from handing in where that was later. What is out already but was due to nobody
yet counts as in time; what is neither out nor due stands apart.
"""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from statistics import median
from typing import TypeVar

from lti_tool.core.numerals import plain
from lti_tool.coursework.calendar import Calendar, working_days_between

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Timed:
    """One piece of work handed in, and when its feedback was due and came."""

    assignment_id: int
    context_id: int
    tutor_id: int | None
    """Who marked it first, else whose turn it is; None where nobody is named."""
    allowed: int
    """Working days that its rules give."""
    begins_on: date
    """The day that is counted from."""
    due_on: date
    """The last day for its feedback."""
    out_on: date | None
    """The day the result was released; None while it is not out."""
    is_held: bool = False
    """Whether it is kept back while something is looked into."""

    @property
    def is_in_time(self) -> bool:
        """Whether the result is out and came in time."""
        return self.out_on is not None and self.out_on <= self.due_on

    def is_waiting(self, today: date) -> bool:
        """Whether it is neither out nor due yet."""
        return self.out_on is None and self.due_on >= today

    def is_overdue(self, today: date) -> bool:
        """Whether it is not out though its day has passed."""
        return self.out_on is None and self.due_on < today


@dataclass(frozen=True, slots=True)
class Turnaround:
    """How soon feedback came for some pieces."""

    in_time: int
    late: int
    """Out, but after the day."""
    overdue: int
    """Not out, though the day has passed."""
    waiting: int
    """Neither out nor due yet; these count neither way."""
    held_overdue: int
    """How many of those overdue are held back while something is looked into."""
    median_days: Decimal | None
    """Working days to the results that are out, in the middle; None where none is out."""
    allowed: tuple[int, ...]
    """The numbers of working days that the rules of these pieces give, smallest first."""

    @property
    def of(self) -> int:
        """How many pieces can be judged by now: out or overdue."""
        return self.in_time + self.late + self.overdue


@lru_cache(maxsize=10_000)
def _days_between(first: date, last: date, calendar: Calendar) -> int:
    return working_days_between(first, last, calendar)


def days_taken(piece: Timed, calendar: Calendar) -> int | None:
    """Working days from the day counted from to the release, 0 where it came before; None while
    the result is not out."""
    if piece.out_on is None:
        return None
    return _days_between(piece.begins_on, piece.out_on, calendar)


def add_up(pieces: Iterable[Timed], today: date, calendar: Calendar) -> Turnaround:
    """How soon feedback came for all these pieces.

    :param today: decides what is overdue.
    """
    listed = list(pieces)
    days = [Decimal(taken) for one in listed if (taken := days_taken(one, calendar)) is not None]
    in_time = sum(one.is_in_time for one in listed)
    return Turnaround(
        in_time=in_time,
        late=len(days) - in_time,
        overdue=sum(one.is_overdue(today) for one in listed),
        waiting=sum(one.is_waiting(today) for one in listed),
        held_overdue=sum(one.is_held and one.is_overdue(today) for one in listed),
        median_days=median(days) if days else None,
        allowed=tuple(sorted({one.allowed for one in listed})),
    )


def by_tutor(piece: Timed) -> int | None:
    """Key of `add_up_by`: the tutor, None for what nobody is named for."""
    return piece.tutor_id


def by_assignment(piece: Timed) -> int:
    """Key of `add_up_by`: the assignment."""
    return piece.assignment_id


def by_course(piece: Timed) -> int:
    """Key of `add_up_by`: the context, which is the run of a module."""
    return piece.context_id


def add_up_by(
    key: Callable[[Timed], Key], pieces: Iterable[Timed], today: date, calendar: Calendar
) -> dict[Key, Turnaround]:
    """How soon feedback came, apart for each tutor, assignment or course.

    :param key: `by_tutor`, `by_assignment` or `by_course`.
    """
    apart: dict[Key, list[Timed]] = {}
    for one in pieces:
        apart.setdefault(key(one), []).append(one)
    return {value: add_up(listed, today, calendar) for value, listed in apart.items()}


def say_days(days: Decimal | int) -> str:
    """A number of working days: "1 working day", "14.5 working days"."""
    return f"{plain(Decimal(days))} working {'day' if days == 1 else 'days'}"


def _say_allowed(allowed: tuple[int, ...]) -> str:
    if len(allowed) == 1:
        return f"within {say_days(allowed[0])}"
    return f"within the {allowed[0]} to {allowed[-1]} working days of their rules"


def in_words(found: Turnaround) -> str:
    """The figure in sentences."""
    if found.of:
        what = "piece" if found.of == 1 else "pieces"
        said = [f"{found.in_time} of {found.of} {what} had feedback {_say_allowed(found.allowed)}."]
    else:
        said = ["Nothing to look at yet."]
    if found.median_days is not None and found.in_time + found.late > 1:
        took = f"took {say_days(found.median_days)} or fewer"
        took = took if found.median_days else "came on the same working day"
        said.append(f"Half of those that are out {took}.")
    if found.overdue:
        said.append(f"Overdue: {found.overdue}.")
    if found.held_overdue:
        said.append(f"Of these held back while something is looked into: {found.held_overdue}.")
    if found.waiting:
        said.append(f"Not out and not yet due: {found.waiting}.")
    return " ".join(said)
