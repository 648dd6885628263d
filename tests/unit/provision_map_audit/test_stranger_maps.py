"""Maps written by a tester who had not seen the importer, against results worked out by hand."""

from __future__ import annotations

import runpy
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from lti_tool.activities.provision_map_audit.figures.costing import cost_map, cost_row, pounds
from lti_tool.activities.provision_map_audit.figures.rates import RoleRates
from lti_tool.activities.provision_map_audit.importing.read_map import (
    ImportedRow,
    ImportPreview,
    read_map,
)
from lti_tool.activities.provision_map_audit.sheets.opening import open_workbook
from lti_tool.activities.provision_map_audit.words import Words

MAPS = Path(__file__).parents[2] / "fixtures" / "stranger_maps"
CI, CL, SP = "communication_interaction", "cognition_learning", "sensory_physical"
NAMES = ("Amelia", "Khan", "Jack", "Noah", "Aisha", "Charlotte", "2017")


@pytest.fixture
def read(words: Words) -> Any:
    def reader(name: str) -> ImportPreview:
        return read_map(open_workbook(name, (MAPS / name).read_bytes()), words)

    return reader


def brief(item: ImportedRow, rates: RoleRates) -> tuple[Any, ...]:
    """Name, area, minutes, sessions, weeks, adults and cost of a row."""
    row, cost = item.row, cost_row(item.row, rates)
    adults = sum((share.count for share in row.staff), Decimal(0))
    times = (row.minutes_per_session, row.sessions_per_week, row.weeks)
    return (row.name, row.area, *times, adults, pounds(cost.total_cost))


def total(preview: ImportPreview, rates: RoleRates) -> tuple[Decimal, str]:
    made = cost_map([item.row for item in preview.rows], rates).total
    return round(made.staff_hours, 2), pounds(made.total_cost)


def test_how_many_below_staffing_is_the_number_of_adults(read: Any, rates: RoleRates) -> None:
    preview = read("group_headings.xlsx")
    assert [brief(item, rates) for item in preview.rows] == [
        ("Lego Therapy", CI, 45, 1, 12, 2, "£322.00"),  # 9 h x 2 x 16.50 = 297 + 25
        ("Rapid Maths", CL, 30, 3, 10, 1, "£327.50"),  # 15 h x 16.50 = 247.50 + 80
        ("Zones of Regulation", "semh", 40, 1, 6, 1, "£76.00"),  # 4 h x 19
    ]
    assert total(preview, rates) == (37, "£725.50")
    assert {(row.row_number, row.kind) for row in preview.skipped} >= {(7, "total")}
    assert not preview.problems


def test_hours_that_the_sheet_worked_out_are_compared_and_not_read_as_a_week(
    read: Any, rates: RoleRates
) -> None:
    preview = read("hours_worked_out.xlsx")
    assert [brief(item, rates) for item in preview.rows] == [
        ("Numicon", CL, 30, 3, 12, 1, "£337.00"),  # 18 h x 16.50 = 297 + 40
        ("Socially Speaking", CI, 45, 1, 10, 1, "£150.00"),  # 7.5 h x 20
        ("Beanbag maths", CL, 20, 3, 10, 1, "£165.00"),  # 10 h x 16.50
    ]
    assert total(preview, rates) == (Decimal("35.5"), "£652.00")
    (problem,) = preview.problems
    assert problem.coordinate == "H5"
    assert "The sheet gives 15 hours, and we make it 10" in problem.sentence


def test_weeks_come_from_the_sheet_of_a_term_from_ticks_and_from_terms(
    read: Any, rates: RoleRates
) -> None:
    preview = read("sheet_per_term.xlsx")
    assert [brief(item, rates) for item in preview.rows] == [
        ("Inference training", CL, 45, 2, 14, 1, "£346.50"),  # 21 h x 16.50
        ("Circle of Friends", "semh", 40, 1, 14, 1, "£177.33"),  # 9 1/3 h x 19
        ("Inference training", CL, 45, 2, 12, 1, "£297.00"),  # 18 h x 16.50
        ("Colourful Semantics", CI, 20, 3, 26, 1, "£429.00"),  # 14 + 12 weeks: 26 h x 16.50
        ("Rainbows", "semh", 45, 1, 12, 1, "£157.50"),  # 9 h x 17.50
        ("Dough Disco", SP, 10, 5, 38, 1, "£522.50"),  # 31 2/3 h x 16.50
        ("Talkabout", CI, 30, 1, 12, 1, "£99.00"),  # 6 + 6 weeks: 6 h x 16.50
        ("Sound Linkage", CL, 20, 3, 14, 1, "£231.00"),  # 14 h x 16.50
        ("Word Wasp", CL, 30, 2, None, 1, "not known"),
    ]
    asked = {(p.sheet, p.coordinate) for p in preview.problems}
    # The x of Dough Disco may mean no; "Autumn 1" to "ongoing" is no number of weeks.
    assert asked == {("All year", "H4"), ("Start and end", "H4"), ("Start and end", "I4")}
    said = [r.said for r in preview.rows[0].readings if r.heading == "Weeks"]
    assert said == ["14 weeks, from the name of the sheet"]


