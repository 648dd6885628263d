"""A spreadsheet as plain cells, and what is too much of it.

What `opening.py` gives and everything that reads a map takes. Nothing here knows a file format.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache

MAX_BYTES = 10 * 1024 * 1024
MAX_ROWS = 5_000
MAX_COLUMNS = 100
MAX_SHEETS = 30
MAX_CELL_TEXT = 32_767
MAX_CELLS = 300_000
LONGEST_READ = 2_000
"""Characters of one cell that are read: as many as a field of the map takes."""
MOST_READ = 2_000_000
"""Characters in all cells; 2,000 rows of a map have about half a million."""
_NAMED = 5
_BLANKS = re.compile(r"\s{3,}")

CellValue = str | bool | Decimal | dt.datetime | dt.date | dt.time | dt.timedelta | None


class UnreadableFile(Exception):
    """The file cannot be brought in; the text is one sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its value, the text a person sees, and where it stands (such as C7).

    `merged_from` names the first cell of a merged block when this cell only repeats it.
    """

    value: CellValue
    text: str
    is_formula_uncalculated: bool
    coordinate: str
    merged_from: str | None = None

    @property
    def is_blank(self) -> bool:
        """True when the cell itself holds nothing (a repeat of a merged block holds nothing)."""
        own = self.text.strip() or self.is_formula_uncalculated
        return not own or self.merged_from is not None


@dataclass(frozen=True)
class Sheet:
    """One sheet. `cells[0]` is spreadsheet row 1. Rows may differ in length.

    `merges` are blocks as (first row, first column, last row, last column), counted from 1.
    `notices` are sentences about the sheet as a whole, such as "This sheet is hidden".
    """

    name: str
    cells: tuple[tuple[Cell, ...], ...]
    merges: tuple[tuple[int, int, int, int], ...] = ()
    notices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Workbook:
    """Everything that was read from one file."""

    filename: str
    sheets: tuple[Sheet, ...]
    notices: tuple[str, ...] = field(default=())


@lru_cache(maxsize=MAX_COLUMNS)
def column_letters(index: int) -> str:
    """Letters of a column counted from 0: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def make_sheet(
    name: str,
    rows: Sequence[Sequence[Cell]],
    merges: Iterable[tuple[int, int, int, int]] = (),
    notices: tuple[str, ...] = (),
) -> Sheet:
    """A sheet of cells: blank rows at the end are dropped, and every text is bounded.

    A map's readers look at a text many times. So of a long run of blanks one is kept (or an empty
    line), and of a text the first 2,000 characters, which is said.
    """
    last = len(rows)
    while last and all(cell.is_blank for cell in rows[last - 1]):
        last -= 1
    spaced = [[_without_gaps(cell) for cell in row] for row in rows[:last]]
    long = [
        cell.coordinate
        for row in spaced
        for cell in row
        if len(cell.text) > LONGEST_READ and cell.merged_from is None
    ]
    cells = tuple(tuple(_cut(cell) for cell in row) for row in spaced)
    return Sheet(name, cells, tuple(merges), notices + _said_of(long))


def _without_gaps(cell: Cell) -> Cell:
    return _saying(cell, _BLANKS.sub(_one_blank, cell.text))


def _one_blank(gap: re.Match[str]) -> str:
    return "\n\n"[: gap[0].count("\n")] or " "


def _cut(cell: Cell) -> Cell:
    return _saying(cell, cell.text[:LONGEST_READ].rstrip())


def _saying(cell: Cell, text: str) -> Cell:
    """The cell with another text, which is also its value unless that is a number or a date."""
    if text == cell.text:
        return cell
    return replace(cell, text=text, value=text if isinstance(cell.value, str) else cell.value)


def _said_of(long: Sequence[str]) -> tuple[str, ...]:
    """What is said of cells that were not read to their end."""
    if not long:
        return ()
    named = ", ".join(long[:_NAMED]) + (f" and {len(long) - _NAMED} more" * (len(long) > _NAMED))
    holds = "Cell {} holds" if len(long) == 1 else "Cells {} hold"
    return (
        f"{holds.format(named)} more than {LONGEST_READ:,} characters, of which we read the first "
        f"{LONGEST_READ:,}. Shorten the text if the rest matters.",
    )


def make_workbook(filename: str, sheets: Sequence[Sheet]) -> Workbook:
    """A workbook of these sheets.

    :raises UnreadableFile: there is more text in it than in any map.
    """
    texts = (cell.text for sheet in sheets for row in sheet.cells for cell in row)
    if sum(map(len, texts)) > MOST_READ:
        raise UnreadableFile(too_much())
    return Workbook(filename, tuple(sheets))


def too_much() -> str:
    """The sentence for a workbook that holds far more than a map."""
    return (
        "This workbook holds far more than a provision map. Copy only the provision rows into a "
        "new workbook and bring that in."
    )
