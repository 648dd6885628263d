"""From a workbook to a preview: every filled row becomes a provision or is set aside with a reason.

Order of work for each sheet: find the header, put the person's choices in, leave columns about
pupils out, then take the rows one by one. A bad cell never loses its row. Nothing is stored here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace

from lti_tool.activities.provision_map_audit.importing.carrying import carried_columns
from lti_tool.activities.provision_map_audit.importing.column_codes import IGNORE
from lti_tool.activities.provision_map_audit.importing.columns import (
    HeaderMatch,
    apply_choices,
    match_by_order,
    match_columns,
)
from lti_tool.activities.provision_map_audit.importing.gathered import RowContext
from lti_tool.activities.provision_map_audit.importing.grid_map import (
    GRID_NOTICE,
    Grid,
    grid_rows,
    read_grid,
)
from lti_tool.activities.provision_map_audit.importing.headings import PUPIL
from lti_tool.activities.provision_map_audit.importing.later_tables import later_header
from lti_tool.activities.provision_map_audit.importing.one_child import one_child
from lti_tool.activities.provision_map_audit.importing.our_workbook import without_our_own
from lti_tool.activities.provision_map_audit.importing.own_columns import OWN_SHEETS
from lti_tool.activities.provision_map_audit.importing.preview import (
    ImportedRow,
    ImportPreview,
    LeftOut,
    Problem,
    ReadAs,
    SheetPreview,
    SkippedRow,
)
from lti_tool.activities.provision_map_audit.importing.readers import forget, suspect_text
from lti_tool.activities.provision_map_audit.importing.row_building import RowBuilder
from lti_tool.activities.provision_map_audit.importing.row_kinds import (
    TOTALS,
    RowKind,
    kind_of_row,
    sum_rows,
)
from lti_tool.activities.provision_map_audit.importing.whole_sheet import (
    about_one_child,
    context_after,
    names_of_sheets,
    sheet_context,
)
from lti_tool.activities.provision_map_audit.privacy.columns import (
    ONE_CHILD,
    suspect_column,
    suspect_heading,
)
from lti_tool.activities.provision_map_audit.sheets.cells import (
    Cell,
    Sheet,
    Workbook,
    column_letters,
)
from lti_tool.activities.provision_map_audit.words import Words
from lti_tool.privacy.guard import Suspicion

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

NO_PROVISION = "No column of this sheet names a provision or tells how long it is."
_TELLING = frozenset(
    {
        *("name", PUPIL, "minutes_per_session", "sessions_per_week", "schedule", "weeks"),
        *("time_per_week", "time_per_day", "total_time", "total_sessions", "period"),
    }
)


def read_map(
    workbook: Workbook,
    words: Words,
    choices: Mapping[str, Mapping[int, str]] | None = None,
    cleared: frozenset[str] = frozenset(),
    today: dt.date | None = None,
    remembered: Mapping[str, str] | None = None,
    order: Sequence[str] = (),
) -> ImportPreview:
    """Read every sheet of a workbook.

    `choices`: sheet name to {column index from 0: field code or "ignore"}. `cleared`: keys that a
    person has marked "not a child". `today` tells birth dates from planned dates. `remembered`:
    what columns were last time, by heading key. `order`: fields of the columns of a sheet that has
    no headings at all; without it such a sheet gives no rows.
    """
    day = today or dt.datetime.now(dt.UTC).date()
    reader = _Reader(words, choices or {}, cleared, day, remembered or {}, order)
    try:
        for sheet, name in names_of_sheets(without_our_own(workbook), words, cleared):
            reader.read(replace(sheet, name=name), sheet.name)
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
        remembered: Mapping[str, str],
        order: Sequence[str],
    ) -> None:
        self.words, self.choices, self.cleared, self.today = words, choices, cleared, today
        self.remembered, self.order = remembered, order
        self.sheets: list[SheetPreview] = []
        self.rows: list[ImportedRow] = []
        self.left_out: list[LeftOut] = []
        self.skipped: list[SkippedRow] = []

    def read(self, sheet: Sheet, own_name: str) -> None:
        """Read one sheet into the preview; `own_name` is what the file calls it."""
        if sheet.name in OWN_SHEETS:
            return
        match = match_columns(sheet, self.words)
        found = about_one_child(sheet, own_name, match, self.words, self.cleared)
        if found:
            place = f"Sheet {len(self.sheets) + 1}"
            self._leave_out(replace(sheet, name=place), found)
            return
        grid = None if match and len(match.fields()) > 3 else read_grid(sheet, self.words)
        if grid is not None:
            self._grid(sheet, grid)
            return
        if match is None and self.order:
            match = match_by_order(sheet, self.order, self.words)
        if match is None:
            self._no_header(sheet)
            return
        chosen = self.choices.get(sheet.name, {})
        match = apply_choices(match, chosen, self.remembered, self.words)
        match = self._guard(sheet, match)
        notices = list(sheet.notices)
        if not match.fields().get("name") and PUPIL not in match.fields():
            notices.append("No column names the provision. Choose the one that does.")
        rows = tuple(index + 1 for index in match.header_row_indexes if index >= 0)
        self.sheets.append(SheetPreview(sheet.name, rows, match.columns, tuple(notices)))
        if not match.fields().keys() & _TELLING:
            self._set_aside(sheet)
            return
        self._titles(sheet, max(0, match.header_row_indexes[0]))
        self._provisions(sheet, match)

    def _set_aside(self, sheet: Sheet) -> None:
        """A list of choices or a summary: no column names a provision or tells its times."""
        for index, cells in enumerate(sheet.cells):
            if _filled(cells):
                self.skipped.append(SkippedRow(sheet.name, index + 1, "note", NO_PROVISION))

    def _leave_out(self, sheet: Sheet, found: Suspicion) -> None:
        """A sheet about one child: nothing of it is kept but the numbers of its rows."""
        self.sheets.append(SheetPreview(sheet.name, (), (), (*sheet.notices, found.sentence)))
        key = found.clear_key if found.can_clear else None
        self.left_out.append(LeftOut(sheet.name, -1, "The whole sheet", found.sentence, key))
        for index, cells in enumerate(sheet.cells):
            if _filled(cells):
                self.skipped.append(SkippedRow(sheet.name, index + 1, "pupil", ONE_CHILD))

    def _grid(self, sheet: Sheet, grid: Grid) -> None:
        """A grid of areas and tiers: each line of a cell is a provision without times."""
        self.sheets.append(
            SheetPreview(sheet.name, (grid.header + 1,), (), (*sheet.notices, GRID_NOTICE))
        )
        rows, skipped = grid_rows(sheet, grid, self.words, self.cleared)
        self.rows += rows
        self.skipped += skipped

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
            field = PUPIL
            if found is None and column.field is None:
                field, found = IGNORE, suspect_heading(column.heading, self.words, self.cleared)
            if found:
                key = found.clear_key if found.can_clear else None
                heading = column.heading
                if field == IGNORE or suspect_text(heading, self.words, frozenset()):
                    heading = f"(column {column_letters(column.index)})"
                self.left_out.append(
                    LeftOut(sheet.name, column.index, heading, found.sentence, key)
                )
                column = replace(
                    column, heading=heading, field=field, sure=True, why=found.sentence
                )
            columns.append(column)
        return replace(match, columns=tuple(columns))

    def _provisions(self, sheet: Sheet, match: HeaderMatch) -> None:
        context = sheet_context(sheet, max(0, match.header_row_indexes[0]), self.words)
        builder = RowBuilder(sheet.name, match, self.words, self.cleared)
        carried = carried_columns(sheet, match)
        sums = sum_rows(sheet, match)
        index = match.header_row_indexes[-1] + 1
        while index < len(sheet.cells):
            cells = sheet.cells[index]
            again = later_header(sheet, index, match, self.words)
            if again is not None:
                match = self._guard(sheet, again)
                builder = RowBuilder(sheet.name, match, self.words, self.cleared)
                carried, sums = carried_columns(sheet, match), sum_rows(sheet, match)
                for header in match.header_row_indexes:
                    self._skip(sheet, header, "header", "A header line.")
                index = match.header_row_indexes[-1] + 1
                continue
            kind = kind_of_row(cells, match, self.words)
            if kind.kind == "data" and index in sums:
                kind = RowKind("total", TOTALS)
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
        context = context_after(context, kind)
        if kind.kind != "data":
            self._skip(sheet, index, kind.kind, kind.reason)
        elif found := one_child(cells, match, self.words, self.cleared):
            key = found.clear_key if found.can_clear else None
            self.skipped.append(SkippedRow(sheet.name, index + 1, "pupil", found.sentence, key))
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


def _filled(cells: Sequence[Cell]) -> bool:
    return any(not cell.is_blank for cell in cells)
