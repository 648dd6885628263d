"""The guard finds pupils and does not take interventions for people."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import pytest

from lti_tool.activities.provision_map_audit.privacy.columns import tells_of_one_child
from lti_tool.privacy.guard import clear_key, suspect_text
from lti_tool.privacy.words import GuardWords

NOBODY: frozenset[str] = frozenset()


@pytest.mark.parametrize(
    "text",
    [
        "Hamish & Milo",
        "Zippy's Friends",
        "Zippy’s Friends",
        "Toe by Toe",
        "Nessy",
        "Talk Boost",
        "Lego Therapy",
        "Colourful Semantics",
        "Read Write Inc",
        "ELSA",
        "Draw and Talk",
        "Max 6 pupils",
        "Hamish and Milo (Year 4)",
        "Speech and Language Therapy",
        "Attention Autism",
        "Wave 2 TA",
        "Ruth Miskin Phonics",
        "Will be reviewed in May",
        "Child 1:1 ratio",
        "Grace period",
        "S.E.M.H.",
        "Summer Reading",
        "Pupil progress meetings",
        "Alpha to Omega",
        "KS2 SATs booster",
        "Art therapy",
        "Reading Recovery",
        "P4C",
        "Year 6 Boosters",
        "Salford Reading Test",
    ],
)
def test_interventions_are_not_people(text: str, words: GuardWords) -> None:
    assert suspect_text(text, words, NOBODY) is None


@pytest.mark.parametrize(
    "text",
    [
        "1:1 support for Oliver",
        "Aisha's phonics",
        "Maths with Zara and Tom",
        "Mrs Jones' group",
        "Pupil A",
        "Child B - 1:1",
        "P01",
        "A123456789012",
        "ben@school.example",
        "DOB 04/05/2017",
        "J.S. 1:1",
        "Grace Holloway",
        "Student 12",
    ],
)
def test_people_are_found(text: str, words: GuardWords) -> None:
    found = suspect_text(text, words, NOBODY)
    assert found is not None
    assert "left out" in found.sentence and text not in found.sentence


def test_not_a_child_is_remembered_without_the_name(words: GuardWords) -> None:
    text = "Harry's Reading Club"
    found = suspect_text(text, words, NOBODY)
    assert found is not None and found.can_clear
    assert suspect_text(text, words, frozenset({found.clear_key})) is None
    assert suspect_text("harry's  reading club", words, frozenset({clear_key(text)})) is None
    number = suspect_text("A123456789012", words, frozenset({clear_key("A123456789012")}))
    assert number is not None and not number.can_clear


@pytest.mark.parametrize("text", ["Pupil A", "P01", "AB", "Orla Finch", "Finch, Orla", "Zara"])
def test_one_child(text: str, words: GuardWords) -> None:
    assert tells_of_one_child(text, words)


@pytest.mark.parametrize(
    "text",
    [
        "Y4",
        "Zara, Tom",
        "Orla Finch, Teo Marsh",
        "6",
        "Year 3 and 4",
        "all",
        "Various",
        "AB, CD",
        "12 pupils",
        "KS2 group",
    ],
)
def test_not_one_child(text: str, words: GuardWords) -> None:
    assert not tells_of_one_child(text, words)


def everything(preview: Any) -> str:
    return json.dumps(asdict(preview), default=str)


def test_nothing_of_a_pupil_is_in_the_preview(importer: Any) -> None:
    preview = importer.file("08_pupils_named.xlsx")
    found = everything(preview)
    for secret in (
        "Orla",
        "Finch",
        "Teo",
        "Marsh",
        "Zara",
        "Quill",
        "Oliver",
        "Larkspur",
        "A123456789012",
        "04/05/2017",
        "Pupil A",
        "P02",
    ):
        assert secret not in found
    assert {left.heading for left in preview.left_out} == {"Pupils", "UPN", "DOB", "Pupil"}
    assert [row.row_number for row in preview.skipped if row.kind == "pupil"] == [3, 2, 3]


def test_columns_of_names_are_found_by_their_values(importer: Any) -> None:
    preview = importer.csv(
        'Intervention,Who,Weeks,Staff,Info\nLexia,"Orla Finch, Teo Marsh",6,TA,\n'
        'Nessy,"Zara Quill, Tom Reed",6,TA,\nELSA,,6,TA,A123456789012\n'
    )
    assert len(preview.rows) == 2
    found = everything(preview)
    assert not any(name in found for name in ("Orla", "Quill", "A1234", "B1234"))
    assert {left.heading for left in preview.left_out} == {"Who", "Info"}


def test_a_map_by_pupil_is_refused_row_by_row_with_what_to_do(importer: Any) -> None:
    preview = importer.csv(
        "Name,Year,Provision,Weeks\nOrla Finch,Y4,Lexia,6\nTeo Marsh,Y4,ELSA,6\n"
    )
    assert preview.rows == ()
    reasons = {row.reason for row in preview.skipped}
    assert len(reasons) == 1 and "one row for each intervention" in reasons.pop()


@pytest.mark.parametrize("heading", ["Pupil", "Child", "Students", "Target pupils"])
@pytest.mark.parametrize("cells", [("P1", "P2"), ("C1", "C2"), ("P1", "Y3"), ("P1, P2", "Y3")])
def test_a_short_code_under_pupils_is_a_child(
    heading: str, cells: tuple[str, str], importer: Any
) -> None:
    csv = _under(heading, *cells)
    preview = importer.csv(csv)
    assert "Talk Boost" not in [item.row.name for item in preview.rows]
    assert cells[0] not in repr(preview.rows)
    assert preview.skipped[0].reason.startswith("This row is about one named or coded pupil")
    back = importer.csv(csv, cleared=frozenset({clear_key(heading), clear_key(cells[0])}))
    assert [item.row.name for item in back.rows] == ["Talk Boost", "Lexia"]


@pytest.mark.parametrize("heading", ["Year group", "Class", "Pupil group", "Who", "Target group"])
def test_years_of_a_scottish_primary_stay(heading: str, importer: Any) -> None:
    preview = importer.csv(_under(heading, "P1", "P2, P3"))
    assert [item.row.target_group for item in preview.rows] == ["P1", "P2, P3"]


def _under(heading: str, first: str, second: str) -> str:
    head = f"Intervention,{heading},Staff,Mins,Sessions per week,Weeks\n"
    return head + f'Talk Boost,"{first}",TA,30,3,10\nLexia,"{second}",TA,30,3,10\n'


def test_a_cleared_cell_comes_in(importer: Any) -> None:
    text = "Provision,Mins,Weeks\nHarry's Reading Club,20,6\nLexia,20,6\n"
    preview = importer.csv(text)
    problem = preview.rows[0].problems[0]
    assert (problem.kind, problem.coordinate, problem.shown) == ("privacy", "A2", "")
    again = importer.csv(text, cleared=frozenset({problem.clear_key}))
    assert again.rows[0].row.name == "Harry's Reading Club"


def test_names_of_staff_are_left_out(importer: Any) -> None:
    preview = importer.csv("Provision,Staff,Weeks\nLexia,Mrs Wren (TA),6\nNessy,Sarah Lark,6\n")
    found = everything(preview)
    assert "Wren" not in found and "Lark" not in found
    assert preview.rows[0].row.staff[0].role == "ta"
