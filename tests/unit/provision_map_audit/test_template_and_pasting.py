"""Our template reads back exactly; pasted rows are read as a file is; choices are remembered."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from lti_tool.activities.provision_map_audit.importing.own_columns import (
    HOW_TO_SHEET,
    MAP_SHEET,
    OWN_ORDER,
)
from lti_tool.activities.provision_map_audit.importing.pasting import read_pasted
from lti_tool.activities.provision_map_audit.importing.read_map import ImportPreview, read_map
from lti_tool.activities.provision_map_audit.importing.template import (
    own_headings,
    template_workbook,
)
from lti_tool.activities.provision_map_audit.rows import Measure, ProvisionRow, StaffShare
from lti_tool.activities.provision_map_audit.sheets.cells import UnreadableFile
from lti_tool.activities.provision_map_audit.sheets.opening import open_workbook
from lti_tool.activities.provision_map_audit.words import Words, heading_key
from tests.unit.provision_map_audit.conftest import TODAY

FULL = ProvisionRow(
    name="Talk Boost",
    area="communication_interaction",
    tier="targeted",
    target_group="Y2",
    start_on=dt.date(2026, 9, 7),
    end_on=dt.date(2026, 12, 18),
    weeks=Decimal(12),
    sessions_per_week=Decimal(3),
    minutes_per_session=Decimal(30),
    group_size=Decimal(4),
    groups=Decimal(2),
    pupils_reached=Decimal(8),
    staff=(
        StaffShare("ta", Decimal(2), Decimal("16.5")),
        StaffShare("hlta", Decimal(1), Decimal(20)),
    ),
    other_cost=Decimal("40.5"),
    aim="Speak in sentences",
    evidence_base="EEF: oral language",
    delivered_percent=Decimal(85),
    measure="WellComm",
    scale="standard_score",
    entry_score="84",
    exit_score="91",
    pupils_measured=Decimal(8),
    met_target=Decimal(6),
    months_between=Decimal(4),
    confidence_band=Decimal(5),
    more_measures=(
        Measure("Salford", "reading_age", "7y 2m", "7y 9m", Decimal(7), Decimal(5)),
        Measure("Teacher rating", "rating", "2", "4", Decimal(8)),
    ),
    pupil_view="They like it",
    parent_view="They talk at home",
    rating="Good",
    decision="Continue",
    review_on=dt.date(2027, 1, 8),
    notes="Notes: In the library",
)
BARE = ProvisionRow(name="Lexia", notes="", staff=(), other_cost=Decimal(0))
PART = ProvisionRow(
    name="Fizzy",
    area="sensory_physical",
    minutes_per_session=Decimal("12.5"),
    staff=(StaffShare("ta", Decimal(1)),),
    measure="Boxall",
    scale="rating",
)


def cells_of(row: ProvisionRow) -> list[Any]:
    """A row as a person types it under the template's headings."""
    flat = row.to_dict()
    shown: list[Any] = []
    number: dict[str, int] = {}
    for field, heading in own_headings():
        at = number[field] = number.get(field, -1) + 1
        if at:
            more = row.more_measures[at - 1 : at]
            value: Any = getattr(more[0], field) if more else None
        elif field == "staff":
            names = {"ta": "TA", "hlta": "HLTA"}
            value = " + ".join(f"{s.count} {names[s.role]}" for s in row.staff)
        elif field == "hourly_rate":
            value = " + ".join(str(s.hourly_rate) for s in row.staff if s.hourly_rate)
        elif field == "notes":
            value = row.notes.removeprefix("Notes: ")
        else:
            value = getattr(row, field)
        assert field in flat or field == "hourly_rate", heading
        shown.append(float(value) if isinstance(value, Decimal) else value or None)
    return shown


def filled(words: Words, *rows: ProvisionRow) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(template_workbook(words)))
    labels = {**words.area_labels, **words.tier_labels, **words.scale_labels}
    for number, row in enumerate(rows, 3):
        for index, value in enumerate(cells_of(row), 1):
            shown = labels.get(value, value) if isinstance(value, str) else value
            book[MAP_SHEET].cell(number, index, shown)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_the_template_reads_back_exactly(words: Words) -> None:
    data = filled(words, FULL, BARE, PART)
    preview = read_map(open_workbook("t.xlsx", data), words, today=TODAY)
    assert [one.row for one in preview.rows] == [FULL, BARE, PART]
    assert preview.problems == ()
    assert all(column.sure for sheet in preview.sheets for column in sheet.columns)
    assert [sheet.name for sheet in preview.sheets] == [MAP_SHEET]
    assert [(one.row_number, one.reason) for one in preview.skipped] == [
        (2, "The example row of our template.")
    ]


