"""The laws of days and hours, whatever the visits."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.activities.placement_log.visits import days
from lti_tool.programme.school_days import load_terms

TERMS = load_terms(Path(__file__).parents[4] / "config")


@dataclass(frozen=True)
class One:
    visit_on: date | None
    arrives_at: str
    leaves_at: str
    half_days: int


def _time(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


@st.composite
def visits(draw: st.DrawFn) -> One:
    begin = draw(st.integers(6 * 60, 18 * 60))
    end = draw(st.integers(begin + 1, 20 * 60))
    hours = draw(st.booleans())
    return One(
        draw(st.none() | st.dates(date(2027, 3, 1), date(2027, 3, 5))),
        _time(begin) if hours else "",
        _time(end) if hours else "",
        draw(st.sampled_from([days.HALF, days.WHOLE])),
    )


@given(visits(), visits())
def test_colliding_goes_both_ways_and_only_on_one_day(one: One, other: One) -> None:
    assert days.collide(one, other) == days.collide(other, one)
    if one.visit_on is None or one.visit_on != other.visit_on:
        assert not days.collide(one, other)


@given(visits())
def test_a_visit_with_hours_collides_with_itself(one: One) -> None:
    if one.visit_on and (one.arrives_at or one.half_days == days.WHOLE):
        assert days.collide(one, one)


@given(visits(), visits())
def test_half_days_on_one_day_may_follow_one_another(one: One, other: One) -> None:
    """Two that do not collide never hold more than a day, and never meet by the clock."""
    if one.visit_on and one.visit_on == other.visit_on and not days.collide(one, other):
        assert one.half_days + other.half_days <= days.WHOLE
        if one.arrives_at and other.arrives_at:
            assert one.leaves_at <= other.arrives_at or other.leaves_at <= one.arrives_at


@given(st.lists(visits(), max_size=12), visits(), st.integers(1, 20))
def test_one_more_visit_never_lowers_what_is_used(before: list[One], more: One, most: int) -> None:
    assert days.half_days_used([*before, more]) == days.half_days_used(before) + more.half_days
    if days.why_too_much(before, most):
        assert days.why_too_much([*before, more], most)
    assert (days.why_too_much(before, most) is None) == (days.half_days_used(before) <= most)


@given(st.integers(0, 40))
def test_half_days_in_words_lose_nothing(half_days: int) -> None:
    words = days.in_days(half_days)
    number = words.split(" ")[0]
    if half_days == 1:
        assert words == "half a day"
    else:
        assert 2 * int(number.replace("½", "")) + ("½" in number) == half_days


@pytest.mark.parametrize(
    ("typed", "read"),
    [("8:45", "08:45"), ("08.45", "08:45"), ("1530", "15:30"), ("24:00", None), ("noon", None)],
)
def test_times_are_read_as_people_type_them(typed: str, read: str | None) -> None:
    assert days.read_time(typed) == read


@pytest.mark.parametrize(
    ("day", "may_know_better"),
    [
        (date(2027, 3, 6), False),  # a Saturday
        (date(2027, 5, 3), False),  # the early May bank holiday
        (date(2027, 2, 17), True),  # half-term
        (date(2027, 8, 10), True),  # the summer holidays
    ],
)
def test_closed_days_are_said(day: date, may_know_better: bool) -> None:
    found = days.why_day_closed(day, TERMS, closed_on_weekends=True)
    assert found is not None and found[1] is may_know_better
    assert days.in_words(day) in found[0]


def test_a_school_day_is_open_and_a_weekend_where_the_programme_says_so() -> None:
    assert days.why_day_closed(date(2027, 3, 2), TERMS, closed_on_weekends=True) is None
    assert days.why_day_closed(date(2027, 3, 6), TERMS, closed_on_weekends=False) is None


def test_done_is_for_what_has_begun() -> None:
    now = datetime(2027, 3, 2, 9, 0, tzinfo=UTC)
    today = One(date(2027, 3, 2), "08:45", "15:30", 2)
    assert days.why_not_done_yet(today, now) is None
    assert "begins at 10:00 today" in str(
        days.why_not_done_yet(One(date(2027, 3, 2), "10:00", "15:30", 2), now)
    )
    ahead = One(today.visit_on + timedelta(days=1), "08:45", "15:30", 2)  # type: ignore[operator]
    assert "Wednesday 3 March 2027" in str(days.why_not_done_yet(ahead, now))
    assert days.why_not_done_yet(One(None, "", "", 2), now)


def test_leaving_comes_after_arriving_and_half_a_day_is_short() -> None:
    assert days.why_hours_wrong("09:00", "09:00") and not days.why_hours_wrong("09:00", "09:01")
    assert days.why_not_half("08:45", "15:30", days.HALF)
    assert days.why_not_half("08:45", "12:00", days.HALF) is None
    assert days.why_not_half("08:45", "15:30", days.WHOLE) is None
