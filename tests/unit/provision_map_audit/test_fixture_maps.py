"""Each fixture map against results worked out by hand, to the penny."""

from __future__ import annotations

import runpy
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from lti_tool.activities.provision_map_audit.figures.costing import cost_map, cost_row, pounds
from lti_tool.activities.provision_map_audit.rates import RoleRates
from lti_tool.activities.provision_map_audit.sheets.opening import open_workbook

MAPS = Path(__file__).parents[2] / "fixtures" / "provision_maps"

# file: (row number, name, total cost as shown), in order; None is a cost not known
EXPECTED: dict[str, list[tuple[int, str, str | None]]] = {
    "01_title_and_totals.xlsx": [
        (5, "Toe by Toe", "£218.00"),  # 20/60 x 3 x 12 = 12 h x 16.50 = 198 + 20
        (6, "Talk Boost", "£337.00"),  # 0.5 x 3 x 12 = 18 h x 16.50 = 297 + 40
        (9, "Sensory circuits", "£1,567.50"),  # 0.25 x 5 x 38 = 47.5 h x 2 x 16.50
        (10, "ELSA", "£1,995.00"),  # 0.75 x 4 x 38 = 114 h x 17.50
    ],
    "02_two_line_header.xlsx": [
        (3, "Precision Teaching", "£3,135.00"),  # 10/60 x 5 x 38 x 6 groups = 190 h x 16.50
        (4, "Rapid Maths", "£800.00"),  # 0.5 x 2 x 20 x 2 = 40 h x 20
        (5, "Colourful Semantics", "£438.00"),  # 20/60 x 3 x 12 = 12 h x (16.50 + 20)
        (6, "Speech therapy visit", "£1,560.00"),  # 1 x 1 x 6 x 4 = 24 h x 65
    ],
    "03_sheet_per_area.xlsx": [
        (2, "Lego Therapy", "£240.00"),  # 0.75 x 2 x 10 = 15 h x 16
        (2, "Nessy", "£1,013.33"),  # 20/60 x 5 x 38 = 63 1/3 h x 16
        (3, "Catch Up Literacy", "£480.00"),  # 0.5 x 2 x 24 (two terms of 12) = 24 h x 20
        (2, "Zippy's Friends", "£288.00"),  # 0.75 x 1 x 24 = 18 h x 16
        (2, "Fizzy", "£224.00"),  # 0.5 x 2 x 7 (Autumn 1) = 7 h x 2 x 16
    ],
    "04_semicolons_windows_1252.csv": [
        (3, "Read Write Inc catch-up", "£1,550.00"),  # 25/60 x 5 x 12 = 25 h x 20 = 500 + 1050
        (4, "Handwriting", "£82.50"),  # 10/60 x 5 x 6 = 5 h x 16.50
        (5, "Nurture group", "£1,431.00"),  # 1 x 2 x 12 = 24 h x 56.50 = 1356 + 75
        (6, "Worry Monster", "£49.50"),  # 0.5 x 1 x 6 = 3 h x 16.50
    ],
    "05_area_heading_rows.xlsx": [
        (5, "Reading fluency", "£195.00"),  # 20/60 x 3 x 10 = 10 h x 16.50 = 165 + 30
        (6, "Dyslexia screening", "£275.00"),  # 1.25 x 1 x 4 = 5 h x 55
        (9, "Drawing and Talking", "£120.00"),  # 0.5 x 1 x 12 = 6 h x 17.50 = 105 + 15
        (10, "Breakfast club", "£2,261.00"),  # 20/60 x 5 x 38 x 2 x 16.50 = 2090 + 38 x 4.50
    ],
    "06_dates.xlsx": [
        (2, "Time to Talk", "£96.00"),  # 7 Sep to 16 Oct is 6 weeks: 0.5 x 2 x 6 = 6 h x 16
        (3, "Boosting Reading", "£144.00"),  # 7 Sep to 27 Nov is 12 weeks: 0.25 x 3 x 12 = 9 h x 16
        (4, "Social skills", None),  # the end date is impossible, so the weeks are not known
    ],
    "07_formulas_never_calculated.xlsx": [
        (2, "Speed Up", "£128.00"),  # 0.5 x 2 x 8 = 8 h x 16
        (3, "Jump Ahead", None),
    ],
    "08_pupils_named.xlsx": [
        (2, "Hamish & Milo", "£100.00"),  # 40/60 x 1 x 10 = 6 2/3 h x 15
        (4, "", "£200.00"),  # 0.5 x 2 x 10 = 10 h x 20; the name holds a child's name
    ],
    "09_not_known.csv": [
        (2, "Circle of Friends", "£49.50"),  # 0.5 x 1 x 6 = 3 h x 16.50
        (3, "Attention Autism", None),
        (4, "Numicon", None),
        (5, "Paired reading", None),
        (6, "Forest School", None),
        (7, "Play therapy", None),
    ],
    "10_excel_times.xlsx": [
        (4, "Motor Skills United", "£1,432.50"),  # 0.5 x 2 x 12 = 12 h x 16.50 = 198 + 1234.50
        (5, "Time to Talk", "£313.50"),  # 1 x 0.5 x 38 = 19 h x 16.50
    ],
    "11_weekly_hours_utf16.csv": [
        (2, "Booster maths", "£1,520.00"),  # 2.5 x 38 = 95 h x 16
        (3, "1:1 support", "£15,200.00"),  # 25 x 38 = 950 h x 16
        (4, "Educational psychologist time", "£2,400.00"),  # only a cost
        (5, "Reading volunteers", "£0.00"),
    ],
}

