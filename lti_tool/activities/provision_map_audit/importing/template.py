"""The workbook to fill in: our own headings, lists to choose from, and how to fill it in.

What is typed under these headings reads back exactly. Its example row is marked, and the import
leaves it out. Called by the page for bringing a map in.
"""

from __future__ import annotations

import io
from typing import Any

import xlsxwriter

from lti_tool.activities.provision_map_audit.importing.own_columns import (
    EXAMPLE,
    HOW_TO_SHEET,
    MAP_SHEET,
    OWN_COLUMNS,
)
from lti_tool.activities.provision_map_audit.words import Words

_LAST_ROW = 2001
_MEASURES = 3
_WIDE = frozenset({"name", "aim", "evidence_base", "notes", "pupil_view", "parent_view"})
_DATES = frozenset({"start_on", "end_on", "review_on"})
_COUNTS = frozenset({"pupils_measured", "met_target", "months_between", "confidence_band"})
_EXAMPLE_ROW: dict[str, str | int | float] = {
    "name": f"{EXAMPLE} Toe by Toe",
    "target_group": "Y4",
    "minutes_per_session": 20,
    "sessions_per_week": 5,
    "weeks": 12,
    "group_size": 1,
    "groups": 4,
    "pupils_reached": 4,
    "staff": "TA",
    "hourly_rate": 16.5,
    "other_cost": 40,
    "aim": "Read at 12 months above the starting point",
    "measure": "Salford reading test",
    "entry_score": "7y 2m",
    "exit_score": "7y 11m",
    "pupils_measured": 4,
    "met_target": 3,
    "decision": "Continue",
}
_HOW_TO = (
    ("One row for each provision", "Never a row for one child: this is a map of provision."),
    (
        "No names",
        "Write groups, such as Y4 or phonics group 2. Leave out names, initials, UPNs, "
        "dates of birth and e-mail addresses.",
    ),
    (
        "The example",
        "The grey row shows how a row may look. It is left out when you bring the "
        "workbook in; you may delete it.",
    ),
    ("What you do not know", "Leave it empty. An empty cell means not known, not nought."),
    ("Times", "Minutes of one session, sessions in a usual week, and weeks in all: 30, 3, 12."),
    (
        "Pupils",
        "Pupils in one group, and how many groups. Fill in the number of pupils only if it "
        "is not one times the other.",
    ),
    (
        "Staff",
        "Roles: TA, 2 TA, or TA + HLTA. The rate is pounds an hour; leave it empty to use "
        "the rate of the role. Two roles may have two rates: 16.50 + 20.",
    ),
    ("Other cost", "Pounds for the whole time: books, licences, training."),
    (
        "Scores",
        "As your test gives them, such as 92 or 7y 6m. A second and third measure have "
        "columns of their own to the right.",
    ),
)


def own_headings() -> list[tuple[str, str]]:
    """Field and heading of every column, further measures numbered at the end."""
    from lti_tool.activities.provision_map_audit.importing.measure_headings import MEASURE_FIELDS

    headings = list(OWN_COLUMNS)
    named = dict(OWN_COLUMNS)
    for number in range(2, _MEASURES + 1):
        headings += [(field, f"{named[field]} {number}") for field in MEASURE_FIELDS]
    return headings


def template_workbook(words: Words) -> bytes:
    """The template as an Excel workbook, its lists taken from the words in force."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        head = {"bold": True, "text_wrap": True, "valign": "top", "border": 1}
        grey = {"font_color": "#555555", "italic": True, "bg_color": "#EEEEEE"}
        formats = {
            "head": book.add_format({**head, "bg_color": "#DDE7F3"}),
            "grey": book.add_format(grey),
            "date": book.add_format({"num_format": "dd/mm/yyyy"}),
            "text": book.add_format({"num_format": "@"}),
            "bold": book.add_format({"bold": True, "valign": "top"}),
            "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
        }
        _map_sheet(book.add_worksheet(MAP_SHEET), formats, words)
        _how_to_sheet(book.add_worksheet(HOW_TO_SHEET), formats, words)
    return out.getvalue()


def _map_sheet(sheet: Any, formats: dict[str, Any], words: Words) -> None:
    example = {
        **_EXAMPLE_ROW,
        "area": words.area_labels["cognition_learning"],
        "tier": words.tier_labels["targeted"],
        "scale": words.scale_labels["reading_age"],
    }
    headings = own_headings()
    for index, (field, heading) in enumerate(headings):
        style = formats["date"] if field in _DATES else None
        if field in ("entry_score", "exit_score", "target_group", "group_size"):
            style = formats["text"]
        sheet.set_column(index, index, 28 if field in _WIDE else 14, style)
        sheet.write_string(0, index, heading, formats["head"])
        shown = example.get(field, "") if index < len(OWN_COLUMNS) else ""
        sheet.write(1, index, shown, formats["grey"])
        if rule := _rule(field, words):
            sheet.data_validation(1, index, _LAST_ROW, index, rule)
    sheet.set_row(0, 45)
    sheet.freeze_panes(1, 1)


def _rule(field: str, words: Words) -> dict[str, Any] | None:
    """What Excel lets a person type; only a warning, because the import reads more than this."""
    lists = {
        "area": words.area_labels.values(),
        "tier": words.tier_labels.values(),
        "scale": words.scale_labels.values(),
        "decision": ("Continue", "Adapt", "Stop"),
    }
    warn = {"error_type": "warning", "ignore_blank": True}
    if field in lists:
        return {"validate": "list", "source": list(lists[field]), **warn}
    if field == "delivered_percent":
        return {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 100, **warn}
    if field in _COUNTS or field in ("weeks", "groups", "pupils_reached"):
        return {"validate": "decimal", "criteria": ">=", "value": 0, **warn}
    if field == "staff":
        roles = ", ".join(list(words.role_labels.values())[:4])
        return {"validate": "any", "input_title": "Staff", "input_message": f"Roles: {roles} …"}
    return None


def _how_to_sheet(sheet: Any, formats: dict[str, Any], words: Words) -> None:
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 90)
    roles = ", ".join(words.role_labels.values())
    for number, (head, text) in enumerate((*_HOW_TO, ("Roles we know", roles))):
        sheet.write_string(number, 0, head, formats["bold"])
        sheet.write_string(number, 1, text, formats["wrap"])
