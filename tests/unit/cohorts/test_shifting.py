"""Dates moved to the next cohort: whole weeks, working days only, the same time of day."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from lti_tool.core.clock import in_london
from lti_tool.coursework.calendar import Calendar, Closure
from lti_tool.programme.cohorts.shifting import shift_day, shift_moment, weeks_between

CALENDAR = Calendar((Closure("closed for winter", date(2026, 12, 21), date(2027, 1, 3)),))
_DAYS = st.dates(date(2024, 1, 1), date(2029, 12, 31))
_WEEKS = st.integers(0, 60)


@settings(deadline=None)
@given(_DAYS, _WEEKS)
def test_a_day_lands_on_the_first_working_day_from_there(day: date, weeks: int) -> None:
    moved, aim = shift_day(day, weeks, CALENDAR), day + timedelta(weeks=weeks)
    assert CALENDAR.is_working(moved) and moved >= aim
    assert all(not CALENDAR.is_working(aim + timedelta(n)) for n in range((moved - aim).days))
    if CALENDAR.is_working(aim):
        assert moved.weekday() == day.weekday()


@settings(deadline=None)
@given(_DAYS, _DAYS, _WEEKS)
def test_the_order_of_days_stays(one: date, other: date, weeks: int) -> None:
    first, second = sorted((one, other))
    assert shift_day(first, weeks, CALENDAR) <= shift_day(second, weeks, CALENDAR)


@settings(deadline=None)
@given(st.datetimes(datetime(2024, 1, 1), datetime(2029, 12, 31), timezones=st.just(UTC)), _WEEKS)
def test_the_time_of_day_in_england_stays(moment: datetime, weeks: int) -> None:
    moved = shift_moment(moment, weeks, CALENDAR)
    before, after = in_london(moment), in_london(moved)
    assert after.time() == before.time()
    assert after.date() == shift_day(before.date(), weeks, CALENDAR)


@settings(deadline=None)
@given(_DAYS, _DAYS)
def test_the_nearest_number_of_weeks(first: date, later: date) -> None:
    assert abs((later - first).days - 7 * weeks_between(first, later)) <= 3


def test_over_the_change_of_clocks_and_a_bank_holiday() -> None:
    due = datetime(2026, 1, 16, 16, 0, tzinfo=UTC)
    assert shift_moment(due, 24, CALENDAR) == datetime(2026, 7, 3, 15, 0, tzinfo=UTC)
    assert shift_day(date(2026, 5, 4), 0, CALENDAR) == date(2026, 5, 5), "early May bank holiday"
    assert shift_day(date(2025, 12, 22), 52, CALENDAR) == date(2027, 1, 4)