def test_a_sheet_about_one_pupil_is_left_out_and_no_name_is_kept(
    read: Any, rates: RoleRates
) -> None:
    preview = read("sheets_about_pupils.xlsx")
    assert [brief(item, rates) for item in preview.rows] == [
        ("Spelling club", CL, 30, 1, 12, 1, "£99.00"),
        ("Social skills", "semh", 40, 1, None, 1, "not known"),
        ("Talk Boost", None, 30, 3, 10, 1, "£247.50"),
    ]
    asked = [(p.sheet, p.coordinate, p.kind) for p in preview.problems]
    assert asked == [("Whole school", "G3", "unread")]
    refused = [one for one in preview.skipped if one.kind == "pupil" and one.clear_key]
    assert [(one.sheet, one.row_number) for one in refused] == [("Whole school", 4)]
    left_out = [(one.sheet, one.heading) for one in preview.left_out]
    assert left_out == [
        ("Sheet 2", "The whole sheet"),
        ("Sheet 3", "The whole sheet"),
        ("Across", "(column G)"),
        ("Across", "(column H)"),
    ]
    assert not [name for name in NAMES if name in repr(preview)]


def test_each_table_on_a_sheet_is_read_by_its_own_header(read: Any, rates: RoleRates) -> None:
    preview = read("three_tables.xlsx")
    assert [brief(item, rates) for item in preview.rows] == [
        ("Rapid Writing", CL, 30, 3, 10, 1, "£247.50"),  # 15 h x 16.50
        ("Toe by Toe", CL, 15, 5, 12, 1, "£247.50"),
        ("Time to Talk", CI, 20, 2, 10, 1, "£110.00"),  # 6 2/3 h x 16.50
        ("Lunch club", "semh", 30, 5, 12, 1, "£420.00"),  # 30 h x 14
    ]
    assert [item.row.pupils_reached for item in preview.rows] == [4, 1, 6, 10]
    assert total(preview, rates) == (Decimal("66.67"), "£1,025.00")
    totals = [row.row_number for row in preview.skipped if row.kind == "total"]
    assert totals == [5, 10, 15, 17, 18, 19]
    assert not preview.problems


def test_a_grid_of_areas_and_waves_gives_one_row_for_each_line(read: Any, rates: RoleRates) -> None:
    preview = read("areas_by_waves.xlsx")
    found = [(item.row.name, item.row.area, item.row.tier) for item in preview.rows]
    assert found == [
        ("Word mats", CL, "universal"),
        ("Toe by Toe", CL, "targeted"),
        ("Rapid Maths", CL, "targeted"),
        ("1:1 tuition", CL, "specialist"),
        ("Visuals", CI, "universal"),
        ("Talk Boost", CI, "targeted"),
        ("", CI, "specialist"),
        ("PSHE", "semh", "universal"),
        ("ELSA", "semh", "targeted"),
        ("Lego Therapy", "semh", "targeted"),
        ("", "semh", "specialist"),
    ]
    assert [(p.coordinate, p.kind) for p in preview.problems] == [
        ("D4", "privacy"),
        ("D5", "unread"),
    ]
    assert "a grid of areas and tiers" in preview.sheets[0].notices[0]
    assert total(preview, rates) == (0, "£0.00")
    assert "Charlotte" not in repr(preview)


def test_the_files_are_what_the_script_makes(tmp_path: Path) -> None:
    script = runpy.run_path(str(MAPS.parent / "make_stranger_maps.py"))
    script["main"](tmp_path)
    made = sorted(path.name for path in tmp_path.iterdir())
    assert made == sorted(path.name for path in MAPS.iterdir())
    for name in made:
        kept = open_workbook(name, (MAPS / name).read_bytes())
        assert open_workbook(name, (tmp_path / name).read_bytes()).sheets == kept.sheets
