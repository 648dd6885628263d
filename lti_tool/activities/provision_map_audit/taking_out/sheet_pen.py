"""Writing sheets of a workbook: formats, safe cells and print set-up, the same on every sheet.

Text is always written as text. Only formulas made here become formulas, and each carries the
figure we worked out, so that a program that does not recalculate shows it too.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

NOT_KNOWN = "not known"
LONGEST_TEXT = 32_000
_LINE, _MOST_LINES = 14.5, 12
"""Points that one line of text takes, and how many lines a row is made tall for."""
SETTINGS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_MONEY, _PLAIN, _TWO, _DAY = "£#,##0.00", "0.##########", "#,##0.00", "d mmm yyyy"
_BORDER = {"border": 1, "border_color": "#8a8f98"}
_LOOKS: dict[str, dict[str, Any]] = {
    "text": {"text_wrap": True, "valign": "top", **_BORDER},
    "number": {"num_format": "General", "valign": "top", **_BORDER},
    "money": {"num_format": _MONEY, "valign": "top", **_BORDER},
    "date": {"num_format": _DAY, "valign": "top", "align": "left", **_BORDER},
    "percent": {"num_format": '0.#"%"', "valign": "top", **_BORDER},
    "hours": {"num_format": _TWO, "valign": "top", **_BORDER},
    "title": {"bold": True, "font_size": 14},
    "note": {"text_wrap": True, "valign": "top"},
    "heading": {
        "bold": True, "text_wrap": True, "valign": "top", "bg_color": "#dfe7f2", **_BORDER,
    },
    "heading_out": {
        "bold": True, "italic": True, "text_wrap": True, "valign": "top", "bg_color": "#ececec",
        **_BORDER,
    },
}  # fmt: skip


class _PlainFormulas(Worksheet):  # type: ignore[misc]
    """A sheet that takes formulas as they are. The library would look through each for functions
    newer than Excel 2007, of which ours use none; that took most of the time of a large map."""

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        return formula.removeprefix("=")

    def _xml_formula_element(self, formula: str, result: Any, attributes: Any = ()) -> None:
        """An empty text is a result as any other, as Excel itself keeps it."""
        kind = [("t", "str")] if result == "" else []
        super()._xml_formula_element(formula, result, [*attributes, *kind])


class Book:
    """A workbook being written."""

    def __init__(self, title: str) -> None:
        self._out = io.BytesIO()
        self.book = xlsxwriter.Workbook(self._out, SETTINGS)
        self.book.set_properties({"title": title, "author": "", "comments": ""})
        self.book.set_calc_mode("auto")
        self.looks = {name: self.book.add_format(look) for name, look in _LOOKS.items()}
        shade = {"bg_color": "#f4f4f4"}
        self.worked = {
            name: self.book.add_format({**_LOOKS[name], **shade})
            for name in ("text", "number", "money", "hours", "percent")
        }

    def sheet(self, name: str) -> Pen:
        """A new sheet at the end."""
        return Pen(self, self.book.add_worksheet(name, _PlainFormulas))

    def close(self) -> bytes:
        """The finished workbook."""
        self.book.close()
        return self._out.getvalue()


class Pen:
    """Writes one sheet; rows and columns count from 0."""

    def __init__(self, book: Book, sheet: Any) -> None:
        self.book, self.sheet = book, sheet

    def text(self, row: int, column: int, text: str, look: str = "text") -> None:
        """A text as text, whatever it begins with; an empty one leaves an empty cell."""
        if text:
            self.sheet.write_string(row, column, text[:LONGEST_TEXT], self.book.looks[look])
        else:
            self.sheet.write_blank(row, column, None, self.book.looks[look])

    def value(
        self, row: int, column: int, value: str | Decimal | int | date | None, look: str
    ) -> None:
        """A number, a day or a text in its own kind of cell; None leaves an empty cell."""
        if isinstance(value, Decimal | int):
            self.sheet.write_number(row, column, float(value), self.book.looks[look])
        elif isinstance(value, date):
            self.sheet.write_datetime(row, column, value, self.book.looks[look])
        else:
            self.text(row, column, value or "", look)

    def formula(
        self, row: int, column: int, formula: str, shown: Decimal | int | str | None, look: str
    ) -> None:
        """A live formula with the figure as we have it; None is shown as not known."""
        kept: str | float = NOT_KNOWN if shown is None else ""
        if isinstance(shown, Decimal | int):
            kept = float(shown)
        elif isinstance(shown, str):
            kept = shown
        self.sheet.write_formula(row, column, formula, self.book.worked[look], kept)

    def headings(
        self, row: int, headings: Sequence[str], worked: Iterable[int] = (), column: int = 0
    ) -> None:
        """A line of headings; those of worked-out columns look different."""
        out = set(worked)
        for number, heading in enumerate(headings):
            look = "heading_out" if number in out else "heading"
            self.sheet.write_string(row, column + number, heading, self.book.looks[look])

    def tall(self, row: int, texts: Iterable[tuple[object, float]]) -> None:
        """Room for the longest text of a row: not every program makes it by itself.

        :param texts: each text with its column's width in characters.
        """
        lines = [-(-len(text) // max(int(width), 1)) for text, width in texts
                 if isinstance(text, str)]  # fmt: skip
        if max(lines, default=1) > 1:
            self.sheet.set_row(row, _LINE * min(max(lines), _MOST_LINES))

    def widths(self, widths: Sequence[float]) -> None:
        """Widths of the columns from the first on, in characters."""
        for column, width in enumerate(widths):
            self.sheet.set_column(column, column, width)

    def choose_from(
        self, first: int, last: int, column: int, source: str | list[str], message: str
    ) -> None:
        """A list to choose from; another text is possible after a warning."""
        self.sheet.data_validation(
            first, column, last, column,
            {
                "validate": "list", "source": source, "error_type": "warning",
                "error_title": "Not in the list", "error_message": message,
            },
        )  # fmt: skip

    def only_numbers(self, first: int, last: int, column: int) -> None:
        """A warning where something else than a number from 0 is typed."""
        self.sheet.data_validation(
            first, column, last, column,
            {
                "validate": "decimal", "criteria": ">=", "value": 0, "error_type": "warning",
                "error_title": "Not a number",
                "error_message": "Formulas need a number from 0 here. Leave the cell empty if it "
                "is not known.",
            },
        )  # fmt: skip

    def print_on_a4(
        self, *, repeat: int | None, last: tuple[int, int], breaks: Sequence[int] = ()
    ) -> None:
        """A4 across, all columns on one page's width, the heading line on every page.

        :param repeat: the heading line's row, or None.
        :param last: the last row and column to print.
        :param breaks: columns before which a new page begins, for a sheet too wide for one; the
            first column then stands on every page.
        """
        sheet = self.sheet
        sheet.set_landscape()
        sheet.set_paper(9)
        if breaks:
            sheet.set_print_scale(58)
            sheet.set_v_pagebreaks(list(breaks))
            sheet.repeat_columns(0)
        else:
            sheet.fit_to_pages(1, 0)
        sheet.set_margins(0.4, 0.4, 0.6, 0.6)
        sheet.set_footer("&L&A&RPage &P of &N")
        sheet.print_area(0, 0, *last)
        if repeat is not None:
            sheet.repeat_rows(repeat)


def letters(column: int) -> str:
    """The letters of a column counted from 0, fixed with a $."""
    return "$" + str(xl_col_to_name(column))
