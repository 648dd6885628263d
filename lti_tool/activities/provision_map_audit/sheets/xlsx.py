"""Reading the cells of an Excel workbook in one bounded pass.

Why not openpyxl's reader: in its read-only mode it knows no merged cells and cannot tell a formula
that was never calculated from an empty cell, and it takes several seconds for a large sheet. Its
rules for dates and number formats are used here, and a test compares both readers cell by cell.
The archive is guarded in `xlsx_archive.py`; number formats are in `xlsx_formats.py`.
"""

from __future__ import annotations

import posixpath
from dataclasses import replace
from functools import lru_cache

from lti_tool.activities.provision_map_audit.sheets.cells import (
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_ROWS,
    MAX_SHEETS,
    Cell,
    Sheet,
    UnreadableFile,
    Workbook,
    column_letters,
    make_sheet,
    make_workbook,
    too_much,
)
from lti_tool.activities.provision_map_audit.sheets.xlsx_archive import Archive, parse_part
from lti_tool.activities.provision_map_audit.sheets.xlsx_formats import Styles, as_cell_value, show
from lti_tool.activities.provision_map_audit.sheets.xlsx_marks import Marks
from lti_tool.activities.provision_map_audit.sheets.xlsx_strings import (
    SharedStrings,
    bounded,
    local_name,
)
from lti_tool.core.numerals import whole

_MAX_ELEMENTS = 1_500_000


def read_xlsx(filename: str, data: bytes) -> Workbook:
    """Read every sheet with cells; raises UnreadableFile with one sentence."""
    archive = Archive(data)
    targets, epoch_1904 = _sheet_targets(archive)
    if len(targets) > MAX_SHEETS:
        raise UnreadableFile(
            f"This workbook has {len(targets)} sheets and the most we take is {MAX_SHEETS}. "
            "Delete the sheets that hold no provision and bring it in again."
        )
    strings = SharedStrings()
    archive.parse_if_there("xl/sharedStrings.xml", strings)
    styles = Styles(epoch_1904)
    archive.parse_if_there("xl/styles.xml", styles)
    sheets = []
    budget = [MAX_CELLS]
    for name, target, hidden in targets:
        reader = _SheetReader(name, strings.texts, styles, budget)
        parse_part(archive.read(target), reader)
        sheet = reader.sheet()
        if hidden:
            note = "This sheet is hidden in the workbook. We read it all the same."
            sheet = replace(sheet, notices=(note, *sheet.notices))
        sheets.append(sheet)
    if not any(sheet.cells for sheet in sheets):
        raise UnreadableFile("This workbook has no filled cells. Choose the file with your map.")
    return make_workbook(filename, sheets)


