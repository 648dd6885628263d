"""A provision map drawn as a grid: areas of need down the side, tiers across the top.

Each line of a cell is one provision. Such a grid gives no times and no costs, so the rows come in
with their area and tier alone, and the rest is for the person to fill in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lti_tool.activities.provision_map_audit.importing.preview import (
    ImportedRow,
    Problem,
    SkippedRow,
)
from lti_tool.activities.provision_map_audit.importing.row_kinds import heading_codes
from lti_tool.activities.provision_map_audit.rows import ProvisionRow
from lti_tool.activities.provision_map_audit.sheets.cells import Cell, Sheet
from lti_tool.activities.provision_map_audit.words import Words, fold
from lti_tool.privacy.guard import suspect_text

GRID_NOTICE = (
    "This sheet is a grid of areas and tiers, so each line of a cell came in as one provision. "
    "Fill in the staff, times and pupils of each to cost it."
)
_WITHIN = 15
_MARK = re.compile(r"^\s*(?:[•●▪◦*·–-]|\d{1,2}[.)])\s*")
_TICK = re.compile(r"[\W_]*|[xyn]|yes|no|\d+", re.I)


@dataclass(frozen=True)
class Grid:
    """The header's row (from 0) and what each column stands for: (area, tier)."""

    header: int
    columns: dict[int, tuple[str | None, str | None]]


def read_grid(sheet: Sheet, words: Words) -> Grid | None:
    """The grid a sheet holds, or None. Two tiers across the top make one, or two areas."""
    for index, cells in enumerate(sheet.cells[:_WITHIN]):
        named = {
            i: heading_codes(_own_words(cell.text), words)
            for i, cell in enumerate(cells)
            if i and 2 <= len(cell.text) <= 80 and not cell.is_blank
        }
        columns = {i: codes for i, codes in named.items() if any(codes)}
        tiers = {tier for _, tier in columns.values() if tier}
        areas = {area for area, _ in columns.values() if area}
        filled = sum(1 for cell in cells[1:] if not cell.is_blank)
        if max(len(tiers), len(areas)) >= 2 and len(columns) >= 0.6 * filled:
            grid = Grid(index, columns)
            return grid if _holds_lists(sheet, grid, words) else None
    return None


def _own_words(heading: str) -> str:
    """'Wave 2 (targeted)' and 'Universal: all pupils' by what stands first."""
    return re.split(r"[(:\n–]", heading)[0].strip() or heading


def _holds_lists(sheet: Sheet, grid: Grid, words: Words) -> bool:
    """Worded cells below, and a first column that names areas, tiers, years or the like."""
    worded = ticked = sides = 0
    for cells in sheet.cells[grid.header + 1 :]:
        sides += bool(cells and any(heading_codes(cells[0].text, words)))
        for index in grid.columns:
            text = cells[index].text.strip() if index < len(cells) else ""
            worded += bool(text) and not _TICK.fullmatch(text)
            ticked += bool(text) and bool(_TICK.fullmatch(text))
    tiers_across = {tier for _, tier in grid.columns.values() if tier}
    return worded >= 2 and worded > 2 * ticked and (len(tiers_across) >= 2 or sides >= 2)


def grid_rows(
    sheet: Sheet, grid: Grid, words: Words, cleared: frozenset[str]
) -> tuple[list[ImportedRow], list[SkippedRow]]:
    """The provisions of a grid, and the rows above it and without any."""
    rows: list[ImportedRow] = []
    skipped: list[SkippedRow] = []
    area: str | None = None
    tier: str | None = None
    for index, cells in enumerate(sheet.cells):
        if all(cell.is_blank for cell in cells):
            continue
        if index <= grid.header:
            kind = "header" if index == grid.header else "title"
            skipped.append(SkippedRow(sheet.name, index + 1, kind, "A title or header line."))
            continue
        if cells[0].text:
            found = heading_codes(cells[0].text, words)
            area, tier = found if any(found) else (None, None)
        before = len(rows)
        for column, cell, line in _lines(cells, grid):
            codes = (grid.columns[column][0] or area, grid.columns[column][1] or tier)
            rows.append(_row(sheet.name, index + 1, cell, line, codes, words, cleared))
        if len(rows) == before:
            skipped.append(SkippedRow(sheet.name, index + 1, "note", "No provision in this row."))
    return rows, skipped


def _lines(cells: Sequence[Cell], grid: Grid) -> Iterator[tuple[int, Cell, str]]:
    for column in grid.columns:
        if column < len(cells) and not cells[column].is_blank:
            for line in re.split(r"[\n;]", cells[column].text):
                name = " ".join(_MARK.sub("", line).split())
                if re.search(r"\w", name) and not _TICK.fullmatch(name):
                    yield column, cells[column], name


def _row(
    sheet: str,
    number: int,
    cell: Cell,
    line: str,
    codes: tuple[str | None, str | None],
    words: Words,
    cleared: frozenset[str],
) -> ImportedRow:
    problems: list[Problem] = []

    def add(sentence: str, kind: str, key: str | None = None) -> None:
        text = f"Row {number}: {sentence}"
        problems.append(
            Problem(sheet, number, "", cell.coordinate, "", text, kind, "name", key)  # type: ignore[arg-type]
        )

    found = suspect_text(line, words, cleared)
    if found:
        add(found.sentence, "privacy", found.clear_key if found.can_clear else None)
    elif fold(line) in words.unknown:
        add("No provision is named. Type its name.", "unread")
    elif codes[0] is None:
        add("No area of need stands at the side. Choose one.", "check")
    name = "" if found or fold(line) in words.unknown else line
    row = ProvisionRow(name=name, area=codes[0], tier=codes[1])
    return ImportedRow(sheet, number, row, tuple(problems))
