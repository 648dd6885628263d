"""Shapes that real maps hold and that once came in wrong without a word."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from lti_tool.activities.provision_map_audit.figures.costing import cost_map
from lti_tool.activities.provision_map_audit.figures.rates import RoleRates
from lti_tool.activities.provision_map_audit.readings.terms import term_title
from lti_tool.activities.provision_map_audit.readings.time import read_time
from lti_tool.activities.provision_map_audit.words import Words

HEAD = "Intervention,Area,Staff,Rate,Mins,Sessions per week,Weeks,Group size,Notes,Total cost\n"
FULL = "Talk Boost,C&I,TA,16.50,30,3,10,4,,\n"


@pytest.mark.parametrize(
    "text, weeks",
    [
        ("Autumn term 2026", 14),
        ("Autumn 1", 7),
        ("Spring & Summer", 24),
        ("Summer 2 provision map", 7),
        ("Autumn leaves club", None),
        ("SEMH", None),
    ],
)
def test_a_title_that_is_a_term_gives_its_weeks(text: str, weeks: int | None, words: Words) -> None:
    found = term_title(text, words.year)
    assert (found.weeks if found else None) == weeks


@pytest.mark.parametrize(
    "text, weeks",
    [
        ("2 x 6 week blocks", 12),
        ("3 blocks of 4 weeks", 12),
        ("Sept - Dec", 14),
        ("Jan-Easter", 12),
    ],
)
def test_blocks_and_spans_of_months_are_weeks(text: str, weeks: int, words: Words) -> None:
    read = read_time(text, "weeks", words).value
    assert read is not None and read.weeks == weeks


@pytest.mark.parametrize("rate", ["£1650", "£15k", "0.27"])
def test_what_cannot_be_the_pay_of_an_hour_is_named(rate: str, importer: Any) -> None:
    preview = importer.csv(HEAD + FULL.replace("16.50", rate))
    assert [(p.coordinate, p.kind) for p in preview.problems] == [("D2", "unread")]
    assert preview.rows[0].row.staff[0].hourly_rate is None


@pytest.mark.parametrize(
    "label", ["Overall", "Net cost", "Notional SEN budget", "Remaining", "Balance", "Staff costs"]
)
def test_a_summary_of_money_is_no_provision(label: str, importer: Any) -> None:
    preview = importer.csv(HEAD + FULL + f"{label},,,,,,,,,90000\n")
    assert [item.row.name for item in preview.rows] == ["Talk Boost"]
    assert [(row.row_number, row.kind) for row in preview.skipped] == [(3, "total")]


def test_an_unlabelled_sum_of_the_rows_above_is_not_counted_again(
    importer: Any, rates: RoleRates
) -> None:
    text = HEAD + "Lexia,C&L,,,,,,20,,700\nNessy,C&L,,,,,,15,,150\nSpent so far,,,,,,,,,850\n"
    preview = importer.csv(text)
    assert cost_map([item.row for item in preview.rows], rates).total.total_cost == 850
    assert [row.row_number for row in preview.skipped] == [4]


def test_a_name_in_a_cell_that_should_hold_a_number_is_not_kept(importer: Any) -> None:
    text = HEAD + 'Rapid Maths,Amelia Khan,TA,see Amelia,"20 with, Jack P",3,Jack only,4,,\n'
    preview = importer.csv(text)
    row = preview.rows[0]
    assert not any(name in repr(row) for name in ("Amelia", "Khan", "Jack"))
    assert {p.coordinate for p in row.problems} == {"B2", "D2", "G2"}
    assert dict(row.unread) == {}


@pytest.mark.parametrize(
    "text",
    ["Jack - TA", "TA support for Charlotte", "TA support with Daisy", "Jack needs help"],
)
def test_an_everyday_word_that_stands_as_a_name_is_asked_about(text: str, importer: Any) -> None:
    preview = importer.csv(HEAD + FULL.replace("Talk Boost", text))
    assert preview.rows[0].row.name == ""
    assert [p.kind for p in preview.problems] == ["privacy"]


@pytest.mark.parametrize("text", ["Jack - 1:1 TA", "1:1 for Charlotte", "One to one, Amir"])
def test_a_row_about_one_named_child_is_refused(text: str, importer: Any) -> None:
    csv = HEAD + FULL.replace("Talk Boost", f'"{text}"')
    preview = importer.csv(csv)
    assert preview.rows == ()
    (refused,) = preview.skipped
    assert "one row for each intervention" in refused.reason and refused.clear_key
    back = importer.csv(csv, cleared=frozenset({refused.clear_key}))
    assert [one.row.name for one in back.rows] == [text]


def test_a_comment_about_a_child_does_not_cost_the_row(importer: Any) -> None:
    preview = importer.csv(HEAD + FULL.replace(",4,,", ",4,Jack is doing well,"))
    assert preview.rows[0].row.name == "Talk Boost"
    assert "Jack" not in repr(preview)


def test_six_in_each_of_two_groups(importer: Any) -> None:
    row = importer.csv(HEAD + FULL.replace(",4,,", ",6 x 2 groups,,")).rows[0].row
    assert (row.group_size, row.groups) == (6, 2)


def test_hours_beside_minutes_are_asked_about(importer: Any) -> None:
    text = "Intervention,Staff,Hours,Mins,Weeks,Pupils,Hourly rate\nA club,TA,18,30,12,4,16.50\n"
    preview = importer.csv(text)
    assert preview.rows[0].row.sessions_per_week == Decimal(3)  # 18 h in 12 weeks of 30 minutes
    assert [p.coordinate for p in preview.problems] == ["C2"]


def test_an_end_before_the_start_is_named_at_its_cell(importer: Any) -> None:
    text = "Intervention,Staff,Mins,Per week,Start date,End date\nA,TA,30,2,18/12/2026,07/09/2026\n"
    preview = importer.csv(text)
    assert [p.coordinate for p in preview.problems] == ["F2"]
    assert preview.rows[0].row.weeks is None
