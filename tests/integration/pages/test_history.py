"""The history of marks: what is in it, who may read it, and the files made of it."""

import csv
import io
import re
import zipfile
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from sqlalchemy import select, update

from lti_tool.audit.operations import record
from lti_tool.core import clock
from lti_tool.coursework.models import Assignment, Candidate, HandedInCopy, Submission
from lti_tool.gradebook.models import Delivery, DeliveryAttempt
from lti_tool.marking.models import Allocation, Moderation, ModerationPiece
from lti_tool.people.models import Person
from tests.conformance.cases import case
from tests.integration.pages import work
from tests.support.statements import listen, stop_listening
from tests.support.visiting import Visitor, World, words_of


def _text(answer: Any) -> str:
    return words_of(answer.get_data(as_text=True))


def _page(visitor: Visitor, query: str = "", path: str | None = None) -> str:
    path = path or visitor.get("history/").headers["Location"].removeprefix(visitor.url(""))
    answer = visitor.get(path + query)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_data(as_text=True)


def _rows(text: str) -> list[list[str]]:
    body = text.split("<tbody")[1].split("</tbody>")[0] if "<tbody" in text else ""
    return [
        [words_of(cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL)]
        for row in body.split("</tr>")[:-1]
    ]


def _did(text: str) -> list[str]:
    return [row[2] for row in _rows(text)]


def _home(visitor: Visitor) -> str:
    return visitor.get("history/").headers["Location"].removeprefix(visitor.url(""))


@pytest.fixture
def author(world: World) -> Visitor:
    visitor = world.let_in("5", "participant", name="Amara Okafor")
    work.bring_in(visitor)
    work.hand_in(visitor)
    return visitor


@pytest.fixture
def tutor(world: World, author: Visitor) -> Visitor:
    return world.let_in("3", "tutor", name="Dr Helen Marsh")


def _code(world: World) -> str:
    with world.database.read() as session:
        return session.scalars(select(Candidate.code)).one()


def _add_tries(world: World) -> None:
    """Two tries to send the released mark: the column was busy, then took it."""
    with world.database.write() as session:
        row = session.scalars(select(Delivery)).one()
        for verdict, reason in (("wait", "busy"), ("landed", None)):
            session.add(
                DeliveryAttempt(
                    delivery_id=row.id,
                    revision=row.revision,
                    scored_at=row.scored_at,
                    score_given=row.score_given,
                    began_at=clock.now(),
                    ended_at=clock.now(),
                    http_status=200,
                    verdict=verdict,
                    reason=reason,
                )
            )


def test_every_step_of_a_mark_is_there_newest_first(world: World, tutor: Visitor) -> None:
    work.mark_and_release(tutor, *["62"] * 6)
    _add_tries(world)
    text = _page(tutor)
    assert _did(text) == [
        "Sent the mark to the gradebook: 62 out of 100",
        "Sent the mark to the gradebook: 62 out of 100",
        "Released the mark",
        "Saved marks",
        "Handed the work in",
        "Set the work",
    ]
    landed, busy, released, saved, handed_in, _ = _rows(text)
    assert "In the gradebook" in landed[5] and "busy" in busy[5]
    assert released[1] == "Dr Helen Marsh" and "Amara Okafor" in released[3]
    assert "mark 62" in released[5] and "mark 62" in saved[5]
    assert handed_in[1] == "Amara Okafor"
    assert "copy" not in text.split("<tbody")[1].split("</tbody>")[0], "no numbers of rows"


def test_one_piece_of_work_has_a_page_of_its_own(world: World, tutor: Visitor) -> None:
    other = world.let_in("6", "participant", name="Ben Lowe")
    work.bring_in(other)
    work.hand_in(other)
    code = _code_of(world, "6")
    text = _page(tutor, path=f"{_home(tutor)}{code}/")
    assert _did(text) == ["Handed the work in"] and "Ben Lowe" in text and "Amara" not in text
    assert tutor.get(f"{_home(tutor)}NOSUCH/").status_code == 404


def _code_of(world: World, sub: str) -> str:
    with world.database.read() as session:
        return session.scalars(
            select(Candidate.code)
            .join(Person, Person.id == Candidate.person_id)
            .where(Person.sub == sub)
        ).one()


@pytest.mark.parametrize(
    ("kind", "did"),
    [
        ("marks", ["Saved marks"]),
        ("release", ["Released the mark"]),
        ("hand-in", ["Handed the work in"]),
        ("gradebook", ["Sent the mark to the gradebook: 62 out of 100"] * 2),
        ("moderation", []),
    ],
)
def test_it_can_be_filtered(world: World, tutor: Visitor, kind: str, did: list[str]) -> None:
    work.mark_and_release(tutor, *["62"] * 6)
    _add_tries(world)
    assert _did(_page(tutor, f"?kind={kind}")) == did
    assert len(_did(_page(tutor, "?kind=nonsense&below=x-'"))) == 6


