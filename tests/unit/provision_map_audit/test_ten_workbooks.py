"""Ten workbooks as schools keep them, made here; costs were worked out by hand beforehand."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from lti_tool.activities.provision_map_audit.figures.costing import cost_map, cost_row, pounds
from lti_tool.activities.provision_map_audit.importing.read_map import ImportPreview, read_map
from lti_tool.activities.provision_map_audit.rates import RoleRates
from lti_tool.activities.provision_map_audit.rows import Measure
from lti_tool.activities.provision_map_audit.sheets.opening import open_workbook
from lti_tool.activities.provision_map_audit.words import Words
from tests.unit.provision_map_audit.conftest import TODAY

Table = list[list[Any]]


def workbook(
    *sheets: tuple[str, Table], merges: tuple[str, ...] = (), macros: bool = False
) -> bytes:
    """An Excel workbook of these sheets; merges are on the first."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, table in sheets:
        sheet = book.create_sheet(name)
        for line in table:
            sheet.append(line)
    for block in merges:
        book.worksheets[0].merge_cells(block)
    out = io.BytesIO()
    book.save(out)
    if macros:
        with zipfile.ZipFile(out, "a") as parts:
            parts.writestr("xl/vbaProject.bin", b"Attribute VB_Name")
    return out.getvalue()


UNITS = workbook(
    (
        "Map",
        [
            [
                "Intervention",
                "Area of need",
                "Wave",
                "Length of session",
                "How often",
                "Duration",
                "Staff",
                "Cost",
                "Resources",
            ],
            ["Toe by Toe", "C&L", 2, "20 mins", "daily", "12 wks", "TA", "£16.50/hr", "£40"],
            [
                "Lego Therapy",
                "C&I",
                "W2",
                "½ hr",
                "2x week",
                "Autumn 1",
                "TA x2",
                "£12.50/hr",
                "nil",
            ],
            [
                "Sensory Circuits",
                "S&P",
                "Wave 3",
                "1hr 15",
                "x3 weekly",
                "6 wks",
                "TA + HLTA",
                None,
                12,
            ],
            ["Nurture Group", "SEMH", 1, "45 mins", "daily", "all year", "ELSA", None, None],
        ],
    ),
    macros=True,
)
TWO_LINES: Table = [
    [None, None, "Session", None, None, "Staffing", None, "Pupils", None],
    ["Provision", "Area", "Minutes", "Per week", "Weeks", "Role", "Rate", "Ratio", "Groups"],
]
KEY_STAGES = workbook(
    ("KS1", [*TWO_LINES, ["Phonics catch up", "C&L", 15, 5, 10, "TA", 17.24, "1:4", 2]]),
    ("KS2", [*TWO_LINES, ["Reading Plus", "C&L", 30, 3, 12, "HLTA", 20, "1:6", 1]]),
)
AREA_ROWS = workbook(
    (
        "Sheet1",
        [
            ["Provision map 2025-26"],
            [],
            [
                "Provision",
                "Tier",
                "Time",
                "Frequency",
                "Weeks",
                "Staffing",
                "Hourly rate",
                "Total cost",
            ],
            ["Cognition and Learning"],
            [
                "Precision Teaching",
                "Targeted",
                "10 mins",
                "4 x a week",
                20,
                "TA",
                "£16.50",
                "£220.00",
            ],
            ["Sub total", None, None, None, None, None, None, "£220.00"],
            ["SEMH"],
            [
                "Drawing and Talking",
                "Specialist",
                "30 minutes",
                "Once a week",
                12,
                "ELSA",
                "£17.50",
                "£105.00",
            ],
            ["Total", None, None, None, None, None, None, "£325.00"],
            ["NB all costs are based on current rates."],
        ],
    )
)
MEASURES = workbook(
    (
        "Impact",
        [
            [
                "Provision",
                "Weeks",
                "Minutes per session",
                "Sessions per week",
                "Staff",
                "Reading age entry",
                "Reading age exit",
                "SS entry",
                "SS exit",
                "Pupils measured",
                "Met target",
                "Aim",
                "Success criteria",
                "Evidence base",
                "Delivered as planned %",
                "Attendance",
                "Pupil voice",
                "Parent voice",
            ],
            [
                "Catch Up Literacy",
                20,
                15,
                2,
                "TA",
                "7y 2m",
                "7.11",
                84,
                91,
                6,
                "4/6",
                "Close the gap",
                "12 months of gain",
                "EEF: 4 months",
                "90%",
                "96%",
                "I like it",
                "It helps",
            ],
        ],
    )
)
BY_WEEK = (
    "Support\tHours per week\tTerms\tWho\tCost per week\nIn-class support\t10\t1\tTA\t£165\n"
).encode()
MERGED = workbook(
    (
        "Offer",
        [
            ["Area", "Intervention", "How often and how long", "When", "Ratio", "Adult"],
            [
                "Communication & Interaction",
                "Talk Boost",
                "2 x 30 mins",
                "Autumn 1 & 2",
                "1:4",
                "TA",
            ],
            [None, "Attention Autism", "daily 15 mins", "Spring", "1:6", "Teacher"],
        ],
    ),
    merges=("A2:A3",),
)
BOUGHT_IN = workbook(
    (
        "Services",
        [
            ["Provision", "Provider", "Annual cost", "Number of pupils"],
            ["EP time", "Educational psychologist", "£1,900", 12],
            ["Place2Be", None, "£5,200.50", 30],
        ],
    )
)
BY_ROLE = workbook(
    (
        "Hours",
        [
            ["Provision", "TA hours per week", "Teacher hours per week", "Weeks"],
            ["Nurture Group", 10, 2, 30],
        ],
    )
)
FAR_DOWN = workbook(
    (
        "Costed",
        [
            ["Oakfield Primary"],
            ["Reviewed termly"],
            *[[f"Key {n}", "see policy"] for n in range(9)],
            [
                "Name of intervention",
                "Session length (hours)",
                "Days per week",
                "No. of weeks",
                "Number of staff",
                "Staff role",
                "£ per hour",
            ],
            ["Fine motor club", 0.5, 5, 6, 2, "TA", "£16.50 p/h"],
        ],
    )
)
EXCEL_TIMES = workbook(
    (
        "Timetable",
        [
            ["Strategy", "Session length", "Freq", "No of wks", "Led by", "£ resources"],
            ["Fizzy", dt.time(0, 20), "x5", 10, "TAs x 2", None],
        ],
    )
)

