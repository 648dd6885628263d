"""A checklist from its beginning to a review on both databases, and how many queries it takes."""

import io
from pathlib import Path

import pytest

from lti_tool.activities.quality_standards import moving
from lti_tool.catalogue import measures
from lti_tool.db import Database
from tests.support.checklists import Checking, make_checklist, measure_of
from tests.support.programmes import add_people
from tests.support.statements import listen, stop_listening
from tests.support.visiting import World, make_world


def test_a_checklist_on_both_databases(tmp_path: Path, database: Database) -> None:
    checking = make_checklist(make_world(tmp_path, database))
    answer = checking.save("Q1.1", narrative="We sign each September.", due_on="2027-01-31")
    assert answer.status_code == 303
    form = {"act": "file", "file-title": "Agreement", "file-kind": "document"}
    url = f"standards/{checking.year}/standard/Q1.1"
    for _ in range(2):  # the same bytes twice are kept once
        posted = checking.leader.post(
            f"{url}/evidence",
            {**form, "file": (io.BytesIO(b"%PDF-1.7 \x00\xff"), "Agreement.pdf")},
            content_type="multipart/form-data",
        )
        assert posted.status_code == 303
    assert checking.leader.get(f"{url}/files/2").data == b"%PDF-1.7 \x00\xff"
    stale = {"judgement": "met", "narrative": "Mine.", "revision": "0"}
    assert checking.leader.post(url, stale).status_code == 409
    assert "Mine." not in checking.page("standard/Q1.1")
    checking.judge_all()
    for state in ("submitted", "in_review", "approved"):
        assert checking.move(state).status_code == 303
    assert checking.leader.get(f"standards/{checking.year}/submission.zip").status_code == 200
    with database.write() as session:
        assert moving.lapse(session) == 0
    begin = {"year": str(checking.year + 1)}
    assert checking.leader.post("standards/begin", begin).status_code == 303
    later = Checking(checking.world, checking.course, checking.year + 1)
    assert "31 January 2027" in later.page()


def _count_queries(world: World, checking: Checking, path: str) -> int:
    found: list[str] = []

    def note(connection: object, cursor: object, statement: str, *_: object) -> None:
        found.append(statement)

    listen(world.database, note)
    checking.page(path)
    stop_listening(world.database, note)
    return len(found)


def test_a_checklist_of_any_size_takes_as_many_queries(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measures, "_measures", {})
    measures.announce(measure_of("Q2.5"))
    checking = make_checklist(world)
    few = {path: _count_queries(world, checking, path) for path in ("", "print")}
    checking.judge_all()
    add_people(world, int(checking.course.cohort), range(200))
    meeting = {"meeting-title": "x", "meeting-kind": "minutes", "meeting-held_on": "2026-09-10"}
    for number in range(4):
        url = f"standards/{checking.year}/standard/Q1.{number + 1}"
        assert checking.leader.post(f"{url}/evidence", {"act": "meeting", **meeting}).status_code
        assert checking.leader.post(f"{url}/comments", {"text": "Well."}).status_code == 303
    many = {path: _count_queries(world, checking, path) for path in ("", "print")}
    assert many[""] <= few[""] + 1 and many["print"] <= few["print"] + 1, (few, many)
    assert many[""] <= 24, many
