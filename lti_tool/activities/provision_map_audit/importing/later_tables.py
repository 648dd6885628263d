"""Finding a second table further down a sheet, with other columns or the same in another order."""

from __future__ import annotations

from lti_tool.activities.provision_map_audit.importing.columns import (
    HeaderMatch,
    match_headings,
)
from lti_tool.activities.provision_map_audit.importing.header_lines import header_texts
from lti_tool.activities.provision_map_audit.importing.headings import is_known_heading
from lti_tool.activities.provision_map_audit.importing.row_kinds import kind_of_row
from lti_tool.activities.provision_map_audit.sheets.cells import Sheet
from lti_tool.activities.provision_map_audit.words import Words


def later_header(sheet: Sheet, index: int, match: HeaderMatch, words: Words) -> HeaderMatch | None:
    """The match of a later table whose header is this row; None for all other rows."""
    headings = header_texts(sheet, (index,))
    if headings is None or sum(1 for heading in headings if heading) < 3:
        return None
    known = sum(1 for heading in headings if is_known_heading(heading, words))
    if known < 3:
        return None
    found = match_headings(sheet, (index,), headings, words)
    named = [c for c in found.columns if c.field and c.sure and c.heading]
    filled = sum(1 for heading in headings if heading)
    if len(named) < 3 or len(named) < 0.6 * filled or "name" not in found.fields():
        return None
    before = {(c.index, c.heading) for c in match.columns if c.heading}
    if {(c.index, c.heading) for c in found.columns if c.heading} <= before:
        return None
    if kind_of_row(sheet.cells[index], match, words).kind == "header":
        return None
    return found
