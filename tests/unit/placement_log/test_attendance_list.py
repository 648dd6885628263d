"""A list of attendance: whom each row means, and what is said of the rows that mean nobody."""

from pathlib import Path

import pytest

from lti_tool.activities.placement_log.attending.matching import Preview, look
from lti_tool.activities.placement_log.attending.words import load_list_words
from lti_tool.core.errors import Unusable
from lti_tool.people.queries import Known

WORDS = load_list_words(Path(__file__).parents[3] / "config")
PEOPLE = [
    Known(1, "Amara Okafor", "s1005@example.ac.uk", "5"),
    Known(2, "Ben Whitlock", "bwhitlock@example.ac.uk", "6"),
    Known(3, "Sam Lee", "slee1@example.ac.uk", "7"),
    Known(4, "Sam Lee", "slee2@example.ac.uk", "8"),
    Known(5, "Zoë O’Brien-Smith", "", "9"),
]


def read(*rows: str) -> Preview:
    return look([row.split(";") for row in rows], PEOPLE, WORDS)


def test_people_are_found_by_address_number_or_name() -> None:
    found = read(
        "Name;E-mail;Student number;Attendance",
        "nobody;S1005@EXAMPLE.ac.uk;;Present",
        ";;bwhitlock;absent",
        ";;7;Made up",
        "obrien smith, zoe;;;y",
        "O’Brien-Smith, Zoë;;;y",
    )
    assert found.marks() == {1: "present", 2: "absent", 3: "made_up", 5: "present"}
    assert [one.number for one in found.problems] == [5]
    assert [one.person_id for one in found.not_listed] == [4]


def test_a_row_for_nobody_or_for_two_is_said() -> None:
    found = read("Full name;Status", "Sam Lee;present", "Someone Else;present", ";present")
    assert [one.problem for one in found.problems] == [
        "Two people of this course are called so. Add their e-mail addresses.",
        "Nobody who takes part in this course is called so.",
        "The row names nobody.",
    ]
    assert found.marks() == {} and len(found.not_listed) == 5


def test_without_a_column_everybody_in_the_list_was_there() -> None:
    found = read("First name;Last name;Join time", "Amara;Okafor;09:58")
    assert not found.says_marks and found.marks() == {1: "present"}
    assert found.marks("absent") == {
        1: "present",
        2: "absent",
        3: "absent",
        4: "absent",
        5: "absent",
    }


def test_words_that_say_nothing_and_rows_that_disagree_are_left_out() -> None:
    found = read(
        "Name;Attendance",
        "Amara Okafor;perhaps",
        "Ben Whitlock;present",
        "Ben Whitlock;absent",
        "Zoë O’Brien-Smith;✓",
        "Zoë O’Brien-Smith;yes",
    )
    assert found.marks() == {5: "present"}
    assert [one.number for one in found.problems] == [2, 3, 4]


def test_a_list_without_people_is_refused() -> None:
    with pytest.raises(Unusable, match="No column is headed"):
        read("Room;Time", "1;2")


def test_what_would_be_kept_has_a_digest_of_its_own() -> None:
    assert read("Name", "Amara Okafor").digest == read("Name", "okafor, amara").digest
    assert read("Name", "Amara Okafor").digest != read("Name", "Ben Whitlock").digest
