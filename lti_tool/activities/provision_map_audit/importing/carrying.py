"""Areas and tiers written only on the first row of each block, carried down to the rows below."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from lti_tool.activities.provision_map_audit.importing.columns import HeaderMatch
from lti_tool.activities.provision_map_audit.importing.row_kinds import is_total_label
from lti_tool.activities.provision_map_audit.sheets.cells import Cell, Sheet


def carried_columns(sheet: Sheet, match: HeaderMatch) -> dict[int, list[Cell | None]]:
    """Area and tier columns filled only on the first row of each block: the cell to carry down.

    Only when no value repeats from one row to the next, which is how a school that fills every row
    would have it; else a blank means not known.
    """
    carried: dict[int, list[Cell | None]] = {}
    for column in match.columns:
        if column.field not in ("area", "tier"):
            continue
        start = match.header_row_indexes[-1] + 1
        values = [
            row[column.index].text if column.index < len(row) else "" for row in sheet.cells[start:]
        ]
        filled = [value for value in values if value]
        blanks = sum(
            1
            for value, row in zip(values, sheet.cells[start:], strict=True)
            if not value and any(not cell.is_blank for cell in row)
        )
        repeats = any(a and a == b for a, b in pairwise(values))
        if not repeats and blanks >= 2 and filled:
            carried[column.index] = _carry(sheet, start, column.index)
    return carried


def _carry(sheet: Sheet, start: int, column: int) -> list[Cell | None]:
    last: Cell | None = None
    result: list[Cell | None] = [None] * len(sheet.cells)
    for index in range(start, len(sheet.cells)):
        row = sheet.cells[index]
        if column < len(row) and row[column].text and not is_total_label(row[column].text):
            last = row[column]
        elif last is not None:
            result[index] = replace(last, merged_from=last.coordinate)
    return result