def test_a_long_history_is_read_in_parts_and_loses_nothing(world: World, tutor: Visitor) -> None:
    work.mark_and_release(tutor, *["62"] * 6)
    with world.database.write() as session:
        row = session.scalars(select(Submission)).one()
        context_id = session.scalars(select(Assignment.context_id)).one()
        for number in range(70):
            record(
                session,
                "mark saved",
                ("submission", row.id),
                actor_id=row.person_id,
                context_id=context_id,
                became={"kind": "first", "overall": str(number)},
            )
    _add_tries(world)
    seen, path = [], _home(tutor)
    for _ in range(5):
        text = _page(tutor, path=path)
        seen += [" ".join(row) for row in _rows(text)]
        older = re.search(r'href="([^"]+)">Older', text)
        if older is None:
            break
        path = older.group(1).replace("&amp;", "&").removeprefix(tutor.url(""))
    assert len(seen) == 76 and seen[-1].split(" – ")[0].endswith("Set the work")
    saved = [int(found) for line in seen for found in re.findall(r"mark (\d+) –", line)]
    assert [one for one in saved if one != 62] == [one for one in range(69, -1, -1) if one != 62]


def test_an_anonymous_piece_keeps_its_code(world: World, tutor: Visitor) -> None:
    work.mark_and_release(tutor, *["62"] * 6)
    with world.database.write() as session:
        session.execute(update(Assignment).values(is_anonymous=True))
    for path in (_home(tutor), f"{_home(tutor)}{_code(world)}/"):
        text = _page(tutor, path=path)
        assert "Amara" not in text and _code(world) in text
    assert b"Amara" not in tutor.get(f"{_home(tutor)}take-away/csv").data


def test_neither_time_nor_reason_says_whose_a_code_is(world: World, tutor: Visitor) -> None:
    ahead = f"{clock.in_london(clock.now() + timedelta(days=9)):%Y-%m-%dT%H:%M}"
    tutor.get("dates")
    soon = f"{clock.in_london(clock.now() + timedelta(days=2)):%Y-%m-%dT%H:%M}"
    tutor.post("dates", {"due_at": soon, "rules_key": "standard", "version": "1"})
    tutor.get("dates/later/")
    with world.database.write() as session:
        piece = session.scalars(select(Submission)).one()
        assignment = session.scalars(select(Assignment)).one()
        assignment.is_anonymous, assignment.due_at = True, clock.now() + timedelta(days=2)
    granted = {
        "who": str(piece.person_id),
        "kind": "extension",
        "due_at": ahead,
        "reason": "Broken wrist.",
    }
    assert tutor.post("dates/later/", granted).status_code == 303
    with world.database.read() as session:
        handed_in_at = session.scalars(select(HandedInCopy.handed_in_at)).one()
        receipt = session.scalars(select(HandedInCopy.receipt)).one()
    moment, code = f"{clock.in_london(handed_in_at):%H:%M}", _code(world)
    number = _home(tutor).split("/")[1]
    pack = zipfile.ZipFile(io.BytesIO(tutor.post(f"decisions/{number}/{code}/evidence").data))
    seen = {
        "decisions": _page(tutor, path=f"decisions/{number}/{code}/"),
        "work": pack.read("work.html").decode().split("This pack was made")[0],
        "data": pack.read("work.json").decode(),
    }
    for place, text in seen.items():
        assert "Broken wrist" not in text and receipt not in text, place
        assert moment not in text, place
    page = _page(tutor)
    assert "Broken wrist" not in page and "by name on the page Dates" in page
    lines = [row for row in _rows(page) if "anded the work in" in " ".join(row)]
    assert lines and all(moment not in " ".join(row) for row in lines)


