"""The states of a checklist: who moves what, and how long an approval holds."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.activities.quality_standards import states
from lti_tool.activities.quality_standards.years import days_of, say_year, year_of

DAYS = st.dates(date(2000, 1, 1), date(2090, 12, 31))


def test_every_state_is_reached_and_none_is_unknown() -> None:
    assert {one.became for one in states.MOVES} == set(states.STATES)
    assert {one.was for one in states.MOVES} == set(states.STATES) - {states.LAPSED}
    assert set(states.CHIPS) == set(states.STATES)


@pytest.mark.parametrize(
    ("was", "became", "by", "may"),
    [
        (states.DRAFT, states.SUBMITTED, states.LEADER, True),
        (states.DRAFT, states.APPROVED, states.LEADER, False),
        (states.SUBMITTED, states.IN_REVIEW, states.REVIEWER, True),
        (states.IN_REVIEW, states.APPROVED, states.REVIEWER, False),
        (states.IN_REVIEW, states.DRAFT, states.LEADER, False),
        (states.RETURNED, states.SUBMITTED, states.LEADER, True),
        (states.APPROVED, states.DRAFT, states.LEADER, False),
        (states.APPROVED, states.LAPSED, states.LEADER, False),
        (states.APPROVED, states.LAPSED, states.CLOCK, True),
        (states.LAPSED, states.APPROVED, states.LEADER, False),
    ],
)
def test_who_may_move_what(was: str, became: str, by: str, may: bool) -> None:
    assert (states.find_move(was, became, by) is not None) is may


def test_the_team_writes_only_before_it_is_submitted_and_after_it_is_returned() -> None:
    assert {states.DRAFT, states.RETURNED} == states.EDITABLE
    for one in states.MOVES:
        assert bool(one.label) is (one.by == states.LEADER)
    needing = {one.became for one in states.MOVES if one.needs_words}
    assert needing == {states.RETURNED, states.CONDITIONS}


@given(DAYS, st.integers(1, 5))
def test_an_approval_holds_whole_years_and_then_lapses(on: date, years: int) -> None:
    last = states.last_day(on, years)
    assert abs((last - on).days - (365 * years + years // 4)) <= 3
    assert not states.has_lapsed(last, last)
    assert states.has_lapsed(last, last + timedelta(days=1))


def test_the_last_day_is_the_one_before_and_29_february_gives_the_28th() -> None:
    assert states.last_day(date(2026, 3, 1), 3) == date(2029, 2, 28)
    assert states.last_day(date(2028, 3, 1), 3) == date(2031, 2, 28)
    assert states.last_day(date(2026, 1, 1), 3) == date(2028, 12, 31)
    assert not states.has_lapsed(None, date(2030, 1, 1))


@given(DAYS)
def test_every_day_lies_in_its_academic_year(day: date) -> None:
    first, last = days_of(year_of(day))
    assert first <= day <= last
    assert days_of(year_of(last) + 1)[0] == last + timedelta(days=1)


def test_a_year_is_said_as_people_write_it() -> None:
    assert (say_year(2026), say_year(2099)) == ("2026/27", "2099/00")
