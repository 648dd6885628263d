"""Cells that hold far more than a map needs: what is read of them, and what is said."""

from typing import Any

import pytest

from lti_tool.activities.provision_map_audit.sheets.cells import UnreadableFile
from lti_tool.activities.provision_map_audit.sheets.opening import open_workbook


def test_of_a_long_gap_one_blank_is_kept_or_an_empty_line() -> None:
    cells = f'"one{" " * 300}two","one{chr(10) * 300}two","one  two"'
    (sheet,) = open_workbook("map.csv", cells.encode()).sheets
    assert [cell.text for cell in sheet.cells[0]] == ["one two", "one\n\ntwo", "one  two"]


def test_a_text_without_end_is_read_as_far_as_a_field_goes_and_that_is_said(
    importer: Any,
) -> None:
    preview = importer.csv(f"Provision,Notes\nReading,{'word ' * 1000}\nSpelling,short\n")
    assert preview.rows[0].row.notes.count("word") == 400
    (notices,) = [one.notices for one in preview.sheets]
    assert any("Cell B2 holds more than 2,000 characters" in one for one in notices)


def test_a_workbook_with_far_more_text_than_a_map_is_refused() -> None:
    row = ",".join(["some words " * 150] * 40)
    with pytest.raises(UnreadableFile, match="far more than a provision map"):
        open_workbook("map.csv", "\n".join([row] * 40).encode())


@pytest.mark.parametrize("number", ["9" * 30, "9" * 30_000])
def test_a_number_without_end_is_pointed_out_at_its_cell(number: str, importer: Any) -> None:
    headings = (
        "Provision,Weeks,Sessions per week,Minutes,Group size,Cost,Met target,Pupils measured"
    )
    preview = importer.csv(f"{headings}\nReading" + f",{number}" * 7 + "\n")
    assert {one.coordinate for one in preview.problems} >= {"B2", "C2", "D2", "E2", "F2"}
    row = preview.rows[0].row
    assert (row.weeks, row.minutes_per_session, row.met_target) == (None, None, None)
