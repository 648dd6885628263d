"""Files that a leader brings in: headings, areas in three shapes, every mistake by its place."""

import re
from dataclasses import replace

import pytest

from lti_tool.core.errors import Unusable
from lti_tool.frameworks.bringing_in import LARGEST_FILE, Reading, read_file
from lti_tool.frameworks.exporting import as_csv, as_yaml
from lti_tool.frameworks.framework import Framework
from lti_tool.papers.tables import Table, to_xlsx
from tests.unit.frameworks.made import AWARD, CONFIG, STANDARDS, word_file

OFFICIAL = [
    ["Number", "Standard", "Essential", "Examples of evidence"],
    ["1. Partnership"],
    ["1.1", "Agreements are written\nand reviewed", "Yes", "Partnership agreement; Signed letters"],
    ["1.2", "A group meets", "", "minutes, statement"],
    ["2. Admissions"],
    ["2.1", "Eligibility is checked", "yes", ""],
]


def _read(text: str, before: Framework = AWARD) -> Reading:
    return read_file(text.encode(), CONFIG, before)


def _tree(reading: Reading) -> list[tuple[str, str, str]]:
    assert reading.framework is not None, reading.problems
    return [(item.id, item.title, item.parent) for item in reading.framework.items]


def test_a_word_table_with_headings_across_it() -> None:
    reading = read_file(word_file(OFFICIAL), CONFIG, STANDARDS)
    assert _tree(reading) == [
        ("1", "Partnership", ""),
        ("1.1", "Agreements are written and reviewed", "1"),
        ("1.2", "A group meets", "1"),
        ("2", "Admissions", ""),
        ("2.1", "Eligibility is checked", "2"),
    ]
    framework = reading.framework
    assert framework is not None and framework.scale == STANDARDS.scale
    assert [one.core for one in framework.judged] == [True, False, True]
    first, second, third = (one.evidence for one in framework.judged)
    assert first == ("partnership_agreement", "signed_letters") and second == (
        "minutes",
        "statement",
    )
    assert third == () and not framework.is_shipped
    assert reading.notes == ("New kinds of evidence: “Signed letters”.",)
    assert [line.where for line in reading.lines][:3] == [f"Table 1, row {n}" for n in (2, 3, 4)]


def test_several_word_tables_are_read_on_and_others_left_out() -> None:
    data = word_file([["Version", "2"]], OFFICIAL[:4], [OFFICIAL[0], *OFFICIAL[4:]])
    reading = read_file(data, CONFIG, STANDARDS)
    assert len(_tree(reading)) == 5
    assert "Table 1 was left out" in reading.notes[0]


def test_the_same_table_as_a_workbook_or_with_semicolons() -> None:
    rows = [[*row, *[""] * (4 - len(row))] for row in OFFICIAL]
    book = to_xlsx([Table("Standards", tuple(rows[0]), rows[1:])])
    expected = _tree(read_file(word_file(OFFICIAL), CONFIG, STANDARDS))
    assert _tree(read_file(book, CONFIG, STANDARDS)) == expected
    text = "\r\n".join(";".join(f'"{cell}"' for cell in row) for row in rows)
    assert _tree(read_file(text.encode("cp1252"), CONFIG, STANDARDS)) == expected


def test_areas_as_a_column_take_the_ids_that_are_in_force() -> None:
    reading = _read(
        "Theme,No.,Outcome\n"
        "Leading and co-ordinating provision,B5,Working with leaders\n"
        "Leading and co-ordinating provision,B6,Leading others\n"
        "Quite new,N.1,New\n"
        "Another new one,X,New too\n"
    )
    assert _tree(reading) == [
        ("B", "Leading and co-ordinating provision", ""),
        ("B5", "Working with leaders", "B"),
        ("B6", "Leading others", "B"),
        ("N", "Quite new", ""),
        ("N.1", "New", "N"),
        ("area-1", "Another new one", ""),
        ("X", "New too", "area-1"),
    ]


def test_areas_as_rows_named_by_parent() -> None:
    reading = _read("Id,Kind,Title,Parent\nA1,,First,A\nA,Area,Knowing,\nB1,outcome,Alone,\n")
    assert _tree(reading) == [("A", "Knowing", ""), ("A1", "First", "A"), ("B1", "Alone", "")]


def test_columns_left_out_keep_what_an_id_has() -> None:
    reading = _read("Reference,Wording\nA1,The law\nZ9,Another\n")
    framework = reading.framework
    assert framework is not None
    first = framework.find_item("A1")
    assert first is not None and first.label == "1" and len(first.points) == 4
    assert first.title == "The law" and first.status == ""
    assert "the 1 with an id that is in force keep" in reading.notes[0]


