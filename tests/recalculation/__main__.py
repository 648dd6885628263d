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

from lti_tool.activities.provision_map_audit.document import Document
from lti_tool.activities.provision_map_audit.figures.costing import RowCost
from lti_tool.activities.provision_map_audit.taking_out.example import load_example
from lti_tool.activities.provision_map_audit.taking_out.map_sheet import SHEET
from lti_tool.activities.provision_map_audit.taking_out.map_workbook import make_workbook
from lti_tool.activities.provision_map_audit.taking_out.request_workbook import (
    make_request_workbook,
)
from lti_tool.activities.provision_map_audit.taking_out.taken import gather
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
