"""Reading a registry's list of results."""

from datetime import date
from decimal import Decimal

import pytest

from lti_tool.core.errors import Unusable
from lti_tool.programme.cohorts.results.reading import (
    ResultLine,
    load_words,
    read_results,
)
from tests.support.builders import CONFIG

TODAY = date(2026, 7, 20)
HEADINGS = "Student no.,Module code,Sitting,Final mark,Result,Board status,Date of board"


def _read(*rows: str, headings: str = HEADINGS) -> list[ResultLine]:
    cells = [row.split(",") for row in (headings, *rows)]
    return read_results(cells, load_words(CONFIG), TODAY)


def test_a_row_is_read_by_the_words_registries_use() -> None:
    (line,) = _read("20231234,ed7001,2,58,Pass,Confirmed,12/07/2026")
    assert (line.number, line.module, line.attempt) == ("20231234", "ed7001", 2)
    assert (line.mark, line.is_passed, line.board_state) == (Decimal(58), True, "confirmed")
    assert line.decided_on == date(2026, 7, 12) and not line.problem and line.is_result


def test_what_is_left_out_counts_for_nothing() -> None:
    (line,) = _read("20231234,ed7001,,61,,,")
    assert (line.attempt, line.is_passed, line.board_state) == (1, None, "provisional")
    assert not line.problem


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (",ed7001,1,58,Pass,Confirmed,2026-07-12", "names nobody"),
        ("7,ed7001,x,58,Pass,Confirmed,2026-07-12", "The attempt is"),
        ("7,ed7001,1,101,Pass,Confirmed,2026-07-12", "from 0 to 100"),
        ("7,ed7001,1,58,Maybe,Confirmed,2026-07-12", "“Passed” is “Maybe”"),
        ("7,ed7001,1,58,Pass,Sealed,2026-07-12", "confirmed, deferred, provisional"),
        ("7,ed7001,1,58,Pass,Confirmed,31/02/2026", "Give a day such as"),
        ("7,ed7001,1,58,Pass,Confirmed,2026-07-21", "lies ahead"),
        ("7,ed7001,1,58,,Confirmed,2026-07-12", "neither passed nor failed"),
        ("7,ed7001,1,58,Pass,Confirmed,", "no date of the board"),
    ],
)
def test_what_is_wrong_with_a_row_is_said_in_it(row: str, said: str) -> None:
    (line,) = _read(row)
    assert said in line.problem


def test_a_list_of_numbers_alone_holds_no_results() -> None:
    (line,) = _read("20231234,amara@school.example", headings="ID number,Email address")
    assert not line.is_result and line.email == "amara@school.example"


@pytest.mark.parametrize(
    ("headings", "said"),
    [
        ("Name,Mark", "Student number"),
        ("Student number,Student ID,Mark", "Two columns"),
        ("Student number,Module", "nothing to record"),
    ],
)
def test_headings_that_make_no_list(headings: str, said: str) -> None:
    with pytest.raises(Unusable, match=said):
        _read(headings=headings)