TOTALS = {
    "01_title_and_totals.xlsx": "£4,117.50",
    "02_two_line_header.xlsx": "£5,933.00",
    "03_sheet_per_area.xlsx": "£2,245.33",
    "04_semicolons_windows_1252.csv": "£3,113.00",
    "05_area_heading_rows.xlsx": "£2,851.00",
    "06_dates.xlsx": "£240.00",
    "07_formulas_never_calculated.xlsx": "£128.00",
    "08_pupils_named.xlsx": "£300.00",
    "09_not_known.csv": "£49.50",
    "10_excel_times.xlsx": "£1,746.00",
    "11_weekly_hours_utf16.csv": "£19,120.00",
}


@pytest.mark.parametrize("name", EXPECTED)
def test_rows_and_costs_are_those_worked_out_by_hand(
    name: str, importer: Any, rates: RoleRates
) -> None:
    preview = importer.file(name)
    costs = [cost_row(item.row, rates).total_cost for item in preview.rows]
    found = [
        (item.row_number, item.row.name, None if cost is None else pounds(cost))
        for item, cost in zip(preview.rows, costs, strict=True)
    ]
    assert found == EXPECTED[name]
    total = cost_map([item.row for item in preview.rows], rates).total
    assert pounds(total.total_cost) == TOTALS[name]


@pytest.mark.parametrize("name", EXPECTED)
def test_every_filled_row_is_brought_in_or_set_aside_with_a_reason(
    name: str, importer: Any
) -> None:
    preview = importer.file(name)
    book = open_workbook(name, (MAPS / name).read_bytes())
    headers = {(sheet.name, row) for sheet in preview.sheets for row in sheet.header_rows}
    accounted = [(row.sheet, row.row_number) for row in [*preview.rows, *preview.skipped]]
    assert len(accounted) == len(set(accounted))
    filled = {
        (sheet.name, number)
        for sheet in book.sheets
        for number, cells in enumerate(sheet.cells, start=1)
        if any(not cell.is_blank for cell in cells)
    }
    assert filled - headers == set(accounted) - headers
    assert all(row.reason for row in preview.skipped)


def test_areas_come_from_headings_sheets_and_merged_cells(importer: Any) -> None:
    rows = importer.file("05_area_heading_rows.xlsx").rows
    assert [item.row.area for item in rows] == ["cognition_learning"] * 2 + ["semh"] * 2
    sheets = [item.row.area for item in importer.file("03_sheet_per_area.xlsx").rows]
    assert sheets == [
        "communication_interaction",
        *["cognition_learning"] * 2,
        "semh",
        "sensory_physical",
    ]
    merged = [item.row.area for item in importer.file("02_two_line_header.xlsx").rows]
    assert merged == ["cognition_learning"] * 2 + ["communication_interaction"] * 2
    blocks = [item.row.area for item in importer.file("04_semicolons_windows_1252.csv").rows]
    assert blocks == ["cognition_learning"] * 2 + ["semh"] * 2


def test_not_known_is_a_named_problem_at_its_cell_and_the_row_stays(importer: Any) -> None:
    preview = importer.file("09_not_known.csv")
    unread = {p.coordinate: p.shown for p in preview.problems if p.kind == "unread"}
    assert unread == {"D3": "TBC", "E4": "?", "D5": "15-20", "F6": "n/a", "H6": "", "J7": "-"}
    forest = next(item for item in preview.rows if item.row_number == 6)
    assert forest.row.minutes_per_session == Decimal(120)
    assert "Weeks: n/a" in forest.row.notes
    assert forest.unread == {"weeks": "n/a"}


def test_formulas_never_calculated_are_named(importer: Any) -> None:
    problems = importer.file("07_formulas_never_calculated.xlsx").problems
    assert {p.coordinate for p in problems} == {"H2", "C3", "H3"}
    assert all("never calculated" in p.sentence for p in problems)


def test_the_worked_example_of_the_course(importer: Any, rates: RoleRates) -> None:
    row = importer.file("01_title_and_totals.xlsx").rows[1].row
    cost = cost_row(row, rates)
    assert (cost.staff_hours, cost.staff_cost, cost.total_cost) == (18, 297, 337)
    assert pounds(cost.cost_per_pupil) == "£84.25"


@pytest.mark.parametrize("name", [name for name in EXPECTED if name.endswith(".xlsx")])
def test_our_reader_and_openpyxl_agree_on_every_cell(name: str) -> None:
    ours = open_workbook(name, (MAPS / name).read_bytes())
    theirs = openpyxl.load_workbook(MAPS / name, data_only=True)
    assert [sheet.name for sheet in ours.sheets] == theirs.sheetnames
    for sheet in ours.sheets:
        for cells in sheet.cells:
            for cell in cells:
                if cell.merged_from is None:
                    expected: Any = theirs[sheet.name][cell.coordinate].value
                    if isinstance(expected, int | float):
                        expected = Decimal(str(expected))
                    assert cell.value == expected, cell.coordinate


def test_the_files_are_what_the_script_makes(tmp_path: Path) -> None:
    script = runpy.run_path(str(MAPS.parent / "make_provision_maps.py"))
    script["main"](tmp_path)
    made = sorted(path.name for path in tmp_path.iterdir())
    assert made == sorted(EXPECTED)
    for name in made:
        ours = open_workbook(name, (MAPS / name).read_bytes())
        assert open_workbook(name, (tmp_path / name).read_bytes()).sheets == ours.sheets