BOOKS: list[tuple[str, bytes, dict[str, str]]] = [
    ("units.xlsm", UNITS, {
        "Toe by Toe": "£370.00",  # 20 h x 16.50 + 40
        "Lego Therapy": "£175.00",  # 7 h x 2 x 12.50
        "Sensory Circuits": "£833.25",  # 22.5 h x (16.50 + 20) + 12
        "Nurture Group": "£2,493.75",  # 142.5 h x 17.50
    }),
    ("key stages.xlsx", KEY_STAGES, {
        "Phonics catch up": "£431.00",  # 12.5 h x 2 groups x 17.24
        "Reading Plus": "£360.00",  # 18 h x 20
    }),
    ("area rows.xlsx", AREA_ROWS, {
        "Precision Teaching": "£220.00",  # 13 1/3 h x 16.50
        "Drawing and Talking": "£105.00",  # 6 h x 17.50
    }),
    ("measures.xlsx", MEASURES, {"Catch Up Literacy": "£165.00"}),  # 10 h x 16.50
    ("by week.tsv", BY_WEEK, {"In-class support": "£1,980.00"}),  # 12 weeks x 165
    ("merged.xlsx", MERGED, {
        "Talk Boost": "£231.00",  # 14 h x 16.50
        "Attention Autism": "£600.00",  # 15 h x 40
    }),
    ("bought in.xlsx", BOUGHT_IN, {"EP time": "£1,900.00", "Place2Be": "£5,200.50"}),
    ("by role.xlsx", BY_ROLE, {"Nurture Group": "£7,350.00"}),  # 300 h x 16.50 + 60 h x 40
    ("far down.xlsx", FAR_DOWN, {"Fine motor club": "£495.00"}),  # 15 h x 2 x 16.50
    ("times.xlsx", EXCEL_TIMES, {"Fizzy": "£550.00"}),  # 16 2/3 h x 2 x 16.50
]  # fmt: skip


def read(name: str, data: bytes, words: Words, **options: Any) -> ImportPreview:
    return read_map(open_workbook(name, data), words, today=TODAY, **options)


@pytest.mark.parametrize(("name", "data", "costs"), BOOKS, ids=[name for name, _, _ in BOOKS])
def test_costs_are_right_to_the_penny(
    name: str, data: bytes, costs: dict[str, str], words: Words, rates: RoleRates
) -> None:
    preview = read(name, data, words)
    found = {one.row.name: pounds(cost_row(one.row, rates).total_cost) for one in preview.rows}
    assert found == costs
    total = sum((Decimal(cost.strip("£").replace(",", "")) for cost in costs.values()), Decimal(0))
    whole = cost_map([one.row for one in preview.rows], rates).total.total_cost
    assert pounds(whole) == pounds(total)


def test_areas_stand_as_rows(words: Words) -> None:
    preview = read("a.xlsx", AREA_ROWS, words)
    assert [one.row.area for one in preview.rows] == ["cognition_learning", "semh"]
    assert [one.kind for one in preview.skipped].count("total") == 2
    merged = read("m.xlsx", MERGED, words)
    assert {one.row.area for one in merged.rows} == {"communication_interaction"}


def test_several_measures_and_what_was_said(words: Words) -> None:
    (one,) = read("m.xlsx", MEASURES, words).rows
    row = one.row
    assert [(m.measure, m.scale, m.entry_score, m.exit_score) for m in row.measures] == [
        ("Reading age", "reading_age", "7y 2m", "7.11"),
        ("SS", "standard_score", "84", "91"),
    ]
    assert {(m.pupils_measured, m.met_target) for m in row.measures} == {(6, 4)}
    assert isinstance(row.more_measures[0], Measure)
    assert row.aim == "Close the gap\n12 months of gain"
    assert (row.evidence_base, row.delivered_percent) == ("EEF: 4 months", 90)
    assert (row.pupil_view, row.parent_view) == ("I like it", "It helps")
    assert "Attendance: 96%" in row.notes
    said = {reading.shown: reading.said for reading in one.readings}
    assert said["7.11"] == "7 years 11 months (95 months)"
    assert one.problems == ()
