"""Refused access leaves an audit entry: who and which route, few in a day, nothing personal."""

from pathlib import Path
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from lti_tool.audit.models import AuditEntry
from lti_tool.db import Database
from lti_tool.people.refusals import ACT, MOST_A_DAY, MOST_A_ROUTE
from tests.conformance.cases import case
from tests.integration.pages import work
from tests.support.visiting import World, make_world


@pytest.fixture
def world(tmp_path: Path, database: Database) -> World:
    """On SQLite and on PostgreSQL."""
    return make_world(tmp_path, database)


def _entries(world: World) -> list[Any]:
    with world.database.read() as session:
        query = select(*AuditEntry.__table__.c).where(AuditEntry.act == ACT)
        return list(session.execute(query.order_by(AuditEntry.id)))


@case(206, "a participant at another’s work")
def test_case_206_what_a_participant_may_not_open_is_written_down(world: World) -> None:
    author, other = world.let_in("5", "participant"), world.let_in("6", "participant")
    work.bring_in(author)
    work.hand_in(author)
    desk = work.desk_of(world.let_in("3", "tutor"))
    assert _entries(world) == []
    assert other.get(desk).status_code == 403
    assert other.get("audit/map/rows/r1").status_code == 404
    assert other.post("audit/map/rows/r1/remove").status_code == 404
    first, second, third = _entries(world)
    assert (first.actor, first.actor_id) == ("person", first.subject_id)
    assert first.became["status"] == 403 and "<code>" in first.became["route"]
    assert second.became == {"route": "/v/<handle>/audit/map/rows/<row_id>", "status": 404}
    assert third.became["route"].endswith("/remove")
    code = desk.rsplit("/", 1)[1]
    for entry in (first, second, third):
        assert entry.subject_kind == "person" and entry.context_id is not None
        assert code not in str(entry.became) and other.handle not in str(entry.became)


@case(207, "a participant at a tutor’s routes")
def test_a_person_cannot_fill_the_audit(world: World) -> None:
    visitor = world.let_in("6", "participant")
    for _ in range(MOST_A_ROUTE + 5):
        assert visitor.get("marking/").status_code == 403
    assert len(_entries(world)) == MOST_A_ROUTE
    routes = (
        "people/",
        "marking/1/A",
        "gradebook/1",
        "set-up",
        "markers",
        "choose",
        "set-up/reset",
    )
    for path in routes:
        for _ in range(MOST_A_ROUTE + 1):
            visitor.get(path)
    assert len(_entries(world)) == MOST_A_DAY
    another = world.let_in("7", "participant")
    another.get("marking/")
    assert len(_entries(world)) == MOST_A_DAY + 1, "others are still written down"


def test_the_next_day_counts_anew(world: World) -> None:
    with time_machine.travel("2026-10-01T10:00:00+00:00") as clock:
        visitor = world.let_in("6", "participant")
        for _ in range(MOST_A_ROUTE + 1):
            visitor.get("marking/")
        clock.shift(25 * 3600)
        world.let_in("6", "participant").get("marking/")
    assert len(_entries(world)) == MOST_A_ROUTE + 1


def test_what_is_simply_not_there_is_no_refusal(world: World) -> None:
    visitor = world.let_in("6", "participant")
    assert visitor.get("no-such-page").status_code == 404
    assert visitor.get("audit/").status_code == 200
    assert _entries(world) == []
