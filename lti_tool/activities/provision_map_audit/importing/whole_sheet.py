"""What a sheet says as a whole: its area, tier and term, and whether it is about one child.

A sheet named after a person is shown by its place ("Sheet 2"), so that no name is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from lti_tool.activities.provision_map_audit.importing.columns import HeaderMatch
from lti_tool.activities.provision_map_audit.importing.gathered import RowContext
from lti_tool.activities.provision_map_audit.importing.row_kinds import RowKind, heading_codes
from lti_tool.activities.provision_map_audit.privacy.columns import whole_sheet_left_out
from lti_tool.activities.provision_map_audit.readings.reading import codes_in
from lti_tool.activities.provision_map_audit.readings.terms import term_title
from lti_tool.activities.provision_map_audit.sheets.cells import Cell, Sheet, Workbook
from lti_tool.activities.provision_map_audit.words import Words
from lti_tool.privacy.guard import Suspicion, names_a_person, names_one_child, tells_birth_or_number

_PUPIL_LABEL = re.compile(
    r"^(?:(?:pupil|child|student|learner)(?:['’]?s)?(?:\s+(?:full\s+)?name)?"
    r"|name of (?:pupil|child|student)|d\.?o\.?b\.?|date of birth|upn|unique pupil number)"
    r"\s*(?:[:\-–]\s*(?P<value>.*))?$",
    re.I | re.S,
)
_NAME_LABEL = re.compile(r"^name\s*(?:[:\-–]\s*(?P<value>.*))?$", re.I | re.S)


def names_of_sheets(
    workbook: Workbook, words: Words, cleared: frozenset[str]
) -> Iterator[tuple[Sheet, str]]:
    """Each sheet with the name to show: its own, or its place where it is named after a person."""
    for number, sheet in enumerate(workbook.sheets, 1):
        person = not term_title(sheet.name, words.year) and names_a_person(
            sheet.name, words, cleared
        )
        yield sheet, f"Sheet {number}" if person else sheet.name


def about_one_child(
    sheet: Sheet, own_name: str, match: HeaderMatch | None, words: Words, cleared: frozenset[str]
) -> Suspicion | None:
    """A sheet named after a child, or with a child's name, birth date or UPN above the table."""
    above = sheet.cells[: match.header_row_indexes[0] if match else 6]
    if any(_labels_child(cells, words) for cells in above):
        return whole_sheet_left_out("", can_clear=False)
    if not term_title(own_name, words.year) and names_one_child(own_name, words, cleared):
        return whole_sheet_left_out(own_name, can_clear=True)
    return None


def _labels_child(cells: Sequence[Cell], words: Words) -> bool:
    """'Name: Ben Carter' in one cell, or 'Pupil' with a value in the next."""
    filled = [cell.text.strip() for cell in cells if not cell.is_blank]
    if not 0 < len(filled) <= 6:
        return False
    for text, following in zip(filled, [*filled[1:], ""], strict=True):
        if tells_birth_or_number(text):
            return True
        found = _PUPIL_LABEL.match(text)
        value = (found["value"] or following) if found else ""
        if value and re.search(r"\d{2}|[A-Z][a-z]", value):
            return names_one_child(value, words, frozenset()) or bool(re.search(r"\d{4}", value))
        named = _NAME_LABEL.match(text)
        if named and names_one_child(named["value"] or following, words, frozenset()):
            return True
    return False


def sheet_context(sheet: Sheet, header: int, words: Words) -> RowContext:
    """The area, tier and term that the sheet's name or a title above the header names."""
    area, tier = heading_codes(sheet.name, words)
    where = "the name of the sheet"
    if area is None:
        named = codes_in(sheet.name, words.areas) if len(sheet.name) > 3 else []
        area = named[0] if len(named) == 1 else None
    titles = [c.text for cells in sheet.cells[:header] for c in cells if c.text and not c.is_blank]
    if area is None and tier is None:
        for text in titles:
            codes = heading_codes(text, words)
            area, tier = area or codes[0], tier or codes[1]
            where = "the title above"
    term, term_where = term_title(sheet.name, words.year), "the name of the sheet"
    if term is None:
        terms = [found for text in titles if (found := term_title(text, words.year))]
        term, term_where = (terms[0] if len(terms) == 1 else None), "the title above"
    return RowContext(area, tier, where, term, term_where)


def context_after(context: RowContext, kind: RowKind) -> RowContext:
    """What holds after a heading row."""
    if kind.kind != "heading":
        return context
    if kind.area or kind.tier:
        context = replace(
            context,
            area=kind.area or context.area,
            tier=kind.tier or context.tier,
            where="the heading above",
        )
    if kind.term:
        context = replace(context, term=kind.term, term_where="the heading above")
    return context