def test_a_person_who_was_removed_is_said_to_be(
    world: World, tutor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lti_tool.marking.history import subjects

    monkeypatch.setattr(subjects, "names_of", lambda _session, _ids: {})
    assert "A person who was removed" in _page(tutor)


def test_who_is_to_judge_blind_does_not_find_the_mark_here(world: World, tutor: Visitor) -> None:
    work.mark_and_release(tutor, *["62"] * 6)
    second = world.let_in("4", "tutor", name="Dr Second")
    assert "mark 62" in _page(second)
    with world.database.write() as session:
        piece = session.scalars(select(Submission)).one()
        people = dict(session.execute(select(Person.sub, Person.id)).all())
        session.add(
            Allocation(
                assignment_id=piece.assignment_id,
                person_id=piece.person_id,
                marker_id=people["4"],
                kind="second",
                allocated_by_id=people["3"],
                allocated_at=clock.now(),
            )
        )
    for text in (_page(second), tutor_file(second)):
        assert "mark 62" not in text and "hidden until you have marked it yourself" in text
    assert "mark 62" in _page(tutor)


def tutor_file(visitor: Visitor) -> str:
    return visitor.get(f"{_home(visitor)}take-away/csv").data.decode("utf-8-sig")


def test_a_blind_moderator_sees_marks_once_they_have_looked(world: World, tutor: Visitor) -> None:
    work.mark_and_release(tutor, *["62"] * 6)
    moderator = world.let_in("4", "tutor")
    with world.database.write() as session:
        piece = session.scalars(select(Submission)).one()
        people = dict(session.execute(select(Person.sub, Person.id)).all())
        one = Moderation(
            assignment_id=piece.assignment_id,
            number=1,
            rule={},
            seed="s",
            population={},
            moderator_id=people["4"],
            is_blind=True,
            drawn_by_id=people["3"],
            drawn_at=clock.now(),
        )
        session.add(one)
        session.flush()
        session.add(
            ModerationPiece(moderation_id=one.id, submission_id=piece.id, judgement_id=1, why="x")
        )
    assert "mark 62" not in _page(moderator)
    with world.database.write() as session:
        session.execute(update(ModerationPiece).values(seen_at=clock.now()))
    assert "mark 62" not in _page(moderator), "as everywhere else: until they gave their mark"
    with world.database.write() as session:
        session.execute(update(ModerationPiece).values(mark=Decimal(60)))
    assert "mark 62" in _page(moderator)


def test_only_tutors_of_the_course_read_it(world: World, author: Visitor, tutor: Visitor) -> None:
    code = _code(world)
    home = _home(tutor)
    stranger = world.let_in(
        "9", "tutor", context_id="77", context_title="Another course", resource_link_id="55"
    )
    for path in ("", f"{code}/", "take-away/csv", f"{code}/take-away/xlsx"):
        assert author.get(home + path).status_code == 403
        assert stranger.get(home + path).status_code == 404
        assert tutor.get(home + path).status_code == 200
    assert tutor.get(home + "take-away/pdf").status_code == 404


def test_a_fixed_number_of_queries(world: World, tutor: Visitor) -> None:
    work.mark_and_release(tutor, *["62"] * 6)
    home, counted = _home(tutor), []

    def count() -> int:
        asked: list[str] = []

        def note(_c: Any, _cu: Any, statement: str, *_: Any) -> None:
            asked.append(statement)

        listen(world.database, note)
        _page(tutor, path=home)
        stop_listening(world.database, note)
        return len(asked)

    counted.append(count())
    for sub in ("6", "7", "8"):
        other = world.let_in(sub, "participant")
        work.bring_in(other)
        work.hand_in(other)
    counted.append(count())
    assert counted[0] == counted[1] <= 18, counted


HOSTILE = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x","y")')


@case(213, "CSV and XLSX formula injection in names, comments, group names")
@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_typed_becomes_a_formula(world: World, name: str) -> None:
    author = world.let_in("5", "participant", name="Amara")
    work.bring_in(author)
    work.hand_in(author)
    tutor = world.let_in("3", "tutor")
    with world.database.write() as session:
        session.execute(update(Person).where(Person.sub == "5").values(name=name))
        piece = session.scalars(select(Submission)).one()
        record(
            session,
            "hold placed",
            ("submission", piece.id),
            actor_id=piece.person_id,
            context_id=session.scalars(select(Assignment.context_id)).one(),
            reason=name,
        )
    raw = tutor.get(f"{_home(tutor)}take-away/csv").data.decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(raw, newline="")) for cell in row]
    assert "'" + name in cells, "it is there, with an apostrophe before it"
    assert not [cell for cell in cells if cell[:1] in ("=", "+", "-", "@", "\t", "\r")]
    book = openpyxl.load_workbook(
        io.BytesIO(tutor.get(f"{_home(tutor)}take-away/xlsx").data), data_only=False
    )
    values = [cell for row in book.active.iter_rows() for cell in row]
    assert {cell.data_type for cell in values} <= {"d", "n", "s"}, "no cell is a formula"
    assert any(str(cell.value).endswith(name.strip()) for cell in values)
    assert not [cell for cell in values if cell.hyperlink]


@case(169, "no AGS claim at all")
def test_without_a_gradebook_marks_stay_and_can_be_taken_away(world: World) -> None:
    world.message = replace(world.message, ags=None)
    author = world.let_in("5", "participant", name="Amara Okafor")
    work.bring_in(author)
    work.hand_in(author)
    tutor = world.let_in("3", "tutor")
    work.mark_and_release(tutor, *["62"] * 6)
    with world.database.read() as session:
        assert session.scalars(select(Delivery)).all() == []
    book = openpyxl.load_workbook(
        io.BytesIO(tutor.get(f"{_home(tutor)}take-away/xlsx?kind=release").data)
    )
    heading, line = book.active.iter_rows(values_only=True)
    said = dict(zip(heading, line, strict=True))
    assert (said["What"], said["Whose work"]) == ("Released the mark", "Amara Okafor")
    assert Decimal(re.findall(r"mark ([\d.]+)", said["After"])[0]) == 62
    assert "62" in _text(author.get("audit/"))
