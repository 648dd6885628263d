"""Tables to take away: nothing a person typed becomes a formula."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from lti_tool.papers.tables import Table, to_csv, to_xlsx

HOSTILE = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "＝1+1",
    "＠SUM(A1)",
    '=HYPERLINK("http://x")',
)


def _rows(table: Table) -> list[list[str]]:
    return list(csv.reader(io.StringIO(to_csv(table).decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("text", HOSTILE)
def test_what_looks_like_a_formula_stays_text(text: str) -> None:
    table = Table("Marks", ("Name", "Mark"), [(text, Decimal(-5))])
    cell, number = _rows(table)[1]
    assert cell == "'" + text
    assert number == "-5"
    sheet = load_workbook(io.BytesIO(to_xlsx([table]))).active
    assert sheet["A2"].data_type == "s"
    assert sheet["B2"].value == -5


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=50))
def test_no_text_of_any_kind_begins_a_formula(text: str) -> None:
    cell = _rows(Table("T", ("A",), [(text,)]))[1:]
    assert not cell or not cell[0] or not cell[0][0].startswith(tuple("=+-@＝＋－＠"))


def test_times_are_of_england_and_titles_make_distinct_sheets() -> None:
    moment = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
    tables = [
        Table(
            "Work [1]: a/b",
            ("When", "Day", "Done", "None"),
            [(moment, date(2026, 7, 1), True, None)],
        ),
        Table("Work [1]: a/b", ("When",), []),
    ]
    book = load_workbook(io.BytesIO(to_xlsx(tables)))
    assert len(book.sheetnames) == 2
    assert [cell.value for cell in book.worksheets[0][2]] == [
        datetime(2026, 7, 1, 13, 0),
        datetime(2026, 7, 1),
        "yes",
        None,
    ]
    assert [cell.number_format for cell in book.worksheets[0][2]][:2] == [
        "yyyy-mm-dd hh:mm",
        "yyyy-mm-dd",
    ]


def test_a_day_that_excel_does_not_know_stays_text() -> None:
    book = load_workbook(io.BytesIO(to_xlsx([Table("T", ("Day",), [(date(202, 7, 1),)])])))
    assert book.active["A2"].value == "0202-07-01"
