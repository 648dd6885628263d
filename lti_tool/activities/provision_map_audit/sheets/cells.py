"""A spreadsheet as plain cells, and what is too much of it.

What `opening.py` gives and everything that reads a map takes. Nothing here knows a file format.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

MAX_BYTES = 10 * 1024 * 1024
MAX_ROWS = 5_000
MAX_COLUMNS = 100
MAX_SHEETS = 30
MAX_CELL_TEXT = 32_767
MAX_CELLS = 300_000

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


def trim_rows(rows: list[list[Cell]]) -> tuple[tuple[Cell, ...], ...]:
    """Drop blank rows at the end and freeze the rest."""
    last = len(rows)
    while last and all(cell.is_blank for cell in rows[last - 1]):
        last -= 1
    return tuple(tuple(row) for row in rows[:last])