class _WorkbookPart:
    """Handler for xl/workbook.xml: names, relation ids and hidden states of the sheets."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, str, bool]] = []
        self.epoch_1904 = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        tag = local_name(tag)
        if tag == "sheet":
            relation = next((v for k, v in attributes.items() if k.endswith(":id")), "")
            hidden = attributes.get("state", "visible") != "visible"
            self.sheets.append((attributes.get("name", "Sheet")[:100], relation, hidden))
        elif tag == "workbookPr":
            self.epoch_1904 = attributes.get("date1904") in ("1", "true")

    def end(self, tag: str) -> None:
        """Nothing stands between the tags."""

    def text(self, text: str) -> None:
        """Nothing stands between the tags."""


class _Relations(_WorkbookPart):
    """Handler for a .rels part: relation id to target and kind."""

    def __init__(self) -> None:
        super().__init__()
        self.targets: dict[str, tuple[str, str]] = {}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if local_name(tag) == "Relationship" and attributes.get("TargetMode") != "External":
            kind = attributes.get("Type", "").rpartition("/")[2]
            self.targets[attributes.get("Id", "")] = (attributes.get("Target", ""), kind)


def _sheet_targets(archive: Archive) -> tuple[list[tuple[str, str, bool]], bool]:
    book, relations = _WorkbookPart(), _Relations()
    parse_part(archive.read("xl/workbook.xml"), book)
    parse_part(archive.read("xl/_rels/workbook.xml.rels"), relations)
    found = []
    for name, relation, hidden in book.sheets:
        target, kind = relations.targets.get(relation, ("", ""))
        if kind != "worksheet":
            continue
        path = target.lstrip("/") if target.startswith("/") else posixpath.join("xl", target)
        found.append((name, posixpath.normpath(path), hidden))
    return found, book.epoch_1904


class _SheetReader:
    """Handler for one worksheet: cells row by row, then the merged blocks."""

    def __init__(self, name: str, strings: list[str], styles: Styles, budget: list[int]) -> None:
        self._name, self._strings, self._styles, self._budget = name, strings, styles, budget
        self._rows: dict[int, dict[int, Cell]] = {}
        self._merges: list[tuple[int, int, int, int]] = []
        self._row = self._column = self._elements = 0
        self._kind = self._style = ""
        self._taking = False
        self._formula = False
        self._parts: list[str] = []
        self._wide = False
        self._marks = Marks()

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        tag = local_name(tag)
        self._elements += 1
        if self._elements > _MAX_ELEMENTS:
            raise UnreadableFile(too_much())
        if tag == "c":
            self._start_cell(attributes)
        elif tag in ("v", "t"):
            self._taking = True
        elif tag == "row":
            self._row = whole(attributes.get("r")) or self._row + 1
            self._column = 0
            self._marks.row(self._row, attributes)
        elif tag == "col":
            self._marks.columns(attributes)
        elif tag == "f":
            self._formula = True
        elif tag == "rPh":
            self._taking = False
        elif tag == "mergeCell":
            self._merge(attributes.get("ref", ""))

    def _start_cell(self, attributes: dict[str, str]) -> None:
        place = _split(attributes.get("r", ""))
        if place:
            self._row, self._column = place
        else:
            self._column += 1
        self._kind = attributes.get("t", "n")
        self._style = attributes.get("s", "0")
        self._parts, self._formula, self._taking = [], False, False

    def text(self, text: str) -> None:
        if self._taking:
            self._parts.append(text)

    def end(self, tag: str) -> None:
        tag = local_name(tag)
        if tag in ("v", "t"):
            self._taking = False
        elif tag == "c" and (self._parts or self._formula):
            self._keep(bounded("".join(self._parts)))

    def _keep(self, raw: str) -> None:
        value = as_cell_value(raw, self._kind, self._style, self._strings, self._styles)
        uncalculated = self._formula and not raw and self._kind != "str"
        if value is None and not uncalculated:
            return
        if self._row > MAX_ROWS:
            raise UnreadableFile(
                f"Sheet '{self._name}' has a filled cell below row {MAX_ROWS:,}. Delete the rows "
                "that hold no provision, save the workbook and bring it in again."
            )
        if self._column > MAX_COLUMNS:
            self._wide = True
            return
        self._budget[0] -= 1
        if self._budget[0] < 0:
            raise UnreadableFile(too_much())
        text = "" if value is None else show(value, self._styles.format_of(self._style))
        coordinate = f"{column_letters(self._column - 1)}{self._row}"
        self._marks.cell(self._row, self._styles.is_struck(self._style))
        self._rows.setdefault(self._row, {})[self._column] = Cell(
            value, text.strip(), uncalculated, coordinate
        )

    def _merge(self, ref: str) -> None:
        first, _, last = ref.partition(":")
        start, end = _split(first), _split(last or first)
        if start and end and len(self._merges) < 5_000:
            self._merges.append((*start, min(end[0], MAX_ROWS), min(end[1], MAX_COLUMNS)))

    def sheet(self) -> Sheet:
        """The finished sheet; cells of a merged block repeat its first cell and say so."""
        for row in self._marks.struck_rows():
            self._rows.pop(row, None)
        self._repeat_merged()
        rows = []
        for row in range(1, max(self._rows, default=0) + 1):
            found = self._rows.get(row, {})
            rows.append(
                [
                    found.get(column) or Cell(None, "", False, f"{column_letters(column - 1)}{row}")
                    for column in range(1, max(found, default=0) + 1)
                ]
            )
        notices: tuple[str, ...] = ()
        if self._wide:
            last = column_letters(MAX_COLUMNS - 1)
            notices = (
                f"Columns after {last} were not read. Move anything you need from there further "
                "to the left.",
            )
        notices += self._marks.notices(self._rows)
        return make_sheet(self._name, rows, self._merges, notices)

    def _repeat_merged(self) -> None:
        last_row = max(self._rows, default=0)
        for top, left, bottom, right in self._merges:
            source = self._rows.get(top, {}).get(left)
            if source is None:
                continue
            for row in range(top, min(bottom, last_row) + 1):
                for column in range(left, right + 1):
                    self._budget[0] -= 1
                    if self._budget[0] < 0:
                        raise UnreadableFile(too_much())
                    if (row, column) != (top, left) and column not in self._rows.get(row, {}):
                        self._rows.setdefault(row, {})[column] = replace(
                            source,
                            coordinate=f"{column_letters(column - 1)}{row}",
                            merged_from=source.coordinate,
                        )


def _split(coordinate: str) -> tuple[int, int] | None:
    """'C7' as (row 7, column 3); None when it is no coordinate."""
    letters = coordinate.rstrip("0123456789")
    row = whole(coordinate[len(letters) :])
    if not row or not 0 < len(letters) <= 3 or not (letters.isascii() and letters.isalpha()):
        return None
    return row, _column(letters.upper())


@lru_cache(maxsize=MAX_COLUMNS)
def _column(letters: str) -> int:
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return column
