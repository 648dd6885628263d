"""Working days: what counts, laws of counting, and a calendar file with something wrong."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.core.errors import Unusable
from lti_tool.coursework.calendar import (
    Calendar,
    Closure,
    add_working_days,
    load_calendar,
    working_days_between,
)

CONFIG = Path(__file__).parents[3] / "config"
DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))
CLOSURES = st.builds(
    lambda first, more: Closure("Closed", first, first + timedelta(days=more)),
    DAYS,
    st.integers(0, 20),
)
CALENDARS = st.builds(lambda found: Calendar(tuple(found)), st.lists(CLOSURES, max_size=4))


def test_weekends_bank_holidays_and_closures_do_not_count() -> None:
    calendar = Calendar((Closure("Winter closure", date(2026, 12, 24), date(2027, 1, 1)),))
    assert calendar.why_closed(date(2026, 11, 21)) == "weekend"
    assert calendar.why_closed(date(2026, 12, 28)) is not None
    assert calendar.why_closed(date(2026, 12, 24)) == "Winter closure"
    assert Calendar().is_working(date(2026, 12, 24))
    assert not Calendar().is_working(date(2026, 8, 31)), "the summer bank holiday of England"
    assert Calendar().is_working(date(2026, 8, 3)), "that of Scotland is none in England"
    assert add_working_days(date(2026, 12, 23), 1, calendar) == date(2027, 1, 4)


def test_a_friday_and_the_easter_weekend() -> None:
    thursday, tuesday = date(2026, 4, 2), date(2026, 4, 7)
    assert add_working_days(thursday, 1, Calendar()) == tuesday
    assert working_days_between(thursday, date(2026, 4, 6), Calendar()) == 0
    assert add_working_days(tuesday, -1, Calendar()) == thursday


@given(DAYS, st.integers(0, 60), CALENDARS)
def test_counting_back_what_was_added_gives_it_again(
    day: date, count: int, calendar: Calendar
) -> None:
    later = add_working_days(day, count, calendar)
    assert working_days_between(day, later, calendar) == count
    assert count == 0 or calendar.is_working(later)


@given(DAYS, st.integers(0, 60), st.integers(0, 60), CALENDARS)
def test_adding_in_two_steps_is_adding_at_once(
    day: date, one: int, two: int, calendar: Calendar
) -> None:
    at_once = add_working_days(day, one + two, calendar)
    assert add_working_days(add_working_days(day, one, calendar), two, calendar) == at_once


@given(DAYS, DAYS, CLOSURES)
def test_a_closure_never_adds_working_days(one: date, two: date, closure: Closure) -> None:
    first, last = min(one, two), max(one, two)
    closed = working_days_between(first, min(last, first + timedelta(400)), Calendar((closure,)))
    assert closed <= working_days_between(first, min(last, first + timedelta(400)), Calendar())


def test_the_shipped_calendar_is_read() -> None:
    assert load_calendar(CONFIG).why_closed(date(2026, 12, 29)) == "Winter closure"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("closures:\n  - {name: A, first: 2026-12-24, last: 2026-12-23}\n", "line 2: “last”"),
        ("closures:\n  - {name: A, first: 2026-02-30, last: 2026-03-01}\n", "line 2: “first”"),
        ("closures:\n\n  - {first: 2026-02-01, last: 2026-03-01}\n", "line 3: this closure lacks"),
        ("closures:\n  - {name: A, first: 2026-12-24, last: 2027-12-23}\n", "is a slip"),
        ("closures:\n  - {name: '', first: 2026-12-24, last: 2026-12-24}\n", "“name”"),
        ("closures:\n  - {name: A, first: [1], last: 2026-12-24}\n", "“first”"),
        ("closures:\n  - {name: A, from: 1, first: 2026-12-24, last: 2026-12-24}\n", "“from”"),
        ("closures:\n  - 2026-12-24\n", "line 2: a closure needs"),
        ("closures: 5\n", "must be a list"),
        ("opened: []\n", "must hold “closures”"),
        ("- 1\n", "must hold “closures”"),
        ("closures: [\n", "no valid YAML"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "calendar.yaml").write_text(text, "utf-8")
    with pytest.raises(Unusable) as error:
        load_calendar(tmp_path)
    assert said in error.value.sentence


def test_no_calendar_at_all_is_said(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match=r"calendar\.yaml cannot be read: No such file"):
        load_calendar(tmp_path)
