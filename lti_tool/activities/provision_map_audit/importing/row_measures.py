"""Settling the measures of a row: scores at both ends, pupils measured, who met the target.

The first measure lies flat in the row; further ones follow it. Scores stay as typed, and one that
cannot be read on its scale is pointed out. Called by `row_combining.py`.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from lti_tool.activities.provision_map_audit.importing.columns import ColumnMatch
from lti_tool.activities.provision_map_audit.importing.gathered import Gathered
from lti_tool.activities.provision_map_audit.importing.measure_headings import (
    MEASURE_FIELDS,
    scale_named,
)
from lti_tool.activities.provision_map_audit.importing.preview import ReadAs
from lti_tool.activities.provision_map_audit.readings.reading import parse_number
from lti_tool.activities.provision_map_audit.readings.scores import read_score
from lti_tool.activities.provision_map_audit.rows import Measure
from lti_tool.activities.provision_map_audit.sheets.cells import Cell
from lti_tool.activities.provision_map_audit.words import Words, heading_tokens
from lti_tool.core.numerals import plain

Cells = dict[str, tuple[ColumnMatch, Cell]]
_NUMBERS = ("pupils_measured", "months_between", "confidence_band")
_TEXTS = ("measure", "entry_score", "exit_score")
_UNITS = re.compile(r"(?<!\s)\s*(?:pupils?|children|chn|months?|mths?|points?|pts?)\.?$", re.I)
_PART = re.compile(r"(\d{1,9})\s*(?:/|of|out of)\s*(\d{1,9})(?:\s*pupils)?")


def settle_measures(got: Gathered, words: Words, has_scale_column: bool) -> None:
    """Put every measure of the row into its fields; `got.measured` holds cells by label."""
    made: list[dict[str, Any]] = []
    for label, cells in sorted(got.measured.items(), key=lambda item: item[0] != ""):
        values = _values(got, cells, words)
        if not values:
            continue
        if label and not label.isdigit():
            values.setdefault("measure", label)
            values.setdefault("scale", scale_named(label, words))
        elif not values.get("scale") and not has_scale_column:
            values["scale"] = scale_named(values.get("measure", ""), words)
        _check_scores(got, cells, values, words)
        made.append(values)
    if made:
        first, *more = _merged(got, made)
        got.values.update(first)
        got.values["more_measures"] = tuple(Measure(**values) for values in more)


def _merged(got: Gathered, made: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A plain "measure" column says how; headings with words of their own say of what."""
    first = made[0]
    labelled = any(label and not label.isdigit() for label in got.measured)
    if not labelled or len(made) < 2 or "" not in got.measured:
        return made
    if first.get("entry_score") or first.get("exit_score"):
        return made
    rest = made[1:]
    for values in rest:
        for name in ("pupils_measured", "months_between", "met_target"):
            if first.get(name) is not None:
                values.setdefault(name, first[name])
    if len(rest) == 1 and first.get("measure"):
        rest[0]["measure"] = first["measure"]
    elif first.get("measure"):
        got.notes.append(f"How it is measured: {first['measure']}")
    return rest


def _values(got: Gathered, cells: Cells, words: Words) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name in MEASURE_FIELDS:
        if name not in cells:
            continue
        column, cell = cells[name]
        if name in _TEXTS:
            values[name] = cell.text
        elif name == "scale":
            _scale(got, column, cell, values, words)
        elif name in _NUMBERS:
            _number(got, column, cell, values)
    if "met_target" in cells:
        _met_target(got, *cells["met_target"], values)
    return values


def _scale(
    got: Gathered, column: ColumnMatch, cell: Cell, values: dict[str, Any], words: Words
) -> None:
    scale = scale_named(cell.text, words)
    if scale:
        values["scale"] = scale
        got.said(column, cell, words.scale_labels[scale])
    else:
        choices = ", ".join(words.scale_labels.values())
        sentence = f"We do not know this kind of score. Choose one of: {choices}."
        got.keep_unread(column, cell, sentence)


def _number(got: Gathered, column: ColumnMatch, cell: Cell, values: dict[str, Any]) -> None:
    name = column.field or ""
    number = parse_number(_UNITS.sub("", cell.text.strip().lstrip("±+/- ")))
    if number is None or number < 0 or (name == "pupils_measured" and number % 1):
        got.keep_unread(column, cell, "Type a number, for example 6.")
        return
    values[name] = number


def _met_target(got: Gathered, column: ColumnMatch, cell: Cell, values: dict[str, Any]) -> None:
    """'5', '5/6', '5 out of 6', or a share of the pupils measured: '75%'."""
    text = cell.text.strip().lower()
    measured: Decimal | None = values.get("pupils_measured")
    if part := _PART.fullmatch(text):
        values["met_target"] = Decimal(part[1])
        values.setdefault("pupils_measured", Decimal(part[2]))
        got.said(column, cell, f"{part[1]} of {values['pupils_measured']} pupils")
        return
    number = parse_number(_UNITS.sub("", text.removesuffix("%")))
    shares = {"percent", "percentage"} & {*heading_tokens(column.heading)} or "%" in column.heading
    if number is None or number < 0:
        got.keep_unread(column, cell, "Type how many pupils met it, for example 5 or 5/6.")
    elif "%" in text or shares:
        if measured is None or number > 100 or (count := measured * number / 100) % 1 > 0:
            sentence = "Type how many pupils met it, and how many were measured, for example 5/6."
            got.keep_unread(column, cell, sentence)
            return
        values["met_target"] = Decimal(int(count))
        got.said(column, cell, f"{plain(values['met_target'])} of {plain(measured)} pupils")
    elif number % 1:
        got.keep_unread(column, cell, "Type how many pupils met it, for example 5 or 5/6.")
    else:
        values["met_target"] = number


def _check_scores(got: Gathered, cells: Cells, values: dict[str, Any], words: Words) -> None:
    """Say how each score is read on its scale; a score that is none is to be checked."""
    scale = values.get("scale", "")
    if scale not in ("reading_age", "standard_score"):
        return
    for name in ("entry_score", "exit_score"):
        if name not in cells:
            continue
        column, cell = cells[name]
        reading = read_score(cell.text, scale, words)
        if reading.problem:
            got.problem(column, cell, reading.problem, "check")
        elif reading.note or reading.said != cell.text:
            got.readings.append(
                ReadAs(column.heading, cell.coordinate, cell.text, reading.said, reading.note)
            )
