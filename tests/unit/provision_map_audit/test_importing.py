"""The import as a whole: headings, choices, money, and the law that no row is lost."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lti_tool.activities.provision_map_audit.figures.costing import cost_row, pounds
from lti_tool.activities.provision_map_audit.importing.column_codes import field_choices
from lti_tool.activities.provision_map_audit.map.row_form import row_to_form, validate_row
from lti_tool.activities.provision_map_audit.rates import RoleRates
from lti_tool.activities.provision_map_audit.rows import ProvisionRow
from lti_tool.activities.provision_map_audit.words import Words, heading_key


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Name of intervention", "name"),
        ("Intervention / Provision", "name"),
        ("Broad area of need", "area"),
        ("Wave/Tier", "tier"),
        ("Yr Group", "target_group"),
        ("No. of wks", "weeks"),
        ("Sessions per wk", "sessions_per_week"),
        ("Mins per session", "minutes_per_session"),
        ("Length (mins)", "minutes_per_session"),
        ("Session length (hrs)", "minutes_per_session"),
        ("Hours per week", "time_per_week"),
        ("Frequency & Duration", "schedule"),
        ("No. in group", "group_size"),
        ("Number of chn", "pupils_reached"),
        ("Delivered by", "staff"),
        ("£/hr", "hourly_rate"),
        ("Hourly rate (£)", "hourly_rate"),
        ("Resources (£)", "other_cost"),
        ("Total Cost (£)", "total_cost"),
        ("Cost per pupil", "cost_per_pupil"),
        ("Entry data", "entry_score"),
        ("Impact RAG", "rating"),
        ("Review date", "review_on"),
    ],
)
def test_headings_that_schools_use_are_sure(heading: str, field: str, words: Words) -> None:
    assert words.headings[heading_key(heading).removesuffix(" pound")] == field


def test_an_unknown_heading_is_for_the_person_and_a_choice_is_kept(importer: Any) -> None:
    text = "Provision,Wochen,Mins,Sessions per week\nLexia,6,20,3\n"
    preview = importer.csv(text)
    assert [column.heading for column in preview.sheets[0].unsure] == ["Wochen"]
    assert preview.rows[0].row.weeks is None
    again = importer.csv(text, choices={"Sheet 1": {1: "weeks"}})
    assert again.rows[0].row.weeks == 6
    dropped = importer.csv(text, choices={"Sheet 1": {2: "ignore"}})
    assert dropped.rows[0].row.minutes_per_session is None


def test_near_headings_are_suggestions(importer: Any) -> None:
    preview = importer.csv("Provision,Sesions per week,Mins\nLexia,3,20\n")
    column = preview.sheets[0].columns[1]
    assert (column.field, column.sure) == ("sessions_per_week", False)


def test_every_field_can_be_chosen(words: Words) -> None:
    assert set(words.headings.values()) <= set(field_choices(words))


@pytest.mark.parametrize(
    ("head", "line", "total"),
    [
        # cost a week: 12 x 40, no staff time given
        ("Provision,Weeks,Cost per week,Pupils", "Swimming,12,£40,6", "£480.00"),
        # a cost a week beside an hourly rate is the sheet's own sum: 2 x 1 x 12 x 16
        (
            "Provision,Weeks,Mins,Per week,Staff,Hourly rate,Cost per week",
            "Lexia,12,60,2,TA,16,£32",
            "£384.00",
        ),
        # no rate, but a total: the rate follows, the total stands
        ("Provision,Weeks,Mins,Per week,Staff,Total cost", "Lexia,12,30,3,TA,£301.50", "£301.50"),
        # other cost a pupil: 18 h x 16 + 4 x 5
        (
            "Provision,Weeks,Mins,Per week,Staff,Rate,Group size,Resources",
            "Lexia,12,30,3,TA,16,4,£5 per pupil",
            "£308.00",
        ),
        # hours a week and sessions: 1.5 h x 10 x 20
        (
            "Provision,Weeks,Hours per week,Sessions per week,Staff,Rate",
            "Lexia,10,1.5,3,HLTA,20",
            "£300.00",
        ),
        # sessions in all: 20 x 0.5 h x 16
        ("Provision,Total sessions,Weeks,Mins,Staff,Rate", "Lexia,20,12,30,TA,16", "£160.00"),
        # number of staff in a column of its own: 0.5 x 2 x 10 x 2 x 16
        (
            "Provision,Mins,Per week,Weeks,Staff,Number of staff,Rate",
            "Fizzy,30,2,10,TA,2,16",
            "£320.00",
        ),
        # TA hours beside teacher hours: (2 x 16 + 0.5 x 40) x 10
        (
            "Provision,TA hours per week,Teacher hours per week,Weeks,TA rate,Teacher rate",
            "Nurture,2,0.5,10,16,40",
            "£520.00",
        ),
        # terms: 2 x 12 weeks x 0.5 h x 16
        ("Provision,Mins,Per week,Number of terms,Staff,Rate", "Lexia,30,1,2,TA,16", "£192.00"),
        # rate in the staff cell
        ("Provision,Mins,Per week,Weeks,Staff", "Lexia,60,1,10,TA @ £15/hr", "£150.00"),
        # a total for a row whose staff time is not known is not counted
        ("Provision,Mins,Per week,Weeks,Staff,Total cost", "Lexia,TBC,1,10,TA,£150", "not known"),
    ],
)
def test_money(head: str, line: str, total: str, importer: Any, rates: RoleRates) -> None:
    (item,) = importer.csv(f"{head}\n{line}\n").rows
    assert pounds(cost_row(item.row, rates).total_cost) == total


@pytest.mark.parametrize(
    ("total", "rate"), [("£391.50", "20.60526"), ("£313.50", "16.50"), ("£130.625", "6.875")]
)
def test_a_rate_from_the_cost_has_no_more_decimals_than_the_cost_needs(
    total: str, rate: str, importer: Any, rates: RoleRates
) -> None:
    head = "Provision,Weeks,Mins,Per week,Staff,Total cost"
    (item,) = importer.csv(f"{head}\nLexia,19,60,1,TA,{total}\n").rows
    assert item.row.staff[0].hourly_rate == Decimal(rate)
    cost = cost_row(item.row, rates).total_cost
    assert cost is not None and abs(cost - Decimal(total.strip("£"))) < Decimal("0.0005")


def test_a_total_that_differs_is_pointed_out(importer: Any) -> None:
    head = "Provision,Weeks,Mins,Per week,Staff,Rate,Total cost"
    (item,) = importer.csv(f"{head}\nLexia,12,30,3,TA,16,£999\n").rows
    (problem,) = item.problems
    assert (problem.kind, problem.coordinate) == ("check", "G2")
    assert "£288" in problem.sentence and "£999" in problem.sentence


def test_pupils_and_group_size_without_groups_is_pointed_out(importer: Any) -> None:
    (item,) = importer.csv("Provision,Group size,Number of pupils\nLexia,4,12\n").rows
    assert any("more than one group" in problem.sentence for problem in item.problems)
    assert item.row.groups == 1


def test_totals_notes_and_headings_are_told_from_provision(importer: Any) -> None:
    preview = importer.csv(
        "Map 2026,,\n,,\nProvision,Weeks,Cost\nCognition and Learning,,\nLexia,6,100\n"
        "Total Communication,6,50\nSub-total,,150\nSEMH,,\nELSA,6,80\nGrand Total,,230\n"
        ",,230\nReviewed termly,,\n"
    )
    assert [item.row.name for item in preview.rows] == ["Lexia", "Total Communication", "ELSA"]
    assert [item.row.area for item in preview.rows] == ["cognition_learning"] * 2 + ["semh"]
    assert [row.kind for row in preview.skipped] == [
        "title",
        "heading",
        "total",
        "heading",
        "total",
        "total",
        "note",
    ]


def test_a_second_table_with_other_columns_is_read(importer: Any) -> None:
    preview = importer.csv(
        "Provision,Mins,Weeks\nLexia,20,6\n\nProvision,Weeks,Staff,Mins\nELSA,12,ELSA,45\n"
    )
    second = preview.rows[1].row
    assert (second.weeks, second.minutes_per_session) == (12, 45)


def test_a_formula_that_starts_a_csv_cell_is_not_a_value(importer: Any) -> None:
    (item,) = importer.csv("Provision,Mins,Weeks\nLexia,=A1,6\n").rows
    assert item.row.minutes_per_session is None and item.problems


cells = st.sampled_from(
    [
        "",
        "",
        "Lexia",
        "30",
        "TBC",
        "Total",
        "£40",
        "3 x 30 mins",
        "SEMH",
        "Wave 2",
        "Pupil A",
        "TA",
        "4-6",
        "Provision",
        "Weeks",
        "07/09/2026",
        "1:4",
        "=A1",
        "Orla Finch",
        "A note about it.",
        "0",
        "£",
        "½",
        "x",
        "-",
        "1e5",
        "NaN",
        "٣",
        "Cognition and Learning",
        "daily",
        "99999999999999",
    ]
)


@given(st.lists(st.lists(cells, min_size=8, max_size=8), max_size=12))
@settings(max_examples=80, suppress_health_check=[HealthCheck.too_slow])
def test_no_filled_row_is_ever_lost(
    importer: Any, rates: RoleRates, table: list[list[str]]
) -> None:
    head = "Provision,Area of need,Mins,Sessions per week,Weeks,Group size,Staff,Resources"
    preview = importer.csv("\n".join([head, *(",".join(row) for row in table)]) + "\n")
    filled = {number for number, row in enumerate(table, start=2) if any(row)}
    accounted = [row.row_number for row in [*preview.rows, *preview.skipped]]
    assert len(accounted) == len(set(accounted))
    assert filled <= set(accounted)
    for item in preview.rows:
        cost_row(item.row, rates)
        assert ProvisionRow.from_dict(item.row.to_dict()) == item.row


def test_a_form_is_read_like_a_cell(words: Words) -> None:
    form = {
        "name": "Talk Boost",
        "area": "C&I",
        "tier": "Wave 2",
        "weeks": "12 wks",
        "sessions_per_week": "x3",
        "minutes_per_session": "½ hr",
        "group_size": "1:4",
        "staff": "TA",
        "hourly_rate": "£16.50/hr",
        "other_cost": "£40",
        "start_on": "7/9/26",
    }
    row, errors = validate_row(form, words)
    assert errors == {} and row is not None
    assert (row.weeks, row.sessions_per_week, row.minutes_per_session) == (12, 3, 30)
    assert row.staff[0].hourly_rate == Decimal("16.50")


def test_a_form_says_what_to_do_at_each_field(words: Words) -> None:
    form = {
        "name": "",
        "minutes_per_session": "TBC",
        "weeks": "4-6",
        "staff": "Teacher/TA",
        "target_group": "Orla Finch",
        "start_on": "8/9/26",
        "end_on": "7/9/26",
        "other_cost": "£5 per pupil",
    }
    row, errors = validate_row(form, words)
    assert row is None
    assert set(errors) == {
        "name",
        "minutes_per_session",
        "weeks",
        "staff",
        "target_group",
        "end_on",
        "other_cost",
    }
    assert all(sentence.endswith(".") for sentence in errors.values())


@pytest.mark.parametrize(
    "name",
    [
        "01_title_and_totals.xlsx",
        "02_two_line_header.xlsx",
        "04_semicolons_windows_1252.csv",
        "05_area_heading_rows.xlsx",
        "10_excel_times.xlsx",
        "11_weekly_hours_utf16.csv",
    ],
)
def test_a_row_goes_through_the_form_unchanged(name: str, importer: Any, words: Words) -> None:
    for item in importer.file(name).rows:
        row, errors = validate_row(row_to_form(item.row, words), words)
        assert errors == {}
        assert row == item.row


def test_every_role_reads_back_from_its_own_word(words: Words) -> None:
    from lti_tool.activities.provision_map_audit.rows import StaffShare

    for role in words.role_labels:
        row = ProvisionRow(name="x", staff=(StaffShare(role, Decimal(2), Decimal("9.50")),))
        back, errors = validate_row(row_to_form(row, words), words)
        assert errors == {}, role
        assert back == row
