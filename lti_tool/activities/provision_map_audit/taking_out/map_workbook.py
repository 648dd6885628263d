"""The audit as an Excel workbook with live formulas, to go on with at work."""

from __future__ import annotations

from lti_tool.activities.provision_map_audit.taking_out.further_sheets import (
    write_notes,
    write_plan,
)
from lti_tool.activities.provision_map_audit.taking_out.impact_sheet import write_impact
from lti_tool.activities.provision_map_audit.taking_out.map_sheet import write_map
from lti_tool.activities.provision_map_audit.taking_out.rates_sheet import (
    list_ranges,
    rates_range,
    write_rates,
)
from lti_tool.activities.provision_map_audit.taking_out.sheet_pen import Book
from lti_tool.activities.provision_map_audit.taking_out.taken import Taken
from lti_tool.activities.provision_map_audit.taking_out.totals_sheet import write_totals


def make_workbook(taken: Taken) -> bytes:
    """The workbook: the map, totals, impact, action plan, rates, notes."""
    book = Book("Provision map")
    layout = write_map(book, taken, rates_range(taken), list_ranges(taken))
    write_totals(book, taken, layout)
    write_impact(book, taken, layout)
    write_plan(book, taken)
    write_rates(book, taken)
    write_notes(book, taken)
    return book.close()
