"""Months, deadlines and DBS checks: laws, and the cases that people get wrong."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.programme.checking import check_dbs_days, check_standing
from lti_tool.programme.dates import (
    add_months,
    add_years,
    deadline_warnings,
    senco_deadline,
    why_no_nasenco,
)
from lti_tool.programme.dbs import DbsRead, good_until, why_dbs_short
from lti_tool.programme.mailboxes import check_email, is_free_mail, is_own
from lti_tool.programme.numbers import load_programme_numbers
from lti_tool.programme.schools import check_urn

NUMBERS = load_programme_numbers(Path(__file__).parents[3] / "config")
DAYS = st.dates(date(2003, 1, 1), date(2060, 12, 31))
LEVELS = ("basic", "standard", "enhanced", "enhanced_barred")


def dbs(
    issued_on: date,
    update_on: date | None = None,
    level: str = "enhanced",
    workforce: str = "child",
) -> DbsRead:
    return DbsRead(
        1, 1, level, workforce, issued_on, update_on, "School office", issued_on, "school",
        datetime.now(UTC),
    )  # fmt: skip


@given(DAYS, st.integers(0, 240), st.integers(0, 240))
def test_months_add_up_and_never_pass_a_month(day: date, first: int, second: int) -> None:
    one = add_months(day, first)
    assert (one.year * 12 + one.month) - (day.year * 12 + day.month) == first
    assert one.day <= day.day
    assert add_months(day, first) <= add_months(day, first + second)


@given(DAYS, DAYS, st.integers(0, 30))
def test_an_earlier_day_never_gets_a_later_deadline(one: date, two: date, years: int) -> None:
    first, second = sorted((one, two))
    assert add_years(first, years) <= add_years(second, years)


def test_the_third_anniversary() -> None:
    assert senco_deadline(date(2024, 9, 1), NUMBERS) == date(2027, 9, 1)
    assert senco_deadline(date(2024, 2, 29), NUMBERS) == date(2027, 2, 28), "never late"
    assert senco_deadline(None, NUMBERS) is None, "an aspiring SENCO has no date"


@given(DAYS, st.none() | st.integers(0, 3000), st.integers(-4000, 4000))
def test_a_check_is_enough_from_its_issue_to_the_end_of_the_limit(
    issued_on: date, later: int | None, offset: int
) -> None:
    update_on = None if later is None else issued_on + timedelta(days=later)
    check = dbs(issued_on, update_on)
    on = issued_on + timedelta(days=offset)
    is_enough = why_dbs_short(check, NUMBERS, on) is None
    assert is_enough == (issued_on <= on <= good_until(check, NUMBERS))


@given(DAYS, st.integers(0, 1000))
def test_asking_the_update_service_never_makes_a_check_worse(issued_on: date, days: int) -> None:
    bare, asked = dbs(issued_on), dbs(issued_on, issued_on + timedelta(days=days))
    assert good_until(bare, NUMBERS) <= good_until(asked, NUMBERS)


@given(st.sampled_from(LEVELS), st.sampled_from(("child", "adult", "child_and_adult", "other")))
def test_level_and_workforce(level: str, workforce: str) -> None:
    day = date(2026, 1, 1)
    short = why_dbs_short(dbs(day, None, level, workforce), NUMBERS, day)
    is_right = level.startswith("enhanced") and workforce in ("child", "child_and_adult")
    assert (short is None) == is_right


def test_sentences_never_speak_of_expiry() -> None:
    old = why_dbs_short(dbs(date(2020, 1, 1)), NUMBERS, date(2026, 1, 1))
    assert old is not None and "our limit of 36 months" in old and "expire" not in old
    assert why_dbs_short(None, NUMBERS, date(2026, 1, 1)) is not None
    ahead = why_dbs_short(dbs(date(2026, 5, 1)), NUMBERS, date(2026, 4, 1))
    assert ahead is not None and "after that day" in ahead


def test_nasenco_is_closed_to_starters_and_held_against_the_board() -> None:
    assert why_no_nasenco(date(2024, 8, 31), NUMBERS) is None
    assert "closed to anyone" in (why_no_nasenco(date(2024, 9, 1), NUMBERS) or "")
    assert why_no_nasenco(None, NUMBERS) is None

    def said(board_on: date | None, qualification: str = "nasenco") -> list[str]:
        return deadline_warnings(
            qualification=qualification, senco_since=None, board_on=board_on,
            on=date(2027, 6, 1), numbers=NUMBERS,
        )  # fmt: skip

    assert said(date(2027, 8, 31)) == []
    assert "too late" in said(date(2027, 9, 1))[0]
    assert "no date of the board" in said(None)[0]
    assert said(date(2027, 9, 1), "npq") == []


def test_the_schools_three_years_are_held_against_the_board() -> None:
    def said(board_on: date | None, on: date) -> list[str]:
        return deadline_warnings(
            qualification="npq", senco_since=date(2024, 9, 1), board_on=board_on, on=on,
            numbers=NUMBERS,
        )  # fmt: skip

    assert said(date(2027, 9, 1), date(2027, 1, 1)) == []
    assert "after the three years" in said(date(2027, 9, 2), date(2027, 1, 1))[0]
    assert "ended on 1 September 2027" in said(None, date(2027, 9, 2))[0]


@pytest.mark.parametrize(
    ("text", "is_good"),
    [
        ("116123", True), (" 116123 ", True), ("", True), ("016123", False), ("11612", False),
        ("1161234", False), ("11612a", False), ("１１６１２３", False), ("116 123", False),
    ],
)  # fmt: skip
def test_a_urn_by_its_shape(text: str, is_good: bool) -> None:
    assert (check_urn(text) is None) == is_good


def test_days_of_a_check_in_an_order_that_can_be() -> None:
    today = date(2026, 11, 9)
    issued = date(2026, 1, 1)
    assert check_dbs_days(issued, None, issued, today) == {}
    assert set(check_dbs_days(issued, date(2025, 12, 31), date(2027, 1, 1), today)) == {
        "update_service_on",
        "checked_on",
    }
    assert set(check_dbs_days(date(1999, 1, 1), None, today, today)) == {"issued_on"}


def _standing(**changed: object) -> dict[str, str]:
    given: dict[str, object] = {
        "senco_since": None, "is_aspiring": False, "qts_checked_on": None, "qualification": "",
        "course_began_on": None, "trn": None, "today": date(2026, 11, 9), "numbers": NUMBERS,
    }  # fmt: skip
    return check_standing(**{**given, **changed})  # type: ignore[arg-type]


def test_a_standing_that_can_be_true() -> None:
    assert _standing() == {}
    assert set(_standing(is_aspiring=True, senco_since=date(2025, 1, 1))) == {"senco_since"}
    assert set(_standing(senco_since=date(2027, 1, 1))) == {"senco_since"}
    assert set(_standing(senco_since=date(1990, 1, 1))) == {"senco_since"}
    assert set(_standing(trn="123")) == {"trn"}
    closed = _standing(qualification="nasenco", course_began_on=date(2025, 9, 1))
    assert set(closed) == {"qualification"}


def test_addresses() -> None:
    assert check_email("head@school.sch.uk") is None
    assert check_email("head@school, x@y.z") is not None
    assert is_own(" Me@School.org ", "me@school.org") and not is_own("me@x.org", None)
    assert is_free_mail("Head@GMAIL.com", NUMBERS) and not is_free_mail("h@a.sch.uk", NUMBERS)
    assert not is_free_mail(None, NUMBERS)
