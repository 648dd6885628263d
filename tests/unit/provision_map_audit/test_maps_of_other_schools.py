"""Maps as other schools keep them, made here. The sums were worked out by hand beforehand.

Rates: TA 16.50, HLTA 20, teacher 40, ELSA 17.50, learning mentor 19, therapist 65 an hour.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from openpyxl.styles import Font

from lti_tool.activities.provision_map_audit.figure_rules import load_rules
from lti_tool.activities.provision_map_audit.figures.costing import cost_row, pounds
from lti_tool.activities.provision_map_audit.figures.impact import impact_of
from lti_tool.activities.provision_map_audit.importing.read_map import ImportPreview, read_map
from lti_tool.activities.provision_map_audit.rates import RoleRates
from lti_tool.activities.provision_map_audit.sheets.opening import open_workbook
from lti_tool.activities.provision_map_audit.words import Words
from tests.unit.provision_map_audit.conftest import ROOT, TODAY

Table = list[list[Any]]
HEAD = ["Provision", "Delivered by", "Session (mins)", "Freq.", "Wks", "Pupils"]


def workbook(
    *sheets: tuple[str, Table], after: Callable[[openpyxl.Workbook], None] | None = None
) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, table in sheets:
        sheet = book.create_sheet(name)
        for line in table:
            sheet.append(line)
    if after:
        after(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def struck_and_hidden(book: openpyxl.Workbook) -> None:
    sheet = book.worksheets[0]
    for cell in sheet[3]:
        cell.font = Font(strike=True)
    sheet.row_dimensions[4].hidden = True
    sheet.column_dimensions["G"].hidden = True


TOP: Table = [["Oakfield School"], ["Signed:"], ["Updated termly"], [], ["2025-26"]]
TWO_LINES: Table = [
    ["Provision", "Delivered", "Session", "Sessions", "Wks", "Pupils", "Ratio", "Materials"],
    [None, "by", "(mins)", "per week", None, "(no.)", "(staff : pupils)", "£ p/a"],
]
SPECIAL = workbook(
    ("C & I", [*TOP, *TWO_LINES, ["PECS", "TA", "½ hr", 2, 38, 3, "1:3", 150]]),
    ("Sensory & Physical", [*TOP, *TWO_LINES, ["Rebound", "TA x2", "1 hr", 1, 38, 4, "2:4", 300]]),
)
EHC = workbook(
    (
        "Costing",
        [
            ["Provision", "Staff role", "Minutes per pupil per week", "Number of pupils",
             "Weeks per year", "Hourly rate (£)", "Annual cost (£)"],
            ["Individual reading", "TA", 60, 4, 38, 15.5, 2356],
            ["Fine motor programme", "TA", 45, 3, 38, 15.5, 1325.25],
        ],
    )
)  # fmt: skip
COSTS = workbook(
    (
        "Bought in",
        [
            ["Provision", "Pupils", "Cost p/a"],
            ["Lexia licence", 30, "£1,250.00 p.a."],
            ["Play therapy", 5, "£1.2k"],
            ["Swimming", 6, "£15 / pupil / yr"],
            ["Nessy", 4, "£5pp"],
            ["Forest school", 12, "TBC"],
            ["Riding", 4, "£8 per pupil per session"],
        ],
    )
)
STAFF = workbook(
    (
        "Map",
        [
            HEAD,
            ["Box Clever", "TAx2", 30, 2, 10, 4],
            ["Wellcomm", "1 TA 1 HLTA", 30, 2, 10, 6],
            ["Friends", "0.5 FTE TA", 30, 2, 10, 6],
            ["Maths tutoring", "CT", 30, 2, 10, 3],
            ["Science boost", "TA @ £14.75/hr", 30, 2, 10, 6],
        ],
    )
)
OFTEN = workbook(
    (
        "Map",
        [
            HEAD,
            ["Lexia", "TA", 30, "M/W/F", "Aut 1 + Aut 2", 8],
            ["Bucket time", "TA", 30, "4 mornings", "10", 4],
            ["Movement break", "TA", 10, "AM and PM daily", "12 wks", 4],
            ["Talkabout", "TA", 60, "bi-weekly", "10", 4],
            ["Review", "TA", 60, "1 x per half term", "all year", 4],
            ["Study club", "TA", 30, 2, "a term and a half", 4],
            ["Numicon", "TA", 30, 2, "A1", 4],
            ["Write away", "TA", "1.30", "weekly", 10, 4],
            ["Catch-up", "TA", "20 mins per pupil", "weekly", 10, 4],
        ],
    )
)
GROUPS = workbook(
    (
        "Map",
        [
            ["Provision", "Group", "Mins", "Freq.", "Wks", "Delivered by"],
            ["Rainbow readers", "6 pupils", 30, 2, 10, "TA"],
            ["Time to talk", "2 groups of 4", 30, 2, 10, "TA"],
            ["Colour coding", "4 x 1:1", 30, 2, 10, "TA"],
            ["Spellzone", "pairs", 30, 2, 10, "TA"],
        ],
    ),
    (
        "One to one",
        [
            [*HEAD, "Ratio"],
            ["Precision monitoring", "TA", 10, 5, 10, 6, "1:1"],
        ],
    ),
)
STRUCK = workbook(
    (
        "Map",
        [
            [*HEAD, "Resource cost"],
            ["Speech link", "TA", 20, 3, 12, 5, 0],
            ["Stopped club", "TA", 60, 1, 38, 5, 0],
            ["Language link", "TA", 30, 1, 10, 5, 15],
            ["Total", None, None, None, None, 10, 15],
        ],
    ),
    ("Lists", [["Areas", "Staff", "Waves"], ["C&L", "TA", "1"], ["SEMH", "HLTA", "2"]]),
    ("Summary", [["Area", "Total cost"], ["C&L", 245], ["SEMH", 760], ["Total", 1005]]),
    after=struck_and_hidden,
)
IMPACT = workbook(
    (
        "Impact",
        [
            [*HEAD, "Entry RA", "Exit RA", "Start SAS", "End SAS"],
            ["Fresh Start", "TA", 30, 5, 13, 6, "7y 6m", "8y 3m", 84, 91],
            ["Accelerated Reader", "TA", 20, 5, 26, 12, 7.06, 8, None, None],
        ],
    ),
    (
        "Trust",
        [
            [*HEAD, "Baseline", "Outcome"],
            ["Catch Up Literacy", "TA", 15, 2, 20, 10, 92, 97],
        ],
    ),
)
BOOKS: list[tuple[str, bytes, dict[str, str]]] = [
    ("special school", SPECIAL, {
        "PECS": "£777.00",  # 38 h x 16.50 + 150
        "Rebound": "£1,554.00",  # 38 h x 33 + 300
    }),
    ("time of each pupil", EHC, {
        "Individual reading": "£2,356.00",  # 1 h x 4 x 38 x 15.50
        "Fine motor programme": "£1,325.25",  # 0.75 h x 3 x 38 x 15.50
    }),
    ("amounts", COSTS, {
        "Lexia licence": "£1,250.00",  # not pence
        "Play therapy": "£1,200.00",
        "Swimming": "£90.00",  # 6 x 15
        "Nessy": "£20.00",  # 4 x 5
        "Forest school": "not known",
        "Riding": "not known",  # how many sessions is not said
    }),
    ("staff", STAFF, {
        "Box Clever": "£330.00",  # 10 h x 33
        "Wellcomm": "£365.00",  # 10 h x (16.50 + 20)
        "Friends": "not known",  # a contract is no head count
        "Maths tutoring": "£400.00",  # 10 h x 40
        "Science boost": "£147.50",  # 10 h x 14.75
    }),
    ("how often", OFTEN, {
        "Lexia": "£346.50",  # 0.5 h x 3 x 14 x 16.50
        "Bucket time": "£330.00",  # 0.5 h x 4 x 10 x 16.50
        "Movement break": "£330.00",  # 1/6 h x 10 x 12 x 16.50
        "Talkabout": "not known",  # twice a week or every other week
        "Review": "not known",
        "Study club": "not known",
        "Numicon": "not known",
        "Write away": "not known",  # 1 h 30 or 1.3 h
        "Catch-up": "£220.00",  # 1/3 h x 4 pupils x 10 x 16.50
    }),
    ("groups", GROUPS, {
        "Rainbow readers": "£165.00",  # 10 h x 16.50
        "Time to talk": "£330.00",  # 2 groups
        "Colour coding": "£660.00",  # 4 pupils one at a time
        "Spellzone": "£165.00",
        "Precision monitoring": "£825.00",  # 1/6 h x 50 x 6 x 16.50
    }),
    ("struck through", STRUCK, {
        "Speech link": "£198.00",  # 12 h x 16.50
        "Language link": "£97.50",  # 5 h x 16.50 + 15
    }),
    ("impact", IMPACT, {
        "Fresh Start": "£536.25",  # 32.5 h x 16.50
        "Accelerated Reader": "£715.00",  # 43 1/3 h x 16.50
        "Catch Up Literacy": "£165.00",  # 10 h x 16.50
    }),
]  # fmt: skip


def read(data: bytes, words: Words) -> ImportPreview:
    return read_map(open_workbook("map.xlsx", data), words, today=TODAY)


@pytest.mark.parametrize(("data", "costs"), [b[1:] for b in BOOKS], ids=[b[0] for b in BOOKS])
def test_costs_are_right_or_asked_about(
    data: bytes, costs: dict[str, str], words: Words, rates: RoleRates
) -> None:
    preview = read(data, words)
    found = {one.row.name: pounds(cost_row(one.row, rates).total_cost) for one in preview.rows}
    assert found == costs
    for one in preview.rows:
        if costs[one.row.name] == "not known":
            assert one.problems, one.row.name


def test_pupils_are_counted_and_one_at_a_time_is_said(words: Words, rates: RoleRates) -> None:
    rows = {one.row.name: one for one in read(GROUPS, words).rows}
    reached = {name: cost_row(one.row, rates).pupils_reached for name, one in rows.items()}
    assert reached == {
        "Rainbow readers": 6,
        "Time to talk": 8,
        "Colour coding": 4,
        "Spellzone": 2,
        "Precision monitoring": 6,
    }
    (problem,) = rows["Precision monitoring"].problems
    assert "counted the time 6 times" in problem.sentence


def test_what_is_struck_through_or_hidden_is_said(words: Words) -> None:
    preview = read(STRUCK, words)
    (sheet,) = (one for one in preview.sheets if one.name == "Map")
    assert len(sheet.notices) == 3
    assert sheet.notices[0].startswith("Row 3 is struck through, so we left it out.")
    assert sheet.notices[1].startswith("Row 4 is hidden in the workbook. We read it all the same.")
    assert sheet.notices[2].startswith("Column G is hidden")


def test_impact_from_the_imported_measures(words: Words) -> None:
    rules = load_rules(ROOT / "config", words)
    rows = {one.row.name: one.row for one in read(IMPACT, words).rows}
    age, score = impact_of(rows["Fresh Start"], rules)
    # 7y 6m to 8y 3m is 9 months in 13 weeks, which are 3 months; 84 to 91 is 7 points.
    assert (age.gain, age.months_gained_per_month) == (9, 3)
    assert (score.gain, score.unit, score.beyond_band) == (Decimal(7), "points", None)
    (reader,) = impact_of(rows["Accelerated Reader"], rules)
    # 7.06 to 8 is 90 to 96 months, 6 months in 26 weeks, which are 6 months.
    assert (reader.gain, reader.months_gained_per_month) == (6, 1)
    (plain,) = impact_of(rows["Catch Up Literacy"], rules)
    assert plain.gain == 5
