"""The assessment board: a sheet to take, a list to bring, a look at it, and one act."""

import io
import re

import openpyxl
import pytest
from sqlalchemy import select

from lti_tool.gradebook.models import Delivery
from lti_tool.mail.models import Message
from lti_tool.marking.models import Outcome
from tests.integration.pages import work
from tests.integration.pages.test_releasing import (
    _author,
    _desks,
    _lead,
    _mark,
    _release,
    _text,
    _ticks,
)
from tests.support.visiting import Visitor, World


@pytest.fixture
def author(world: World) -> Visitor:
    return _author(world, "5", "Amara Okafor")


@pytest.fixture
def leader(world: World, author: Visitor) -> Visitor:
    """A leader, with two marks released: 58 and 61."""
    _author(world, "6", "Ben Ashworth")
    leader = _lead(world)
    for desk, mark in zip(_desks(leader), ("58", "61"), strict=True):
        _mark(leader, desk, mark)
    _release(leader, *_ticks(leader))
    return leader


def _codes(leader: Visitor) -> list[str]:
    return [desk.split("/")[2] for desk in _desks(leader)]


def _bring(leader: Visitor, text: str):
    number = work.desk_of(leader).split("/")[1]
    leader.get(f"board/{number}/")
    return leader.post(
        f"board/{number}/",
        {"file": (io.BytesIO(text.encode()), "board.csv")},
        content_type="multipart/form-data",
    )


def _record(leader: Visitor, page: str, **more: str):
    number = work.desk_of(leader).split("/")[1]
    kept = dict(re.findall(r'name="(file_data|shown)" value="([^"]+)"', page))
    given = {"act": "record", "reason": "Board of 12 July.", **kept, **more}
    return leader.post(f"board/{number}/", given)


def test_a_boards_list_is_looked_at_and_recorded_in_one_act(
    world: World, author: Visitor, leader: Visitor
) -> None:
    first, second = _codes(leader)
    with world.database.read() as session:
        told = len(list(session.scalars(select(Message.id))))
    page = _text(_bring(leader, f"Candidate code,Final mark\n{first},60\n{second},61\n"))
    assert "<strong>2</strong> to record, <strong>1</strong> of them" in page
    assert "Your mark: 58" in _text(author.get("audit/")), "looking changes nothing"
    assert _record(leader, page, reason="").status_code == 422
    assert _record(leader, page, shown="0" * 64).status_code == 409
    assert _record(leader, page).status_code == 303
    shown = _text(author.get("audit/"))
    assert "Your mark: 60" in shown and "Confirmed by the assessment board." in shown
    with world.database.read() as session:
        rows = session.execute(
            select(Outcome.source, Outcome.standing, Outcome.raw, Outcome.final)
            .where(Outcome.source == "board")
            .order_by(Outcome.id)
        ).all()
        revisions = list(session.scalars(select(Delivery.revision).order_by(Delivery.id)))
        told_now = len(list(session.scalars(select(Message.id))))
    assert [(row.standing, str(row.raw), str(row.final)) for row in rows] == [
        ("confirmed", "58", "60"),
        ("confirmed", "61", "61"),
    ]
    assert told_now == told + 1, "what stays the same is confirmed quietly"
    assert revisions == [2, 2], "the comment in the gradebook no longer calls it provisional"
    again = _text(_bring(leader, f"code,final\n{first},60\n{second},62\n"))
    assert "<strong>0</strong> to record" in again and "Another result is recorded" in again


def test_rows_with_a_problem_are_named_and_left_out_only_on_purpose(
    world: World, leader: Visitor
) -> None:
    first, _second = _codes(leader)
    text = "Platform user id,Attempt,Final\n5,1,57\n5,1,57\n6,2,61\n77,1,50\n6,1,NaN\n"
    page = _text(_bring(leader, text))
    for said in ("names this person twice", "attempt 2; the latest", "Nobody of", "“NaN”"):
        assert said in page
    refused = _record(leader, page)
    assert refused.status_code == 422 and "mend the rows" in _text(refused)
    assert _record(leader, page, leave_out="y").status_code == 303
    with world.database.read() as session:
        count = list(session.scalars(select(Outcome.id).where(Outcome.source == "board")))
    assert len(count) == 1 and first


def test_the_sheet_for_the_board_can_come_back_as_it_is(leader: Visitor) -> None:
    number = work.desk_of(leader).split("/")[1]
    data = leader.get(f"board/{number}/sheet.xlsx").get_data()
    rows = list(openpyxl.load_workbook(io.BytesIO(data)).active.iter_rows(values_only=True))
    assert rows[0][:4] == ("Candidate code", "Platform user id", "Name", "Attempt")
    assert {row[7] for row in rows[1:]} == {58, 61}
    answer = leader.post(
        f"board/{number}/",
        {"file": (io.BytesIO(data), "board.xlsx")},
        content_type="multipart/form-data",
    )
    assert "<strong>2</strong> to record, <strong>0</strong> of them" in _text(answer)


def test_files_that_are_none_and_people_who_may_not(
    world: World, author: Visitor, leader: Visitor
) -> None:
    assert _bring(leader, "nothing here").status_code == 422
    number = work.desk_of(leader).split("/")[1]
    answer = leader.post(f"board/{number}/", {})
    assert answer.status_code == 422 and "Choose the file" in _text(answer)
    tutor = world.let_in("3", "tutor")
    for visitor in (tutor, author):
        assert visitor.get(f"board/{number}/").status_code == 403
        assert visitor.get(f"board/{number}/sheet.xlsx").status_code == 403
