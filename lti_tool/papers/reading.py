"""Reading a small table that somebody brings back: the first sheet of an .xlsx, or a CSV.

Bounded before anything is unpacked, so that a hostile file costs little. Every cell comes as text.
"""

import csv
import io
import zipfile
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import openpyxl

from lti_tool.core.errors import Unusable

LARGEST_FILE = 2 * 1024 * 1024
"""Bytes, packed."""
_LARGEST_UNPACKED = 30 * 1024 * 1024
_MOST_ROWS, _MOST_COLUMNS = 5_000, 60
_LONGEST_CELL = 2_000
_SAVE_AS = "Save it as an Excel workbook (.xlsx) or as CSV and choose it again."


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        value = Decimal(repr(value))
    if isinstance(value, Decimal):
        text = format(value, "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value).strip()[:_LONGEST_CELL]


def _bounded(rows: list[list[str]]) -> list[list[str]]:
    filled = [row for row in rows if any(row)]
    if not filled:
        raise Unusable("This file holds no rows. Choose the file that holds the list.")
    if len(filled) > _MOST_ROWS or max(map(len, filled)) > _MOST_COLUMNS:
        raise Unusable(
            f"This table is too large: at most {_MOST_ROWS} rows and {_MOST_COLUMNS} columns."
        )
    return filled


def _from_xlsx(data: bytes) -> list[list[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(part.file_size for part in archive.infolist()) > _LARGEST_UNPACKED:
                raise Unusable(
                    "This workbook is too large once unpacked. Keep only the list in it."
                )
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        rows: list[list[str]] = []
        for row in book.worksheets[0].iter_rows(max_col=_MOST_COLUMNS + 1, values_only=True):
            rows.append([_text(value) for value in row])
            if len(rows) > 2 * _MOST_ROWS:
                break
    except Unusable:
        raise
    except Exception:  # whatever a damaged file makes the library raise
        raise Unusable(
            f"This workbook could not be read. Open it, and {_SAVE_AS.lower()}"
        ) from None
    return [row[: max((n for n, cell in enumerate(row, 1) if cell), default=0)] for row in rows]


def _from_csv(data: bytes) -> list[list[str]]:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise Unusable(f"The letters in this file could not be read. {_SAVE_AS}")
    if "\0" in text:
        raise Unusable(f"This file is no table that can be read. {_SAVE_AS}")
    first = text.split("\n", 1)[0]
    sign = max(",;\t", key=first.count)
    try:
        found = csv.reader(io.StringIO(text, newline=""), delimiter=sign)
        return [[_text(cell) for cell in row] for row in found]
    except csv.Error:
        raise Unusable(f"This file could not be read as CSV. {_SAVE_AS}") from None


def read_rows(data: bytes) -> list[list[str]]:
    """The rows of a table, empty ones left out, every cell as text.

    :param data: the whole file; what it is comes from its first bytes, not from its name.
    :raises Unusable: a sentence that says what to do.
    """
    if len(data) > LARGEST_FILE:
        raise Unusable("This file is larger than 2 MB. Keep only the list in it.")
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unusable(f"This file is in an older Office format or locked. {_SAVE_AS}")
    if data.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"{\\rtf", b"<")):
        raise Unusable(f"This file is no table. {_SAVE_AS}")
    return _bounded(_from_xlsx(data) if data.startswith(b"PK") else _from_csv(data))
