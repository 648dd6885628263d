"""How late work is: days begun on a clock in England, across clock changes, grace, and the end."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.core.clock import LONDON
from lti_tool.coursework.calendar import Calendar, Closure
from lti_tool.coursework.lateness import Deadline
from lti_tool.coursework.rules import LateRule

WORKING = LateRule("marks_per_day", Decimal(5), "working", 0, 10, Decimal(50))
CALENDAR = replace(WORKING, days="calendar")
RULES = st.builds(
    lambda days, grace, most: replace(WORKING, days=days, grace_minutes=grace, most_days=most),
    st.sampled_from(["working", "calendar"]),
    st.integers(0, 3000),
    st.integers(0, 20),
)
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2030, 12, 31), timezones=st.just(UTC))


def _in_england(*parts: int, fold: int = 0) -> datetime:
    return datetime(*parts, tzinfo=LONDON, fold=fold).astimezone(UTC)  # type: ignore[misc]


def _late(due: datetime, came: datetime, late: LateRule = WORKING) -> int:
    return Deadline(due, late, Calendar()).days_late(came)


FRIDAY = _in_england(2026, 11, 20, 16, 0)


@pytest.mark.parametrize(
    ("came", "working", "calendar"),
    [
        (FRIDAY, 0, 0),
        (FRIDAY + timedelta(seconds=1), 1, 1),
        (_in_england(2026, 11, 21, 16, 0), 1, 1),
        (_in_england(2026, 11, 22, 10, 0), 1, 2),
        (_in_england(2026, 11, 23, 16, 0), 1, 3),
        (_in_england(2026, 11, 23, 16, 1), 2, 4),
        (_in_england(2026, 11, 27, 9, 0), 5, 7),
    ],
)
def test_each_day_begun_counts_whole(came: datetime, working: int, calendar: int) -> None:
    assert _late(FRIDAY, came) == working
    assert _late(FRIDAY, came, CALENDAR) == calendar


def test_a_due_date_at_a_weekend_has_its_first_day_on_monday() -> None:
    saturday = _in_england(2026, 11, 21, 12, 0)
    assert _late(saturday, _in_england(2026, 11, 23, 12, 0)) == 1
    assert _late(saturday, _in_england(2026, 11, 23, 12, 1)) == 2


def test_days_closed_by_the_university_do_not_count() -> None:
    closed = Calendar((Closure("Winter closure", date(2026, 12, 24), date(2027, 1, 1)),))
    deadline = Deadline(_in_england(2026, 12, 23, 16, 0), WORKING, closed)
    assert deadline.days_late(_in_england(2027, 1, 4, 16, 0)) == 1


@pytest.mark.parametrize("late", [WORKING, CALENDAR])
def test_clocks_that_change_move_no_deadline(late: LateRule) -> None:
    """Due at 16:00, a day late is until 16:00, though it is 23 or 25 hours later."""
    for due, next_day in (
        (_in_england(2026, 3, 27, 16, 0), _in_england(2026, 3, 30, 16, 0)),
        (_in_england(2026, 10, 23, 16, 0), _in_england(2026, 10, 26, 16, 0)),
    ):
        days = _late(due, next_day, late)
        assert _late(due, next_day + timedelta(minutes=1), late) == days + 1
        assert _late(due, next_day - timedelta(hours=2), late) == days


def test_the_hour_that_comes_twice_is_told_apart() -> None:
    first = _in_england(2026, 10, 25, 1, 30)
    second = _in_england(2026, 10, 25, 1, 30, fold=1)
    assert second - first == timedelta(hours=1)
    assert _late(first, second, CALENDAR) == 1
    assert _late(second, first, CALENDAR) == 0


def test_grace_counts_as_in_time_and_lengthens_nothing_else() -> None:
    late = replace(CALENDAR, grace_minutes=60)
    assert _late(FRIDAY, FRIDAY + timedelta(minutes=60), late) == 0
    assert _late(FRIDAY, FRIDAY + timedelta(minutes=61), late) == 1
    assert _late(FRIDAY, FRIDAY + timedelta(hours=24, minutes=30), late) == 2


def test_nothing_is_accepted_after_the_last_day() -> None:
    deadline = Deadline(FRIDAY, replace(WORKING, most_days=2), Calendar())
    last = _in_england(2026, 11, 24, 16, 0)
    assert deadline.accepted_until == last
    assert deadline.is_accepted(last) and not deadline.is_accepted(last + timedelta(seconds=1))
    assert Deadline(FRIDAY, replace(WORKING, most_days=0), Calendar()).accepted_until is None


@given(MOMENTS, RULES, MOMENTS, st.integers(0, 100_000))
def test_later_is_never_less_late(due: datetime, late: LateRule, came: datetime, more: int) -> None:
    deadline = Deadline(due, late, Calendar())
    came = min(came, due + timedelta(days=400))
    assert deadline.days_late(came) <= deadline.days_late(came + timedelta(minutes=more))
    assert (deadline.days_late(came) > 0) == (came > due + timedelta(minutes=late.grace_minutes))


@given(MOMENTS, RULES, st.integers(0, 60_000))
def test_what_is_accepted_is_at_most_the_last_day_late(
    due: datetime, late: LateRule, minutes: int
) -> None:
    deadline = Deadline(due, late, Calendar())
    came = due + timedelta(minutes=minutes)
    if late.most_days:
        assert deadline.is_accepted(came) == (deadline.days_late(came) <= late.most_days)


@given(MOMENTS, MOMENTS)
def test_working_days_are_never_more_than_calendar_days(due: datetime, came: datetime) -> None:
    came = min(came, due + timedelta(days=400))
    assert _late(due, came) <= max(_late(due, came, CALENDAR), 0)
