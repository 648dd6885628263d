"""`make recalculate`: every formula we give out, worked out by LibreOffice, against our figures.

Prints a line for each workbook and ends with 1 where a single figure differs.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import openpyxl

from lti_tool.activities.provision_map_audit.document import Document, MapRow
from lti_tool.activities.provision_map_audit.figures.costing import RowCost
from lti_tool.activities.provision_map_audit.taking_out.example import load_example
from lti_tool.activities.provision_map_audit.taking_out.map_sheet import SHEET
from lti_tool.activities.provision_map_audit.taking_out.map_workbook import make_workbook
from lti_tool.activities.provision_map_audit.taking_out.request_workbook import (
    make_request_workbook,
)
from lti_tool.activities.provision_map_audit.taking_out.taken import Taken, gather
from tests.recalculation.libreoffice import WRONG, find_libreoffice, recalculate, spoil
from tests.recalculation.maps import awkward_map, made_map

CONFIG = Path(__file__).resolve().parents[2] / "config"
_PENNY = Decimal("0.01")
_COSTS = {
    "Session hours (worked out)": "session_hours",
    "Staff hours (worked out)": "staff_hours",
    "Staff cost (worked out)": "staff_cost",
    "Total cost (worked out)": "total_cost",
    "Pupils counted (worked out)": "pupils_reached",
    "Cost per pupil (worked out)": "cost_per_pupil",
    "Cost per hour a pupil receives (worked out)": "cost_per_hour_received",
}


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _penny(value: object) -> object:
    """A figure to the penny as a spreadsheet shows it (15 digits count); text as it is."""
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return value
    exact = Decimal(f"{value:.15g}")
    return exact.quantize(_PENNY, rounding=ROUND_HALF_UP)


def differences(data: bytes, again: openpyxl.Workbook) -> Iterator[str]:
    """Cells with a formula whose figure, as given out, is not what LibreOffice makes it."""
    kept = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    formulas = openpyxl.load_workbook(io.BytesIO(data))
    for sheet in formulas.worksheets:
        for line in sheet.iter_rows():
            for cell in line:
                if cell.data_type != "f":
                    continue
                ours = _penny(kept[sheet.title][cell.coordinate].value)
                theirs = _penny(again[sheet.title][cell.coordinate].value)
                if ours != theirs:
                    yield f"{sheet.title}!{cell.coordinate}: {ours!r}, LibreOffice {theirs!r}"


def row_differences(costs: tuple[RowCost, ...], again: openpyxl.Workbook) -> Iterator[str]:
    """Rows of the map whose figures, as LibreOffice makes them, are not those of our costing."""
    sheet = again[SHEET]
    headings = {cell.value: cell.column for cell in sheet[1]}
    for number, cost in enumerate(costs, start=2):
        for heading, field in _COSTS.items():
            ours = getattr(cost, field)
            theirs = sheet.cell(number, headings[heading]).value
            wanted = "not known" if ours is None else _penny(ours)
            if _penny(theirs) != wanted:
                yield f"row {number}, {field}: {wanted!r}, LibreOffice {theirs!r}"


def filled_in_differences(program: str, taken: Taken) -> Iterator[str]:
    """The workbook for a request as a school fills it in: one whole pupil, one half of a cost."""
    chosen = [one.id for one, cost in _costed(taken)][:2]
    costs = [cost for _, cost in _costed(taken)][:2]
    book = openpyxl.load_workbook(io.BytesIO(make_request_workbook(taken, set(chosen))))
    lines, pupils = book["Costed provision"], book["By pupil"]
    lines["A2"], lines["A3"], lines["B3"], pupils["A2"] = "X1", "X1", 50, "X1"
    out = io.BytesIO()
    book.save(out)
    again = recalculate(program, out.getvalue())["By pupil"]
    nil = Decimal(0)
    wanted = (costs[0].cost_per_pupil or nil) + (costs[1].total_cost or nil) / 2
    threshold = taken.picture.threshold
    difference = wanted - (threshold.amount if threshold else 0)
    for cell, ours in (("B2", wanted), ("C2", 0), ("E2", difference)):
        if _penny(again[cell].value) != _penny(Decimal(ours)):
            yield f"filled in, By pupil!{cell}: {ours}, LibreOffice {again[cell].value!r}"


def _costed(taken: Taken) -> list[tuple[MapRow, RowCost]]:
    pairs = zip(taken.rows, taken.figures.cost.rows, strict=True)
    return [(one, cost) for one, cost in pairs if cost.cost_per_pupil is not None]


def _check(program: str, name: str, document: Document) -> list[str]:
    taken = gather(document, CONFIG)
    data = make_workbook(taken)
    spoiled, formulas = spoil(data)
    if formulas < 100:
        raise SystemExit(f"{name}: only {formulas} formulas were found to spoil.")
    again = recalculate(program, spoiled)
    left = sum(
        str(cell.value) == WRONG
        for sheet in again.worksheets
        for line in sheet.iter_rows()
        for cell in line
    )
    found = [*differences(data, again), *row_differences(taken.figures.cost.rows, again)]
    request = make_request_workbook(taken, {one.id for one in taken.rows})
    found += differences(request, recalculate(program, spoil(request)[0]))
    found += filled_in_differences(program, taken)
    if left:
        found.append(f"{left} cells were not recalculated at all")
    _say(f"{name}: {len(taken.rows)} rows, {formulas} formulas, {len(found)} differ")
    return found


def main() -> int:
    """Recalculate every workbook; 1 where a figure differs."""
    program = find_libreoffice()
    wrong: list[str] = []
    for name, document in (
        ("The example", load_example(CONFIG).document),
        ("Awkward rows", awkward_map()),
        ("300 rows", made_map(300, 11)),
    ):
        wrong += [f"{name}: {one}" for one in _check(program, name, document)]
    for one in wrong[:40]:
        _say(f"  {one}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
