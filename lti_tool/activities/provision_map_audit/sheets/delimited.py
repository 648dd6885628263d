"""Reading comma, semicolon or tab separated text, as spreadsheets export it.

Character sets tried in order: a byte-order mark, UTF-8, then Windows-1252. Guessing libraries are
not used: on short texts they turn 'naïve' into something else.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter

from lti_tool.activities.provision_map_audit.sheets.cells import (
    MAX_CELL_TEXT,
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_ROWS,
    Cell,
    UnreadableFile,
    Workbook,
    column_letters,
    make_sheet,
    make_workbook,
)

_DELIMITERS = (",", ";", "\t")
_CONTROL = re.compile(r"[\x01-\x08\x0e-\x19\x1b-\x1f\x7f]")


def read_csv(filename: str, data: bytes) -> Workbook:
    """Read delimited text as a workbook of one sheet; raises UnreadableFile."""
    text = _decode(data)
    text, delimiter = _delimiter(text)
    rows: list[list[Cell]] = []
    notices: tuple[str, ...] = ()
    kept = 0
    csv.field_size_limit(MAX_CELL_TEXT)
    try:
        for number, record in enumerate(
            csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), start=1
        ):
            filled = any(record) and any(value.strip() for value in record)
            if number > MAX_ROWS:
                if filled:
                    raise UnreadableFile(_too_many_rows())
                continue
            if len(record) > MAX_COLUMNS and any(record[MAX_COLUMNS:]):
                notices = (_too_wide(),)
            kept += min(len(record), MAX_COLUMNS)
            if kept > MAX_CELLS:
                raise UnreadableFile(_too_many_rows())
            rows.append(_cells(record[:MAX_COLUMNS], number))
    except csv.Error as error:
        raise UnreadableFile(
            "This text file could not be split into cells: a quotation mark is left open or a cell "
            "is far too long. Open it in Excel, save it as .xlsx and bring that in."
        ) from error
    sheet = make_sheet("Sheet 1", rows, notices=notices)
    if not sheet.cells:
        raise UnreadableFile("This file has no filled cells. Choose the file with your map.")
    return make_workbook(filename, [sheet])


def _too_many_rows() -> str:
    return (
        f"This sheet has more than {MAX_ROWS:,} rows. Copy only the provision rows into a new "
        "workbook and bring that in."
    )


def _too_wide() -> str:
    return (
        f"Columns after {column_letters(MAX_COLUMNS - 1)} were not read. "
        "Move anything you need from there further to the left."
    )


def _cells(record: list[str], number: int) -> list[Cell]:
    return [
        Cell(
            value=value.strip() or None,
            text=value.strip(),
            is_formula_uncalculated=len(value) > 1 and value.lstrip().startswith("="),
            coordinate=f"{column_letters(index)}{number}",
        )
        for index, value in enumerate(record)
    ]


def _decode(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _checked(_try(data, "utf-16"))
    if b"\x00" in data:
        raise UnreadableFile(
            "This file is not a spreadsheet we can read: it holds characters that text never has. "
            "Open it in Excel, save it as .xlsx and bring that in."
        )
    for charset in ("utf-8-sig", "cp1252", "mac_roman"):
        text = _try(data, charset)
        if text is not None:
            return _checked(text)
    raise UnreadableFile("The characters of this file are unknown. Save it as .xlsx in Excel.")


def _try(data: bytes, charset: str) -> str | None:
    try:
        return data.decode(charset)
    except UnicodeDecodeError:
        return None


def _checked(text: str | None) -> str:
    if text is None or "\x00" in text or len(_CONTROL.findall(text[:200_000])) > 3:
        raise UnreadableFile(
            "This file is not a spreadsheet we can read. Open your provision map in Excel, save it "
            "as .xlsx and bring that in."
        )
    return text.rstrip("\x1a")


def _delimiter(text: str) -> tuple[str, str]:
    """The separator that gives the most even table, and the text without a 'sep=;' line."""
    first, _, rest = text.partition("\n")
    declared = re.fullmatch(r'"?sep=(.)"?\r?', first)
    if declared and declared.group(1) in _DELIMITERS:
        return rest, declared.group(1)
    sample = text[:65_536]
    return text, max(_DELIMITERS, key=lambda mark: _evenness(sample, mark))


def _evenness(sample: str, delimiter: str) -> int:
    """Cells that stand in the most common number of columns; 0 when there is only one."""
    csv.field_size_limit(MAX_CELL_TEXT * 4)
    widths: Counter[int] = Counter()
    try:
        for number, record in enumerate(csv.reader(io.StringIO(sample), delimiter=delimiter)):
            if number >= 60:
                break
            if len(record) > 1:
                widths[len(record)] += 1
    except csv.Error:
        pass
    return max((count * width for width, count in widths.items()), default=0)
