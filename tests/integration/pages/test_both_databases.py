"""The main job on SQLite and on PostgreSQL: the same pages, marks and audit trail."""

import re
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from lti_tool.audit.models import AuditEntry
from lti_tool.core import clock
from lti_tool.db import Database
from lti_tool.gradebook.models import Delivery
from lti_tool.marking.scheduling import release_due
from tests.integration.pages import work
from tests.support.visiting import make_world


def _text(answer) -> str:
    return answer.get_data(as_text=True)


def test_the_main_job(tmp_path: Path, database: Database) -> None:
    world = make_world(tmp_path, database)
    author = world.let_in("5", "participant")
    work.bring_in(author)
    work.hand_in(author)
    tutor = world.let_in("3", "tutor")
    work.mark_and_release(tutor, "60", "62", "58", "70", "65", "50")
    assert "Your mark: 62 out of 100" in author.get("audit/").get_data(as_text=True)
    assert author.get("audit/figures").status_code == 200
    with database.read() as session:
        assert str(session.scalar(select(Delivery.score_given))) == "62.00"
        acts = list(session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)))
    assert acts == [
        "registration added",
        "work set",
        "work handed in",
        "mark saved",
        "mark released",
    ]


def test_results_and_what_follows_them(tmp_path: Path, database: Database) -> None:
    """Late work, many released, one held, one taken back, done again, and settled by a board."""
    world = make_world(tmp_path, database)
    authors = [world.let_in(sub, "participant") for sub in ("5", "6", "7")]
    tutor = world.let_in("3", "tutor")
    tutor.get("dates")
    past = f"{clock.in_london(clock.now() - timedelta(minutes=5)):%Y-%m-%dT%H:%M}"
    tutor.post("dates", {"due_at": past, "rules_key": "standard", "version": "1"})
    for author in authors:
        work.bring_in(author)
        work.hand_in(author)
    places = re.findall(r"/v/\w+/marking/(\d+/[A-Z0-9]+)", _text(tutor.get("marking/")))
    pieces = list(dict.fromkeys(places))
    for piece in pieces:
        tutor.get(f"marking/{piece}")
        tutor.post(f"marking/{piece}", {**work.marks(*["44"] * 6), "number": "0"})
    number = pieces[0].split("/")[0]
    tutor.get(f"decisions/{pieces[0]}/")
    held = {"hold-kind": "appeal", "hold-reason": "Looked into."}
    assert tutor.post(f"decisions/{pieces[0]}/hold", held).status_code == 303
    ticks = [f"{piece.split('/')[1]}-1" for piece in pieces]
    said = _text(tutor.post(f"releases/{number}", {"piece": ticks}))
    assert "2 released, 1 not" in said and "44 − 1 working day late × 5 = 39" in said
    back = {"take_back-reason": "Wrong file."}
    assert tutor.post(f"decisions/{pieces[1]}/take-back", back).status_code == 303
    ahead = f"{clock.in_london(clock.now() + timedelta(days=9)):%Y-%m-%dT%H:%M}"
    again = {"attempt-why": "fail", "attempt-due_at": ahead, "attempt-reason": "Rework it."}
    assert tutor.post(f"decisions/{pieces[2]}/attempt", again).status_code == 303
    assert tutor.post(f"decisions/{pieces[2]}/evidence").status_code == 200
    assert tutor.post(f"releases/{number}/later", {"at": ahead}).status_code == 303
    assert (release_due(database, world.settings, lambda: False) or 0) > 600_000
    tutor.get("dates/later/")
    later = {"who": "everyone", "kind": "outage", "due_at": ahead, "reason": "Power cut."}
    assert tutor.post("dates/later/", later).status_code == 303
    page = _text(tutor.get("releases/"))
    assert "Ready to go out (2)" in page, "no longer late, the mark is another one"
    with database.read() as session:
        states = sorted(session.scalars(select(Delivery.state)))
    assert states == ["cancelled", "waiting"]
