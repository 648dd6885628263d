"""Headings and times in schools' own words, with costs worked out by hand beforehand."""

from typing import Any

import pytest

from lti_tool.activities.provision_map_audit.figures.costing import cost_row, pounds
from lti_tool.activities.provision_map_audit.importing.read_map import read_map
from lti_tool.activities.provision_map_audit.rates import RoleRates
from lti_tool.activities.provision_map_audit.sheets.opening import open_workbook
from lti_tool.activities.provision_map_audit.words import Words
from tests.unit.provision_map_audit.test_ten_workbooks import workbook

_UNITS: list[list[Any]] = [
    ["Lyndhurst Primary – Provision Map 2026/27"],
    [],
    [
        "Intervention",
        "Wave",
        "Year group",
        "Staff",
        "Time",
        "How often",
        "How long",
        "Ratio",
        "Books (£)",
    ],
    ["Precision teaching", "3", "Y4", "TA", "10 mins", "daily", "6 wks", "1:1", ""],
    ["Nessy", "2", "Y3", "TA", "½ hr", "x3 weekly", "12 weeks", "1:4", "£40"],
    ["Lego Therapy", "2", "Y5", "TA + HLTA", "1hr 15", "1x week", "Autumn 1", "1:5", None],
    ["Reading buddies", "2", "Y2", "TA x2", "20 minutes", "2x week", "all year", "1:6", ""],
]
_TWO_LINES: list[list[Any]] = [
    ["Name of", "Area of", "Staffing", "", "Delivery", "", "", "Pupils", ""],
    ["intervention", "need", "Role", "Number", "Minutes", "Per week", "Weeks", "Group", "Groups"],
    ["Sensory circuits", "Sensory/Physical", "TAs", 2, "15", "5", "38", "8", "1"],
    ["Zones of Regulation", "SEMH", "Learning mentor", 1, "60", "1", "6", "6", "1"],
]
_TICKS: list[list[Any]] = [
    ["Provision", "Aut 1", "Aut 2", "Spr 1", "Spr 2", "Sum 1", "Sum 2", "Mins per week", "Role"],
    ["Social skills", "x", "x", "", "", "", "", 60, "TA"],
    ["Speech group", "y", "y", "y", "y", "y", "y", "30", "HLTA"],
]


@pytest.mark.parametrize(
    ("table", "costs"),
    [
        # 5 h, 18 h + 40, 8.75 h of a TA and an HLTA (319.375), 25 1/3 h of two TAs
        (_UNITS, ["£82.50", "£337.00", "£319.38", "£836.00"]),
        (_TWO_LINES, ["£1,567.50", "£114.00"]),  # 47.5 h x 2 x 16.50; 6 h x 19
        (_TICKS, ["£231.00", "£380.00"]),  # 14 weeks x 1 h x 16.50; 38 x 0.5 h x 20
    ],
)
def test_a_map_in_schools_own_words_costs_what_a_hand_works_out(
    table: list[list[Any]], costs: list[str], words: Words, rates: RoleRates
) -> None:
    preview = read_map(open_workbook("map.xlsx", workbook(("Map", table))), words)
    found = [pounds(cost_row(item.row, rates).total_cost) for item in preview.rows]
    assert found == costs, [item.problems for item in preview.rows]