def test_a_title_row_above_the_headings_and_empty_rows_count_as_rows() -> None:
    reading = _read("Our outcomes,\n,\nId,Title\n,\nA1,One\n,\nA1,Two\n")
    assert reading.problems == ("Row 7, column “Id”: another entry has the id A1 too.",)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Id,Title,Parent\nA1,One,A\n", "Row 2, column “Parent”: there is no entry with the id A"),
        ("Id,Title,Parent\nA1,One,\nA2,Two,A1\n", "Row 3, column “Parent”: A1 is no area"),
        ("Id,Title,Kind,Parent\nA,A,area,B\nB,B,area,A\nC,C,,A\n", "within itself"),
        ("Id,Title,Kind,Parent\nA,A,area,B\nB,B,area,B\nC,C,,A\n", "in a circle"),
        ("Id,Title,Kind\nA,A,area\nB,B,area\n", "nothing could be judged"),
        ("Id,Title\n,A title alone here\nA1,One\n", "Row 2, column “Id”: use letters"),
        ("Id,Title\nA1,\n", "Row 2, column “Title”: write words"),
        ("Id,Title\nA 1,One\n", "Row 2, column “Id”: use letters"),
        ("Id,Title\nA1,=1+1\n", "Row 2, column “Title”: this begins like a formula"),
        ("Id,Title\nA1,@SUM(A1)\n", "begins like a formula"),
        ("Id,Title\nA1,a\x07b\n", "Row 2, column “Title”: this holds a sign that cannot be seen"),
        ("Id,Title\nA1,a\u202eb\n", "cannot be seen"),
        (f"Id,Title\nA1,{'x' * 1001}\n", "longer than 1,000"),
        ('Id,Title,Points\nA1,One,"a\n=b"\n', "column “Points”: this begins like a formula"),
        ("Id,Title,Core\nA1,One,perhaps\n", "Row 2, column “Core”: “perhaps” is not known"),
        ("Id,Title,Type\nA1,One,thing\n", "Row 2, column “Type”: “thing” is not known"),
        ("Id,Title,Status\nA1,One,sure\n", "column “Status”: write fact or reconstruction"),
        ("Id,Title,Evidence\nA1,One,Minutes\n", "only quality standards have this"),
    ],
)
def test_a_mistake_is_named_by_row_and_column(text: str, said: str) -> None:
    reading = _read(text)
    assert reading.framework is None
    assert any(said in one for one in reading.problems), reading.problems
    assert all(re.match(r"Row \d+, column “\w+”: ", one) for one in reading.problems)


def test_every_mistake_is_said_at_once() -> None:
    reading = _read("Id,Title,Core\nA1,One,\nA1,=Two,maybe\n")
    assert len(reading.problems) == 3 and all("Row 3" in one for one in reading.problems)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "no rows"),
        (b"Title,Words\nA,B\n", "No row of headings was found"),
        (b"Id,Code,Title\nA,B,C\n", "“Id” and “Code” mean the same"),
        (b"Id,Title\n", "no row below"),
        (b"%PDF-1.7", "no table"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 99, "no table, or an old"),
        (b"PK\x03\x04 not really", "could not be read as an Excel workbook"),
        (b"x" * (LARGEST_FILE + 1), "larger than 2 MB"),
        (b"Id,Title\n" + b"".join(b"A%d,One\n" % n for n in range(4000)), "at most 1,000 lines"),
        (b"Id,Title\n" + b"".join(b"A%d,One\n" % n for n in range(10_000)), "at most 5000 rows"),
        (b"key: [", "The file, line 2, cannot be read"),
        (b"key: npq-senco\nkind: outcomes\n", "line 1, key: this must be outcomes-2014"),
        (b"key: &a outcomes-2014\nkind: *a\n", "line 1: write it out"),
        (b"key: outcomes-2014\nkind: standards\n", "line 2, kind: this must be outcomes"),
    ],
)
def test_files_that_cannot_be_read_at_all(data: bytes, said: str) -> None:
    with pytest.raises(Unusable, match=said):
        read_file(data, CONFIG, AWARD)


def test_a_word_document_without_a_table() -> None:
    with pytest.raises(Unusable, match="No row of headings"):
        read_file(word_file([["a", "b"]]), CONFIG, AWARD)


def test_ten_thousand_items_in_yaml_are_refused_by_line() -> None:
    text = as_yaml(AWARD).decode()
    many = "".join(f"- {{id: N{n}, title: One}}\n" for n in range(10_000))
    with pytest.raises(Unusable, match=r"line \d+, items: these are more than 1,000"):
        _read(text + many)


def test_a_placeholder_says_so_in_the_file_and_an_official_text_does_not() -> None:
    official = replace(STANDARDS, is_official_text=True)
    own = replace(STANDARDS, is_shipped=False)
    for write in (as_csv, as_yaml):
        assert (
            "Placeholder, not the official text"
            in write(STANDARDS).decode("utf-8-sig").split("\n")[0]
        )
        assert "Not the official text" in write(own).decode("utf-8-sig").split("\n")[0]
        assert "laceholder" not in write(official).decode()
