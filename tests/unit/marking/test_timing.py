"""When feedback is due and how many pieces a day finish on time, against worked dates."""

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from lti_tool.coursework.calendar import Calendar, Closure, working_days_between
from lti_tool.marking.desk.timing import feedback_day, in_words, work_out_pace

OPEN = Calendar()
MONDAY = date(2026, 11, 9)


def _at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def test_feedback_is_due_working_days_after_the_due_date() -> None:
    # 15 working days from Monday 9 November: three weeks, no bank holiday between
    assert feedback_day(_at(MONDAY), _at(date(2026, 11, 2)), 15, OPEN) == date(2026, 11, 30)


def test_later_work_and_work_without_a_due_date_count_from_the_hand_in() -> None:
    late = date(2026, 11, 11)
    assert feedback_day(_at(MONDAY), _at(late), 1, OPEN) == date(2026, 11, 12)
    assert feedback_day(None, _at(late), 1, OPEN) == date(2026, 11, 12)


def test_bank_holidays_and_closure_days_put_it_off() -> None:
    closed = Calendar((Closure("Christmas", date(2026, 12, 24), date(2027, 1, 1)),))
    # Monday 21 December + 3: 22, 23, then closed until Monday 4 January
    assert feedback_day(_at(date(2026, 12, 21)), _at(MONDAY), 3, closed) == date(2027, 1, 4)
    # without the closure: 22, 23, 24; Christmas Day itself never counts
    assert feedback_day(_at(date(2026, 12, 21)), _at(MONDAY), 4, OPEN) == date(2026, 12, 29)


def test_twenty_eight_pieces_in_fifteen_days() -> None:
    pace = work_out_pace([date(2026, 11, 27)] * 28, MONDAY, OPEN)
    assert (pace.left, pace.days, pace.a_day) == (28, 15, 2)
    assert in_words(pace) == "28 pieces to mark, 15 working days: 2 a day finishes on time."


def test_an_earlier_day_decides_the_pace() -> None:
    pace = work_out_pace([date(2026, 11, 10)] * 6 + [date(2026, 11, 27)] * 2, MONDAY, OPEN)
    assert (pace.by, pace.days, pace.a_day) == (date(2026, 11, 10), 2, 3)
    assert in_words(pace) == (
        "8 pieces to mark. 6 by 10 November 2026, 2 working days: 3 a day finishes on time."
    )


def test_what_is_overdue_is_said() -> None:
    assert in_words(work_out_pace([date(2026, 11, 6)], MONDAY, OPEN)) == (
        "1 piece to mark. Past the feedback date: 1."
    )
    assert in_words(work_out_pace([], MONDAY, OPEN)) == ""


@given(st.lists(st.dates(MONDAY, date(2027, 2, 28)), min_size=1, max_size=60))
def test_the_pace_meets_every_day_and_no_slower_one_does(due: list[date]) -> None:
    pace = work_out_pace(due, MONDAY, OPEN)

    def meets(a_day: int) -> bool:
        days = {day: max(working_days_between(date(2026, 11, 8), day, OPEN), 1) for day in due}
        return all(sum(one <= day for one in due) <= a_day * days[day] for day in due)

    assert meets(pace.a_day) and not meets(pace.a_day - 1)
