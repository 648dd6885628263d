"""The marking worksheet: a workbook with a row for each piece, made here and read back here.

The first row holds the names of the columns as the tool knows them and is hidden; the second
says them in words. Pieces are known by candidate code and by the number of the marks that the
row was made from, so that nothing newer is ever overwritten.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter

from lti_tool.core.errors import Unusable
from lti_tool.core.numerals import plain
from lti_tool.coursework.rules import MARKS, Rules
from lti_tool.marking.forms import values_of
from lti_tool.marking.marks import choices_of
from lti_tool.marking.rubrics import BANDS, POINTS, Criterion, Rubric
from lti_tool.papers.reading import read_cells

_CODE, _NUMBER = "code", "number"
MOST_ROWS, MOST_COLUMNS = 300, 80
_LONGEST_CELL = 32_000
_TEXT_WIDTH, _FIGURE_WIDTH = 45, 14


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the form field it stands for, its heading, and the answers it offers."""

    key: str
    heading: str
    answers: Mapping[str, str]
    """Words by value, where it is a choice."""
    most: float | None = None
    """The largest figure, where it is one."""


def _criterion_column(rubric: Rubric, one: Criterion) -> Column:
    if rubric.scale == BANDS:
        bands = {band.id: band.title for band in rubric.bands}
        return Column(f"mark_{one.id}", f"{one.title}: band", bands)
    what = "points" if rubric.scale == POINTS else "mark"
    heading = f"{one.title}: {what} out of {plain(one.most)}"
    return Column(f"mark_{one.id}", heading, {}, float(one.most))


def columns_of(rubric: Rubric, rules: Rules) -> list[Column]:
    """The columns of a worksheet, in their order, without code and number."""
    has_marks = rules.mode == MARKS
    found = [] if has_marks else [Column("judgement", "Judgement", choices_of(rules.mode))]
    for one in rubric.criteria:
        if has_marks:
            found.append(_criterion_column(rubric, one))
        found.append(Column(f"comment_{one.id}", f"{one.title}: comment", {}))
    if has_marks:
        found.append(Column("overall", "Overall mark, if set apart", {}, 100.0))
        found.append(Column("overall_reason", "Why it differs", {}))
    found.append(Column("feedback", "Feedback for the participant", {}))
    found.append(Column("private_note", "Private note", {}))
    return found


@dataclass(frozen=True, slots=True)
class Line:
    """One piece as it goes out: its code and the marks as last saved, if any."""

    code: str
    judgement: Mapping[str, Any] | None


def _shown(column: Column, value: Any) -> str:
    text = "" if value is None else str(value)
    return column.answers.get(text, text) if column.answers else text


def _validate(sheet: Any, number: int, column: Column, last: int) -> None:
    """Excel's own help at the cell; what counts is checked when the worksheet comes back."""
    place = (2, number, last, number)
    if column.answers:
        sheet.data_validation(*place, {"validate": "list", "source": list(column.answers.values())})
    elif column.most is not None:
        sheet.data_validation(
            *place,
            {
                "validate": "decimal",
                "criteria": "between",
                "minimum": 0,
                "maximum": column.most,
                "error_title": "Off the scale",
                "error_message": f"Enter a figure from 0 to {column.most:g}, or leave it empty.",
            },
        )


def make_worksheet(rubric: Rubric, rules: Rules, lines: Sequence[Line]) -> bytes:
    """The worksheet as .xlsx: every text as text, lists where there is a choice."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    columns = columns_of(rubric, rules)
    with xlsxwriter.Workbook(out, options) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        sheet = book.add_worksheet("Marks")
        heads = [(_CODE, "Candidate code"), (_NUMBER, "Version")]
        heads += [(one.key, one.heading) for one in columns]
        for number, (key, heading) in enumerate(heads):
            sheet.write_string(0, number, key)
            sheet.write_string(1, number, heading, bold)
        sheet.set_row(0, None, None, {"hidden": True})
        sheet.freeze_panes(2, 1)
        sheet.set_column(0, 1 + len(columns), _FIGURE_WIDTH)
        for at, column in enumerate(columns, start=2):
            if not column.answers and column.most is None:
                sheet.set_column(at, at, _TEXT_WIDTH)
            _validate(sheet, at, column, max(len(lines) + 1, 2))
        for row, line in enumerate(lines, start=2):
            values = values_of(rubric, line.judgement)
            sheet.write_string(row, 0, line.code)
            sheet.write_number(row, 1, values["number"])
            for at, column in enumerate(columns, start=2):
                text = _shown(column, values.get(column.key))[:_LONGEST_CELL]
                if column.most is not None and text:
                    sheet.write_number(row, at, float(text), wrapped)
                elif text:
                    sheet.write_string(row, at, text, wrapped)
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class RowBack:
    """One row of a worksheet that came back, as typed: values by form field."""

    place: int
    """The row's number in Excel."""
    code: str
    number: str
    fields: dict[str, str]


def _value(column: Column, typed: str) -> str:
    """What a cell stands for: the value of the answer typed, else the text as it is."""
    wanted = typed.strip().casefold()
    return next((v for v, words in column.answers.items() if words.casefold() == wanted), typed)


def read_worksheet(data: bytes, rubric: Rubric, rules: Rules) -> list[RowBack]:
    """The rows of a worksheet that came back; empty rows are passed over.

    :raises Unusable: it is no worksheet of ours, or lacks a column of this rubric.
    """
    cells = read_cells(
        data, most_rows=MOST_ROWS, most_columns=MOST_COLUMNS, what="marking worksheet"
    )
    if not cells or _CODE not in cells[0] or _NUMBER not in cells[0]:
        raise Unusable(
            "This is not a marking worksheet of ours: its first, hidden row is missing. Take the "
            "work away again and fill in that worksheet."
        )
    at = {key: number for number, key in enumerate(cells[0]) if key}
    columns = columns_of(rubric, rules)
    missing = [column.heading for column in columns if column.key not in at]
    if missing:
        raise Unusable(f"This worksheet lacks the column “{missing[0]}” of this rubric.")
    found = []
    for place, row in enumerate(cells[2:], start=3):
        if any(text.strip() for text in row):
            fields = {column.key: _value(column, row[at[column.key]]) for column in columns}
            found.append(RowBack(place, row[at[_CODE]].strip(), row[at[_NUMBER]].strip(), fields))
    return found
