"""From a workbook to a preview: every filled row becomes a provision or is set aside with a reason.

Order of work for each sheet: find the header, put the person's choices in, leave columns about
pupils out, then take the rows one by one. A bad cell never loses its row. Nothing is stored here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from lti_tool.activities.provision_map_audit.importing.columns import (
    IGNORE,
    HeaderMatch,
    apply_choices,
    header_texts,
    match_columns,
    match_headings,
)
from lti_tool.activities.provision_map_audit.importing.gathered import RowContext
from lti_tool.activities.provision_map_audit.importing.headings import (
    PUPIL,
    is_known_heading,
    forget,
)
from lti_tool.activities.provision_map_audit.importing.preview import (
    ImportedRow,
    ImportPreview,
    LeftOut,
    Problem,
    ReadAs,
    SheetPreview,
    SkippedRow,
)
from lti_tool.activities.provision_map_audit.importing.row_building import RowBuilder
from lti_tool.activities.provision_map_audit.importing.row_kinds import (
    RowKind,
    heading_codes,
    kind_of_row,
)
from lti_tool.activities.provision_map_audit.privacy.guard import (
    ONE_CHILD,
    suspect_column,
    suspect_text,
    tells_of_one_child,
)
from lti_tool.activities.provision_map_audit.readings.reading import codes_in
from lti_tool.activities.provision_map_audit.sheets.cells import Cell, Sheet, Workbook
from lti_tool.activities.provision_map_audit.words import Words

__all__ = [
    "ImportPreview",
    "ImportedRow",
    "LeftOut",
    "Problem",
    "ReadAs",
    "SheetPreview",
    "SkippedRow",
    "read_map",
]


def read_map(
    workbook: Workbook,
    words: Words,
    choices: Mapping[str, Mapping[int, str]] | None = None,
    cleared: frozenset[str] = frozenset(),
    today: dt.date | None = None,
) -> ImportPreview:
    """Read every sheet of a workbook.

    `choices`: sheet name to {column index from 0: field code or "ignore"}. `cleared`: keys that a
    person has marked "not a child". `today` tells birth dates from planned dates.
    """
    reader = _Reader(words, choices or {}, cleared, today or dt.datetime.now(dt.UTC).date())
    try:
        for sheet in workbook.sheets:
            reader.read(sheet)
    finally:
        forget()
    return ImportPreview(
        tuple(reader.sheets), tuple(reader.rows), tuple(reader.left_out), tuple(reader.skipped)
    )


class _Reader:
    """Gathers the preview sheet by sheet."""

    def __init__(
        self,
        words: Words,
        choices: Mapping[str, Mapping[int, str]],
        cleared: frozenset[str],
        today: dt.date,
    ) -> None:
        self.words, self.choices, self.cleared, self.today = words, choices, cleared, today
        self.sheets: list[SheetPreview] = []
        self.rows: list[ImportedRow] = []
        self.left_out: list[LeftOut] = []
        self.skipped: list[SkippedRow] = []

    def read(self, sheet: Sheet) -> None:
        """Read one sheet into the preview."""
        match = match_columns(sheet, self.words)
        if match is None:
            self._no_header(sheet)
            return
        match = apply_choices(match, self.choices.get(sheet.name, {}))
        match = self._guard(sheet, match)
        notices = list(sheet.notices)
        if not match.fields().get("name") and PUPIL not in match.fields():
            notices.append("No column names the provision. Choose the one that does.")
        rows = tuple(index + 1 for index in match.header_row_indexes)
        self.sheets.append(SheetPreview(sheet.name, rows, match.columns, tuple(notices)))
        self._titles(sheet, match.header_row_indexes[0])
        self._provisions(sheet, match)

    def _no_header(self, sheet: Sheet) -> None:
        notice = "We found no line of column headings on this sheet, so no row of it came in."
        notices = (*sheet.notices, notice) if sheet.cells else sheet.notices
        self.sheets.append(SheetPreview(sheet.name, (), (), notices))
        reason = (
            "No column headings were found on this sheet. Put headings such as Provision, Weeks "
            "and Staff in one line above the rows."
        )
        for index, cells in enumerate(sheet.cells):
            if _filled(cells):
                self.skipped.append(SkippedRow(sheet.name, index + 1, "no_header", reason))

    def _titles(self, sheet: Sheet, first: int) -> None:
        for index, cells in enumerate(sheet.cells[:first]):
            if _filled(cells):
                reason = "A title or note above the header."
                self.skipped.append(SkippedRow(sheet.name, index + 1, "title", reason))

    def _guard(self, sheet: Sheet, match: HeaderMatch) -> HeaderMatch:
        """Take columns about single pupils out of the match and say so."""
        columns = []
        for column in match.columns:
            below = [
                row[column.index]
                for row in sheet.cells[match.header_row_indexes[-1] + 1 :]
                if column.index < len(row) and not row[column.index].is_blank
            ]
            found = suspect_column(
                column.heading, below, column.field, self.words, self.cleared, self.today
            )
            if found:
                key = found.clear_key if found.can_clear else None
                heading = column.heading
                if suspect_text(heading, self.words, frozenset()):
                    heading = f"(column {sheet_letter(column.index)})"
                self.left_out.append(
                    LeftOut(sheet.name, column.index, heading, found.sentence, key)
                )
                column = replace(
                    column, heading=heading, field=PUPIL, sure=True, why=found.sentence
                )
            columns.append(column)
        return replace(match, columns=tuple(columns))

    def _provisions(self, sheet: Sheet, match: HeaderMatch) -> None:
        context = self._sheet_context(sheet, match)
        builder = RowBuilder(sheet.name, match, self.words, self.cleared)
        carried = _carried_columns(sheet, match)
        index = match.header_row_indexes[-1] + 1
        while index < len(sheet.cells):
            cells = sheet.cells[index]
            again = self._new_header(sheet, index, match)
            if again is not None:
                match, builder = again, RowBuilder(sheet.name, again, self.words, self.cleared)
                carried = _carried_columns(sheet, match)
                for header in match.header_row_indexes:
                    self._skip(sheet, header, "header", "A header line.")
                index = match.header_row_indexes[-1] + 1
                continue
            kind = kind_of_row(cells, match, self.words)
            context = self._one_row(sheet, index, cells, kind, context, builder, match, carried)
            index += 1

    def _one_row(
        self,
        sheet: Sheet,
        index: int,
        cells: Sequence[Cell],
        kind: RowKind,
        context: RowContext,
        builder: RowBuilder,
        match: HeaderMatch,
        carried: dict[int, list[Cell | None]],
    ) -> RowContext:
        if kind.kind == "blank":
            return context
        if kind.kind == "heading" and (kind.area or kind.tier):
            context = replace(
                context,
                area=kind.area or context.area,
                tier=kind.tier or context.tier,
                where="the heading above",
            )
        if kind.kind != "data":
            self._skip(sheet, index, kind.kind, kind.reason)
        elif self._is_one_child(cells, match):
            self._skip(sheet, index, "pupil", ONE_CHILD)
        else:
            full = list(cells)
            for column, above in carried.items():
                carried_cell = above[index]
                if carried_cell is not None:
                    full += [Cell(None, "", False, "")] * (column + 1 - len(full))
                    full[column] = carried_cell
            self.rows.append(builder.build(index + 1, full, context))
        return context

    def _skip(self, sheet: Sheet, index: int, kind: str, reason: str) -> None:
        if kind != "pupil" and suspect_text(reason, self.words, self.cleared):
            reason = "A heading or note, not a provision."
        self.skipped.append(SkippedRow(sheet.name, index + 1, kind, reason))

    def _is_one_child(self, cells: Sequence[Cell], match: HeaderMatch) -> bool:
        """A pupil column with one name or code, or a provision named after a coded child."""
        for column in match.columns:
            if column.index >= len(cells) or not cells[column.index].text:
                continue
            text = cells[column.index].text
            if column.field == PUPIL and tells_of_one_child(text, self.words):
                return True
            if column.field in ("name", "target_group"):
                found = suspect_text(text, self.words, self.cleared)
                if found and found.kind == "a code for one pupil":
                    return True
        return False

    def _sheet_context(self, sheet: Sheet, match: HeaderMatch) -> RowContext:
        """The area or tier that the sheet's title or a title above the header names."""
        area, tier = heading_codes(sheet.name, self.words)
        where = "the name of the sheet"
        if area is None:
            named = codes_in(sheet.name, self.words.areas) if len(sheet.name) > 3 else []
            area = named[0] if len(named) == 1 else None
        if area is None and tier is None:
            for cells in sheet.cells[: match.header_row_indexes[0]]:
                for cell in cells:
                    if cell.text and not cell.is_blank:
                        found = heading_codes(cell.text, self.words)
                        area, tier = area or found[0], tier or found[1]
                        where = "the title above"
        return RowContext(area, tier, where)

    def _new_header(self, sheet: Sheet, index: int, match: HeaderMatch) -> HeaderMatch | None:
        """A later table on the same sheet with other columns; None for all other rows."""
        headings = header_texts(sheet, (index,))
        if headings is None or sum(1 for heading in headings if heading) < 3:
            return None
        known = sum(1 for heading in headings if is_known_heading(heading, self.words))
        if known < 3:
            return None
        found = match_headings(sheet, (index,), headings, self.words)
        named = [c for c in found.columns if c.field and c.sure and c.heading]
        filled = sum(1 for heading in headings if heading)
        if len(named) < 3 or len(named) < 0.6 * filled or "name" not in found.fields():
            return None
        before = {(c.index, c.heading) for c in match.columns if c.heading}
        if {(c.index, c.heading) for c in found.columns if c.heading} <= before:
            return None
        if kind_of_row(sheet.cells[index], match, self.words).kind == "header":
            return None
        return self._guard(sheet, found)


def sheet_letter(index: int) -> str:
    """Letters of a column, for a sentence."""
    from lti_tool.activities.provision_map_audit.sheets.cells import column_letters

    return column_letters(index)


def _filled(cells: Sequence[Cell]) -> bool:
    return any(not cell.is_blank for cell in cells)


def _carried_columns(sheet: Sheet, match: HeaderMatch) -> dict[int, list[Cell | None]]:
    """Area and tier columns filled only on the first row of each block: the cell to carry down.

    Only when no value repeats from one row to the next, which is how a school that fills every row
    would have it; else a blank means not known.
    """
    carried: dict[int, list[Cell | None]] = {}
    for column in match.columns:
        if column.field not in ("area", "tier") or column.field in (IGNORE,):
            continue
        start = match.header_row_indexes[-1] + 1
        values = [
            row[column.index].text if column.index < len(row) else "" for row in sheet.cells[start:]
        ]
        filled = [value for value in values if value]
        blanks = sum(
            1
            for value, row in zip(values, sheet.cells[start:], strict=True)
            if not value and _filled(row)
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
        if column < len(row) and row[column].text:
            last = row[column]
        elif last is not None:
            result[index] = replace(last, merged_from=last.coordinate)
    return result