def test_an_empty_template_brings_in_nothing(words: Words) -> None:
    preview = read_map(open_workbook("t.xlsx", template_workbook(words)), words, today=TODAY)
    assert preview.rows == ()
    book = openpyxl.load_workbook(io.BytesIO(template_workbook(words)))
    assert book.sheetnames == [MAP_SHEET, HOW_TO_SHEET]
    rules = book[MAP_SHEET].data_validations.dataValidation
    assert sum(1 for rule in rules if rule.type == "list") >= 4


HEADED = "Provision\tMins\tTimes a week\tWeeks\tStaff\nLexia\t20\t3\t10\tTA\n"


def test_rows_pasted_with_headings(words: Words) -> None:
    (one,) = read_pasted(HEADED, words, today=TODAY).rows
    assert (one.row.name, one.row.minutes_per_session, one.row.weeks) == ("Lexia", 20, 10)


def test_rows_pasted_without_headings_go_by_their_order(words: Words) -> None:
    text = 'Lexia\tC&L\tWave 2\tY3\t20\t3\t10\t4\r\n"Talk\nBoost"\tC&I\tW2\t\t30\t2\t12\t6\r\n'
    first, second = (one.row for one in read_pasted(text, words, today=TODAY).rows)
    assert (first.name, first.area, first.weeks) == ("Lexia", "cognition_learning", 10)
    assert (second.name, second.minutes_per_session, second.group_size) == ("Talk Boost", 30, 6)
    other = read_pasted("20\tLexia\n", words, order=("weeks", "name"), today=TODAY).rows[0].row
    assert (other.name, other.weeks) == ("Lexia", 20)
    assert len(OWN_ORDER) == len(set(OWN_ORDER))


@pytest.mark.parametrize("text", ["", "  \n", "x" * 1_000_001])
def test_nothing_or_too_much_pasted_is_said(text: str, words: Words) -> None:
    with pytest.raises(UnreadableFile):
        read_pasted(text, words)


def test_one_cell_may_be_pasted(words: Words) -> None:
    assert [one.row.name for one in read_pasted("Lexia", words, today=TODAY).rows] == ["Lexia"]


ODD = "Provision,Blob,Resources\nLexia,2 weeks,40\n"


def odd(words: Words, **options: Any) -> ImportPreview:
    return read_map(open_workbook("m.csv", ODD.encode()), words, today=TODAY, **options)


def test_a_column_is_put_right_with_its_unit_and_remembered(words: Words) -> None:
    chosen = {"Sheet 1": {1: "time_per_week:hour", 2: "other_cost:week"}}
    text = "Provision,Blob,Resources,Weeks\nLexia,2,40,10\n"
    preview = read_map(open_workbook("m.csv", text.encode()), words, chosen, today=TODAY)
    (one,) = preview.rows
    assert (one.row.minutes_per_session, one.row.other_cost) == (120, 400)
    blob = preview.sheets[0].columns[1]
    assert (blob.code, blob.suggested) == ("time_per_week:hour", "?")
    again = odd(words, remembered={heading_key("Blob"): "weeks"})
    assert again.rows[0].row.weeks == 2
    assert again.sheets[0].columns[1].why == "You chose this last time."
    now = odd(words, remembered={heading_key("Blob"): "weeks"}, choices={"Sheet 1": {1: "groups"}})
    assert now.rows[0].row.groups == 2


def test_a_column_of_pupils_is_never_chosen_back(words: Words) -> None:
    text = "Provision,Pupil name,Weeks,Staff\nLexia,Amir Khan,3,TA\n"
    preview = read_map(
        open_workbook("m.csv", text.encode()), words, {"Sheet 1": {1: "notes"}}, today=TODAY,
        remembered={heading_key("Pupil name"): "notes"},
    )  # fmt: skip
    assert "Amir" not in repr(preview)


def test_the_shape_of_a_choice_nobody_offered_breaks_nothing(words: Words) -> None:
    for code in ("nonsense", "weeks:hour", "pupil", ":", "more_measures"):
        odd(words, choices={"Sheet 1": {1: code}})
