"""Tables to take away, as CSV and as an Excel workbook, safe to open.

A text that begins like a formula (= + - @, also as full-width signs, tab, line end) is kept from
being one: CSV gets an apostrophe before it, as OWASP's page on CSV injection advises; in .xlsx it
is written as text. Numbers stay numbers.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import xlsxwriter
from xlsxwriter.format import Format

from lti_tool.core import clock

Cell = str | int | Decimal | date | datetime | bool | None
SIGNS_OF_A_FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""Some programs take the full-width ones for the plain ones."""
_LIKE_A_FORMULA = (*SIGNS_OF_A_FORMULA, "\t", "\r", "\n")
_WIDEST = 60
_LONGEST_NAME = 31
_LONGEST_TEXT = 32_000
"""Characters; Excel refuses a cell of more than 32,767."""
_FIRST_YEAR = 1900
"""Excel knows no day before it; such a one stays text."""
_LOOKS = {date: "yyyy-mm-dd", datetime: "yyyy-mm-dd hh:mm"}


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a title: one sheet of a workbook."""

    title: str
    headings: tuple[str, ...]
    rows: Sequence[Sequence[Cell]]
    note: str = ""
    """What must be read with the table, such as that its text is a placeholder."""


def _text(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return f"{clock.in_london(value):%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    return str(value)


def _safe(value: Cell) -> str:
    text = _text(value)
    if isinstance(value, str) and text.startswith(_LIKE_A_FORMULA):
        return "'" + text
    return text


def to_csv(table: Table) -> bytes:
    """The table as CSV in UTF-8 with a byte order mark, as Excel reads it best. A note stands in
    a line above the headings."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    if table.note:
        writer.writerow([_safe(table.note)])
    writer.writerow([_safe(heading) for heading in table.headings])
    writer.writerows([_safe(cell) for cell in row] for row in table.rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _sheet_name(title: str, taken: set[str]) -> str:
    plain = "".join(" " if sign in "[]:*?/\\'" else sign for sign in title).strip() or "Sheet"
    name, count = plain[:_LONGEST_NAME], 2
    while name.lower() in taken:
        end = f" {count}"
        name, count = plain[: _LONGEST_NAME - len(end)] + end, count + 1
    taken.add(name.lower())
    return name


def _dated(value: date, looks: Mapping[type, Format]) -> tuple[date, Format]:
    """A day, or a moment on a clock in England: Excel knows no zones."""
    if isinstance(value, datetime):
        value = clock.in_london(value).replace(tzinfo=None)
    return value, looks[type(value)]


def to_xlsx(tables: Iterable[Table]) -> bytes:
    """The tables as a workbook, a sheet each: bold headings that stay in sight, a filter, days
    and times as such, and every text as text. A note stands beside the headings, so that the
    filter still fits."""
    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        looks: dict[type, Format] = {
            kind: book.add_format({"num_format": look, "align": "left", "valign": "top"})
            for kind, look in _LOOKS.items()
        }
        taken: set[str] = set()
        for table in tables:
            sheet = book.add_worksheet(_sheet_name(table.title, taken))
            sheet.freeze_panes(1, 0)
            headings = (*table.headings, table.note) if table.note else table.headings
            widths = [len(heading) for heading in headings]
            for column, heading in enumerate(headings):
                sheet.write_string(0, column, heading, bold)
            for number, row in enumerate(table.rows, start=1):
                for column, cell in enumerate(row):
                    text = _text(cell)[:_LONGEST_TEXT]
                    widths[column] = max(widths[column], *map(len, text.split("\n")))
                    if isinstance(cell, date) and cell.year >= _FIRST_YEAR:
                        sheet.write_datetime(number, column, *_dated(cell, looks))
                    elif isinstance(cell, int | Decimal) and not isinstance(cell, bool):
                        sheet.write_number(number, column, cell, wrapped)
                    elif text:
                        sheet.write_string(number, column, text, wrapped)
            for column, width in enumerate(widths):
                sheet.set_column(column, column, min(width + 2, _WIDEST))
            if table.rows:
                sheet.autofilter(0, 0, len(table.rows), len(table.headings) - 1)
    return out.getvalue()
