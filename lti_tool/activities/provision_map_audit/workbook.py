"""Opening an uploaded spreadsheet: the content is sniffed, bounded, and given as plain cells.

The name of the file is only shown to people; what it is comes from its first bytes. Whatever cannot
be opened raises UnreadableFile with one sentence that says what to do. Excel files are read in
`workbook_xlsx.py`, text files in `workbook_csv.py`. Nothing here knows what a provision is.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal

MAX_BYTES = 10 * 1024 * 1024
MAX_ROWS = 5_000
MAX_COLUMNS = 60
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


_SAVE = "Open it and save it as an Excel workbook (.xlsx) or as CSV, then bring that in."

_OTHER_KINDS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", f"This file is a PDF. {_SAVE}"),
    (b"MZ", "This file is a program, not a spreadsheet. Choose your provision map instead."),
    (b"\x7fELF", "This file is a program, not a spreadsheet. Choose your provision map instead."),
    (b"{\\rtf", f"This file is a text document (RTF). Copy its table into Excel. {_SAVE}"),
    (b"\x89PNG", "This file is a picture. Choose the spreadsheet it was taken from."),
    (b"\xff\xd8\xff", "This file is a picture. Choose the spreadsheet it was taken from."),
    (b"GIF8", "This file is a picture. Choose the spreadsheet it was taken from."),
    (b"Rar!", "This file is an archive. Unpack it first and choose the spreadsheet inside."),
    (b"7z\xbc\xaf", "This file is an archive. Unpack it first and choose the spreadsheet inside."),
    (b"\x1f\x8b", "This file is an archive. Unpack it first and choose the spreadsheet inside."),
)


def open_workbook(filename: str, data: bytes) -> Workbook:
    """Open an .xlsx, .xlsm or delimited text file.

    `filename` is for showing; `data` is the whole file. Raises UnreadableFile with one sentence.
    """
    from . import workbook_csv, workbook_xlsx

    if not data.strip(b" \r\n\t"):
        raise UnreadableFile("This file is empty. Choose the file that holds your provision map.")
    if len(data) > MAX_BYTES:
        size = len(data) // (1024 * 1024)
        raise UnreadableFile(
            f"This file is about {size} MB and the most we take is {MAX_BYTES // 1024 // 1024} MB. "
            "Copy the provision map into a new workbook without pictures and bring that in."
        )
    _refuse_other_kinds(data)
    if data.startswith(b"PK"):
        return workbook_xlsx.read_xlsx(filename, data)
    return workbook_csv.read_csv(filename, data)


def _refuse_other_kinds(data: bytes) -> None:
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise UnreadableFile(
                "This workbook is locked with a password. Open it in Excel, take the password off "
                "(File, Info, Protect Workbook), save it and bring it in again."
            )
        raise UnreadableFile(f"This file is in an older Office format (.xls). {_SAVE}")
    for start, sentence in _OTHER_KINDS:
        if data.startswith(start):
            raise UnreadableFile(sentence)
    head = data[:2000].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if head.startswith((b"<!doctype", b"<html", b"<?xml", b"<table", b"<meta", b"<svg")):
        raise UnreadableFile(f"This file is a web page or XML, not a workbook. {_SAVE}")


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
