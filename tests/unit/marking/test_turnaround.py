"""How soon feedback came: worked examples, and that the parts add up to the whole."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from lti_tool.coursework.calendar import Calendar, Closure, add_working_days
from lti_tool.marking.turnaround import (
    Timed,
    add_up,
    add_up_by,
    by_assignment,
    by_course,
    by_tutor,
    days_taken,
    in_words,
)

CLOSED = Calendar((Closure("Christmas", date(2026, 12, 24), date(2027, 1, 1)),))
BEGINS = date(2026, 12, 14)
TODAY = date(2027, 2, 1)


def _timed(
    out_on: date | None, allowed: int = 5, tutor_id: int | None = 7, is_held: bool = False
) -> Timed:
    due_on = add_working_days(BEGINS, allowed, CLOSED)
    return Timed(1, 2, tutor_id, allowed, BEGINS, due_on, out_on, is_held)


def test_closure_days_and_bank_holidays_are_not_counted() -> None:
    # 15 to 18 December are four days, 21 to 23 three more, then closed until Monday 4 January
    assert days_taken(_timed(date(2027, 1, 4)), CLOSED) == 8
    assert days_taken(_timed(date(2027, 1, 3)), CLOSED) == 7
    assert days_taken(_timed(BEGINS), CLOSED) == 0
    assert days_taken(_timed(None), CLOSED) is None


def test_what_is_out_late_overdue_and_not_yet_due_stand_apart() -> None:
    last_day = date(2026, 12, 21)
    pieces = [
        _timed(last_day),
        _timed(last_day + timedelta(days=1)),
        _timed(None),
        _timed(None, is_held=True),
        _timed(None, allowed=40),
    ]
    found = add_up(pieces, TODAY, CLOSED)
    assert (found.in_time, found.late, found.overdue, found.waiting) == (1, 1, 2, 1)
    assert (found.of, found.held_overdue, found.median_days) == (4, 1, Decimal("5.5"))
    assert found.allowed == (5, 40)
    assert in_words(found) == (
        "1 of 4 pieces had feedback within the 5 to 40 working days of their rules. Half of those "
        "that are out took 5.5 working days or fewer. Overdue: 2. Of these held back "
        "while something is looked into: 1. Not out and not yet due: 1."
    )


def test_nothing_due_is_nothing_to_look_at_and_no_zero() -> None:
    found = add_up([_timed(None, allowed=40)], TODAY, CLOSED)
    assert found.of == 0 and found.median_days is None
    assert in_words(found) == "Nothing to look at yet. Not out and not yet due: 1."
    one = add_up([_timed(date(2026, 12, 15))], TODAY, CLOSED)
    assert in_words(one) == "1 of 1 piece had feedback within 5 working days."


DAYS = st.dates(date(2026, 9, 1), date(2027, 8, 31))
PIECES = st.builds(
    lambda number, tutor, allowed, begins, wait, is_held: Timed(
        number,
        number % 2,
        tutor,
        allowed,
        begins,
        add_working_days(begins, allowed, CLOSED),
        None if wait is None else begins + timedelta(days=wait),
        is_held,
    ),
    st.integers(1, 4),
    st.none() | st.integers(1, 3),
    st.integers(1, 30),
    DAYS,
    st.none() | st.integers(0, 60),
    st.booleans(),
)


@given(st.lists(PIECES, max_size=30), DAYS)
def test_every_piece_is_counted_once_however_it_is_cut(pieces: list[Timed], today: date) -> None:
    whole = add_up(pieces, today, CLOSED)
    assert whole.of + whole.waiting == len(pieces)
    assert whole.held_overdue <= whole.overdue
    for one in pieces:
        days = days_taken(one, CLOSED)
        # on a working day, the last day allowed and the count of days say the same
        if one.out_on is not None and CLOSED.is_working(one.out_on):
            assert days is not None and one.is_in_time == (days <= one.allowed)
    for key in (by_tutor, by_assignment, by_course):
        apart = add_up_by(key, pieces, today, CLOSED).values()
        for name in ("in_time", "late", "overdue", "waiting", "held_overdue", "of"):
            assert sum(getattr(one, name) for one in apart) == getattr(whole, name)
