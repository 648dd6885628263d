"""Readings of single cells, as schools write them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.activities.provision_map_audit.readings.dates import (
    read_date,
    read_span,
    weeks_between,
)
from lti_tool.activities.provision_map_audit.readings.groups import read_groups
from lti_tool.activities.provision_map_audit.readings.money import read_money, read_rates
from lti_tool.activities.provision_map_audit.readings.reading import (
    parse_number,
    read_area,
    read_percent,
    read_tier,
)
from lti_tool.activities.provision_map_audit.readings.scores import read_score
from lti_tool.activities.provision_map_audit.readings.staff import read_staff
from lti_tool.activities.provision_map_audit.readings.time import read_length, read_time
from lti_tool.activities.provision_map_audit.words import Words


def _read_time(kind: Any, text: str, words: Words) -> object:
    return read_time(text, kind, words)


def _read_groups(kind: Any, text: str, words: Words) -> object:
    return read_groups(text, kind, words)


@pytest.mark.parametrize(
    ("expected", "text", "minutes", "sessions", "weeks"),
    [
        ("minutes", "30 mins", 30, None, None),
        ("minutes", "½ hr", 30, None, None),
        ("minutes", "1hr 15", 75, None, None),
        ("minutes", "1h30", 90, None, None),
        ("minutes", "1½ hours", 90, None, None),
        ("minutes", "half an hour", 30, None, None),
        ("minutes", "an hour", 60, None, None),
        ("minutes", "00:45", 45, None, None),
        ("minutes", "9:00-9:30", 30, None, None),
        ("minutes", "approx 20 mins", 20, None, None),
        ("minutes", "30 mins x 3", 30, 3, None),
        ("sessions", "2x week", None, 2, None),
        ("sessions", "x3 weekly", None, 3, None),
        ("sessions", "daily", None, 5, None),
        ("sessions", "twice daily", None, 10, None),
        ("sessions", "Mon, Wed and Fri", None, 3, None),
        ("sessions", "Mon-Thu", None, 4, None),
        ("sessions", "Mon-Wed and Fri", None, 4, None),
        ("sessions", "Daily except Friday", None, 4, None),
        ("sessions", "Daily (not Fri)", None, 4, None),
        ("sessions", "every day but not Mon or Fri", None, 3, None),
        ("sessions", "twice daily apart from Fridays", None, 8, None),
        ("sessions", "every morning except Weds", None, 4, None),
        ("sessions", "Mon-Fri excluding Wed", None, 4, None),
        ("sessions", "Mon-Thu, not Wed", None, 3, None),
        ("schedule", "20 mins daily except Fri", 20, 4, None),
        ("sessions", "fortnightly", None, "0.5", None),
        ("sessions", "twice a week", None, 2, None),
        ("sessions", "3/wk", None, 3, None),
        ("weeks", "6 wks", None, None, 6),
        ("weeks", "12 week block", None, None, 12),
        ("weeks", "all year", None, None, 38),
        ("weeks", "Autumn 1", None, None, 7),
        ("weeks", "Autumn 1-2", None, None, 14),
        ("weeks", "Spring term 2027", None, None, 12),
        ("weeks", "half a term", None, None, 6),
        ("weeks", "2 terms", None, None, 24),
        ("weeks", "3 terms", None, None, 38),
        ("schedule", "3 x 30 mins per week", 30, 3, None),
        ("schedule", "20 minutes daily", 20, 5, None),
        ("schedule", "1hr 15 weekly", 75, 1, None),
        ("schedule", "30 mins x 3 x 12 weeks", 30, 3, 12),
        ("schedule", "3 times per week for 20 minutes for 10 weeks", 20, 3, 10),
        ("schedule", "4 days a week, 20 mins a day", 20, 4, None),
        ("schedule", "x3 30 min sessions weekly", 30, 3, None),
        ("schedule", "45 mins, once a week, Autumn term", 45, 1, 14),
    ],
)
def test_time(
    expected: Any, text: str, minutes: Any, sessions: Any, weeks: Any, words: Words
) -> None:
    parts = read_time(text, expected, words).value
    assert parts is not None
    wanted = [None if v is None else Decimal(v) for v in (minutes, sessions, weeks)]
    assert [parts.minutes, parts.sessions, parts.weeks] == wanted


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ("minutes", "TBC"),
        ("minutes", "20-30"),
        ("minutes", "30+"),
        ("minutes", "1"),
        ("minutes", "up to 30 mins"),
        ("minutes", "a while"),
        ("minutes", "0"),
        ("minutes", "-5"),
        ("minutes", "30 mins 20 mins"),
        ("minutes", "600"),
        ("sessions", "2-3"),
        ("sessions", "monthly"),
        ("sessions", "as needed"),
        ("sessions", "40"),
        ("sessions", "not Mondays"),
        ("sessions", "daily except the last Friday"),
        ("weeks", "ongoing"),
        ("weeks", "4 to 6 weeks"),
        ("weeks", "Term 1"),
        ("weeks", "3 months"),
        ("schedule", "30"),
        ("schedule", "10 x 30 mins"),
        ("schedule", "every 3 weeks"),
    ],
)
def test_what_is_not_a_number_of_its_kind_is_a_problem(
    expected: Any, text: str, words: Words
) -> None:
    reading = read_time(text, expected, words)
    assert reading.value is None
    assert reading.problem and reading.problem.endswith(".")


def test_headings_give_the_unit(words: Words) -> None:
    hours = read_time("0.5", "minutes", words, unit="hour").value
    assert hours is not None and hours.minutes == 30
    assert read_time("0.5", "minutes", words, unit="minute").problem
    assert read_time("30", "minutes", words, unit="hour").problem


def test_excel_times(words: Words) -> None:
    half = read_time("00:30", "minutes", words, value=dt.time(0, 30)).value
    assert half is not None and half.minutes == 30
    thirty_hours = read_time("30:00", "minutes", words, value=dt.timedelta(hours=30))
    assert thirty_hours.problem and "30 hours" in thirty_hours.problem
    assert read_time("04/06/2026", "sessions", words, value=dt.datetime(2026, 6, 4)).problem


@pytest.mark.parametrize(
    ("text", "amount", "per"),
    [
        ("£1,234.50", "1234.50", None),
        ("16.5", "16.5", None),
        ("£12.50/hr", "12.50", "hour"),
        ("£16.50 per hour", "16.50", "hour"),
        ("£40 per week", "40", "week"),
        ("nil", "0", None),
        ("£500 pa", "500", "year"),
        ("£5 per pupil", "5", "pupil"),
        ("£20,00", "20.00", None),
        ("£40 (books)", "40", None),
        ("4 x £12", "48", None),
        ("£40 + £20", "60", None),
        ("£300 per term", "300", "term"),
        ("£1.2k", "1200", None),
        ("free", "0", None),
        ("Nessy licence £150", "150", None),
        ("£12.50ph", "12.50", "hour"),
        ("£2000 licence + £50 books", "2050", None),
        ("£2020 + £16.50", "2036.50", None),
        ("2000 + 50", "2050", None),
        ("£2000 approx", "2000", None),
        ("£ 2050 licence", "2050", None),
        ("3 x £2000", "6000", None),
        ("2000 x £3", "6000", None),
        ("Nessy 2026/27 £150", "150", None),
        ("£150 in 2025 + £50 in 2026", "200", None),
        ("£2000 (2026)", "2000", None),
    ],
)
def test_money(text: str, amount: str, per: str | None, words: Words) -> None:
    money = read_money(text, words).value
    assert money is not None
    assert (money.amount, money.per) == (Decimal(amount), per)


@pytest.mark.parametrize(
    "text",
    [
        "TBC",
        "-",
        "n/a",
        "£100-£150",
        "€40",
        "£100 + VAT",
        "lots",
        "-40",
        "£40 or £50",
        "up to £30",
        "£2050 total, £50 pupil",
        "2000 licence + £50 books",
        "£1,2000",
        "£12,5000",
        "12,0000",
        "£2,50,0",
        "£12,50 books",
        "4 x £1,2000",
    ],
)
def test_money_that_is_not_sure(text: str, words: Words) -> None:
    reading = read_money(text, words)
    assert reading.value is None and reading.problem


@pytest.mark.parametrize(
    ("text", "size", "groups", "pupils"),
    [
        ("4", 4, None, None),
        ("1:4", 4, None, None),
        ("1:1", 1, None, None),
        ("one to one", 1, None, None),
        ("4 groups of 3", 3, 4, None),
        ("pairs", 2, None, None),
        ("2 x groups of 4", 4, 2, None),
        ("6 children", 6, None, None),
        ("groups of 5", 5, None, None),
        ("12 (3 groups of 4)", 4, 3, 12),
    ],
)
def test_groups(text: str, size: Any, groups: Any, pupils: Any, words: Words) -> None:
    parts = read_groups(text, "group_size", words).value
    assert parts is not None
    assert (parts.group_size, parts.groups, parts.pupils) == (size, groups, pupils)


@pytest.mark.parametrize("text", ["4-6", "up to 6", "TBC", "small group", "0", "2.5"])
def test_groups_that_are_not_sure(text: str, words: Words) -> None:
    assert read_groups(text, "group_size", words).problem


def test_excel_turned_a_ratio_into_a_time(words: Words) -> None:
    parts = read_groups("01:04", "group_size", words, dt.time(1, 4)).value
    assert parts is not None and parts.group_size == 4


@pytest.mark.parametrize(
    ("text", "shares"),
    [
        ("TA", [("ta", 1)]),
        ("2 TAs", [("ta", 2)]),
        ("TA x2", [("ta", 2)]),
        ("2 x TA", [("ta", 2)]),
        ("TA + HLTA", [("ta", 1), ("hlta", 1)]),
        ("Teacher and 2 TAs", [("teacher", 1), ("ta", 2)]),
        ("Mrs Jones (TA)", [("ta", 1)]),
        ("0.5 TA", [("ta", "0.5")]),
        ("TA (2)", [("ta", 2)]),
        ("Class teacher", [("teacher", 1)]),
        ("SENCo, TA", [("senco", 1), ("ta", 1)]),
        ("HLTA - Mrs Wren", [("hlta", 1)]),
        ("Ed Psych", [("educational_psychologist", 1)]),
        ("Level 3 TA", [("ta", 1)]),
        ("TA, TA", [("ta", 2)]),
        ("Trained TA", [("ta", 1)]),
        ("two TAs", [("ta", 2)]),
        ("1:1 TA", [("ta", 1)]),
        ("SaLT", [("therapist", 1)]),
        ("Librarian", [("admin", 1)]),
        ("2 cover supervisors", [("lsa", 2)]),
        ("School nurse and TA", [("external_specialist", 1), ("ta", 1)]),
        ("Online tutor", [("teacher", 1)]),
        ("Online", [("no_staff", 1)]),
    ],
)
def test_staff(text: str, shares: list[tuple[str, Any]], words: Words) -> None:
    reading = read_staff(text, words)
    assert reading.value is not None, reading.problem
    assert [(s.role, s.count) for s in reading.value.shares] == [
        (role, Decimal(count)) for role, count in shares
    ]


@pytest.mark.parametrize("text", ["Teacher/TA", "TA or HLTA", "Mrs Jones", "TBC", "Sarah"])
def test_staff_that_is_not_sure_shows_no_name(text: str, words: Words) -> None:
    reading = read_staff(text, words)
    assert reading.value is None and reading.problem
    assert "Jones" not in reading.problem and "Sarah" not in reading.problem


def test_only_a_name_is_called_one_and_no_unknown_word_is_kept(words: Words) -> None:
    named, unknown = read_staff("Sarah Lark", words), read_staff("Falconer", words)
    assert named.problem and "names a member of staff" in named.problem
    assert unknown.problem and unknown.problem.startswith("We do not know this role.")
    assert "Falconer" not in unknown.problem
    beside = read_staff("Falconer and TA", words)
    assert beside.value is not None and beside.value.name_left_out
    assert beside.note == "Words that are no role we know are left out. Check who delivers it."
    assert read_staff("Mrs Wren (TA)", words).note == "The name of a member of staff is left out."
    (advised,) = read_staff("staff at £15 an hour", words).value.shares  # type: ignore[union-attr]
    assert (advised.role, advised.hourly_rate) == ("unspecified", 15)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("07/09/2026", dt.date(2026, 9, 7)),
        ("7.9.26", dt.date(2026, 9, 7)),
        ("w/c 7/9/26", dt.date(2026, 9, 7)),
        ("7th September 2026", dt.date(2026, 9, 7)),
        ("Sept 2026", dt.date(2026, 9, 1)),
        ("2026-09-07", dt.date(2026, 9, 7)),
        ("46272", dt.date(2026, 9, 7)),
        ("Mon 7 Sep 2026", dt.date(2026, 9, 7)),
    ],
)
def test_dates(text: str, day: dt.date, words: Words) -> None:
    assert read_date(text, words).value == day


@pytest.mark.parametrize("text", ["TBC", "7/9", "September", "09/25/2026", "31/02/2026", "soon"])
def test_dates_that_are_not_sure(text: str, words: Words) -> None:
    assert read_date(text, words).problem


def test_weeks_from_dates(words: Words) -> None:
    assert weeks_between(dt.date(2026, 9, 7), dt.date(2026, 11, 27), words.year).value == 12
    assert weeks_between(dt.date(2026, 9, 1), dt.date(2027, 7, 20), words.year).value == 38
    assert weeks_between(dt.date(2026, 9, 7), dt.date(2026, 9, 1), words.year).problem


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("C&I", "communication_interaction"),
        ("Cognition & Learning", "cognition_learning"),
        ("S.E.M.H.", "semh"),
        ("SEMH", "semh"),
        ("Sensory and/or Physical", "sensory_physical"),
        ("Social, Emotional & Mental Health (SEMH)", "semh"),
        ("SLCN", "communication_interaction"),
        ("Area 1: Communication and Interaction", "communication_interaction"),
    ],
)
def test_areas(text: str, code: str, words: Words) -> None:
    assert read_area(text, words).value == code


def test_two_areas_are_a_problem(words: Words) -> None:
    assert read_area("C&L / SEMH", words).problem


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Wave 2", "targeted"),
        ("3", "specialist"),
        ("W1", "universal"),
        ("Targeted", "targeted"),
        ("Wave 3 (specialist)", "specialist"),
    ],
)
def test_tiers(text: str, code: str, words: Words) -> None:
    assert read_tier(text, words).value == code


def test_percent(words: Words) -> None:
    assert read_percent("85%", words).value == 85
    assert read_percent("0.85", words).value == 85
    assert read_percent("1", words).problem


@given(st.decimals(min_value=0, max_value=999_999, places=2, allow_nan=False))
def test_numbers_round_trip(number: Decimal) -> None:
    assert parse_number(str(number)) == number
    assert parse_number(f"{number:,}") == number


_ENDLESS = ("9" * 30, "9" * 400, "9" * 30_000, "1e999", "NaN", "Infinity", "-Infinity")
_AROUND_A_NUMBER = (
    "{}",
    "{} weeks",
    "{} mins",
    "£{}",
    "{} x {}",
    "1/{}",
    "{} of 9",
    "{} TAs",
    "{}%",
)
_READERS: dict[str, Callable[[str, Words], object]] = {
    **{
        f"time as {kind}": partial(_read_time, kind)
        for kind in ("minutes", "sessions", "weeks", "schedule", "period")
    },
    "length": lambda text, words: read_length(text, words, "hour"),
    **{
        f"groups as {kind}": partial(_read_groups, kind)
        for kind in ("group_size", "groups", "pupils_reached")
    },
    "money": read_money,
    "rates": read_rates,
    "percent": read_percent,
    "staff": read_staff,
    "date": read_date,
    "date of Excel": lambda text, words: read_date(text, words, Decimal(1)),
    "span": read_span,
    "reading age": lambda text, words: read_score(text, "reading_age", words),
    "score": lambda text, words: read_score(text, "", words),
    "number": lambda text, words: parse_number(text),
}


@pytest.mark.parametrize("number", _ENDLESS, ids=lambda number: f"{number[:9]} of {len(number)}")
@pytest.mark.parametrize("reader", _READERS)
def test_a_number_without_end_stays_unread(reader: str, number: str, words: Words) -> None:
    for text in _AROUND_A_NUMBER:
        got = _READERS[reader](text.replace("{}", number), words)
        for one in got if isinstance(got, tuple) else (got,):
            assert getattr(one, "value", one) is None or number[0] != "9", (text, one)
