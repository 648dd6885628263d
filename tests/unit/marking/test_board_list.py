"""A board's list as lines: headings, marks that are none, and hostile files."""

import io
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest

from lti_tool.core.errors import Unusable
from lti_tool.marking.board.reading import load_headings, read_lines
from lti_tool.papers.lists import open_list
from lti_tool.papers.tables import Table, to_csv, to_xlsx

CONFIG = Path(__file__).parents[3] / "config"
KNOWN = load_headings(CONFIG)
HEADINGS = ("Candidate code", "Attempt", "Raw mark", "Penalty", "Final mark")


@pytest.mark.parametrize("write", [to_csv, lambda table: to_xlsx([table])])
def test_a_list_as_csv_or_workbook_is_read_alike(write) -> None:
    table = Table("Results", HEADINGS, [("ab2cd3", 1, Decimal("62.5"), 10, Decimal("52.5"))])
    (line,) = read_lines(open_list(write(table)), KNOWN)
    assert (line.code, line.attempt, line.row, line.problem) == ("AB2CD3", 1, 2, "")
    assert (line.raw, line.penalty, line.final) == (Decimal("62.5"), Decimal(10), Decimal("52.5"))


def test_people_may_be_named_by_the_platforms_own_id() -> None:
    rows = [["STUDENT NUMBER;".rstrip(";"), "Board mark"], ["00042", "57"]]
    (line,) = read_lines(rows, KNOWN)
    assert (line.whose, line.final) == ("00042", Decimal(57))


@pytest.mark.parametrize("typed", ["NaN", "101", "-1", "50.005", "1e2", "sixty", "Infinity", "٥"])
def test_a_mark_that_is_none_is_said_in_its_row(typed: str) -> None:
    lines = read_lines([["Code", "Final"], ["AB2CD3", typed], ["AB2CD4", "60"]], KNOWN)
    assert "from 0 to 100" in lines[0].problem and lines[0].row == 2
    assert lines[1].problem == ""


def test_what_is_missing_in_a_row_is_said() -> None:
    lines = read_lines([["Code", "Final", "Attempt"], ["", "60"], ["A", "", "x"]], KNOWN)
    assert "names nobody" in lines[0].problem
    assert "no final mark" in lines[1].problem and "The attempt" in lines[1].problem


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([["Code"], ["A"]], "No column is headed “Final mark”"),
        ([["Final"], ["60"]], "No column is headed “Candidate code”"),
        ([["Code", "Final", "Result"], ["A", "1", "2"]], "Two columns are headed"),
    ],
)
def test_headings_that_will_not_do(rows: list[list[str]], said: str) -> None:
    with pytest.raises(Unusable, match=said):
        read_lines(rows, KNOWN)


def _bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 40_000_000)
    return out.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n\n",
        b"%PDF-1.7",
        b"PK\x03\x04broken",
        b"a\0b,c",
        b"<html>",
        b"x" * 3_000_000,
        _bomb(),
    ],
)
def test_a_file_that_is_no_list_gets_a_sentence(data: bytes) -> None:
    with pytest.raises(Unusable) as error:
        open_list(data)
    assert error.value.sentence.endswith(".")


def test_a_table_with_too_many_rows_is_refused() -> None:
    with pytest.raises(Unusable, match="too large"):
        open_list(b"code,final\n" + b"A,60\n" * 5_002)
