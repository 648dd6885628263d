"""A workbook that this tool gave out and that comes back: only its map is read.

Its other sheets are worked out from the map or hold lists, and would read as provisions twice.
Sheets that a person added are read as any other.
"""

from __future__ import annotations

from dataclasses import replace

from lti_tool.activities.provision_map_audit.sheets.cells import Workbook

MAP = "Provision map"
BESIDE_THE_MAP = ("Totals", "Impact", "Action plan", "Rates", "Notes")
"""Names of the sheets beside the map, as `taking_out` writes them."""


def without_our_own(workbook: Workbook) -> Workbook:
    """The workbook without those sheets, if it is one of ours; any other as it is."""
    names = {sheet.name for sheet in workbook.sheets}
    if not names.issuperset((MAP, *BESIDE_THE_MAP)):
        return workbook
    kept = tuple(sheet for sheet in workbook.sheets if sheet.name not in BESIDE_THE_MAP)
    return replace(workbook, sheets=kept)
