"""Marks released before their link had a grade service: promised once when it is offered."""

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from lti_tool.audit.models import AuditEntry
from lti_tool.coursework.queries import list_assignments
from lti_tool.coursework.resetting import close_cohort
from lti_tool.db import Database
from lti_tool.gradebook.models import Delivery
from lti_tool.lti.messages import AgsEndpoint
from lti_tool.lti.vocabulary import SCOPE_SCORE
from tests.conformance.cases import case
from tests.integration.pages import work
from tests.support.visiting import Visitor, World, make_world

_MARKS = ("60", "62", "58", "70", "65", "50")
_ACT = "released marks promised"
_URL = "https://moodle.example/lineitems"
_OFFERED = AgsEndpoint(_URL, f"{_URL}/3/lineitem?type_id=1", (SCOPE_SCORE,))


@pytest.fixture
def world(tmp_path: Path, database: Database) -> World:
    """A platform whose launches offer no gradebook yet; on SQLite and on PostgreSQL."""
    made = make_world(tmp_path, database)
    made.message = replace(made.message, ags=None)
    return made


def _released(world: World, *, is_released: bool = True) -> Visitor:
    author = world.let_in("5", "participant")
    work.bring_in(author)
    work.hand_in(author)
    tutor = world.let_in("3", "tutor")
    if is_released:
        work.mark_and_release(tutor, *_MARKS)
    return tutor


def _deliveries(world: World) -> list[tuple[str, str, int]]:
    with world.database.read() as session:
        query = select(Delivery.state, Delivery.score_given, Delivery.revision)
        return [(a, str(b), c) for a, b, c in session.execute(query)]


def _acts(world: World) -> list[str]:
    with world.database.read() as session:
        return list(session.scalars(select(AuditEntry.act).where(AuditEntry.act == _ACT)))


@case(169, "no AGS claim at all")
def test_case_169_a_mark_is_promised_when_the_gradebook_comes(world: World) -> None:
    _released(world)
    assert _deliveries(world) == []
    world.let_in("3", "tutor", ags=_OFFERED)
    assert _deliveries(world) == [("waiting", "62.00", 1)]
    with world.database.read() as session:
        assert "Good." in session.scalars(select(Delivery.comment)).one()
        assert session.scalars(select(Delivery.submitted_at)).one() is not None
    for sub, role in (("3", "tutor"), ("5", "participant"), ("6", "participant")):
        world.let_in(sub, role, ags=_OFFERED)
    assert _deliveries(world) == [("waiting", "62.00", 1)] and _acts(world) == [_ACT]


def test_a_mark_that_is_not_released_is_not_promised(world: World) -> None:
    tutor = _released(world, is_released=False)
    desk = work.desk_of(tutor)
    tutor.get(desk)
    assert tutor.post(desk, {**work.marks(*_MARKS), "number": "0"}).status_code == 303
    world.let_in("3", "tutor", ags=_OFFERED)
    assert _deliveries(world) == [] and _acts(world) == []


def test_a_closed_assignment_promises_nothing(world: World) -> None:
    """The course was reset: its link leads to a fresh assignment, whose column is another."""
    _released(world)
    with world.database.write() as session:
        one = list_assignments(session, (1,))[0]
        close_cohort(session, one, actor_id=1)
    world.let_in("3", "tutor", ags=_OFFERED)
    world.let_in("5", "participant", ags=_OFFERED)
    assert _deliveries(world) == [] and _acts(world) == []


def test_a_release_and_the_first_offer_at_the_same_moment(world: World) -> None:
    """Whichever comes first, the mark is promised exactly once."""
    tutor = _released(world, is_released=False)
    desk = work.desk_of(tutor)
    tutor.get(desk)
    assert tutor.post(desk, {**work.marks(*_MARKS), "number": "0"}).status_code == 303
    start, problems = threading.Barrier(4), []

    def run(act: Callable[[], object]) -> None:
        try:
            start.wait()
            act()
        except BaseException as problem:
            problems.append(problem)

    acts: list[Callable[[], object]] = [lambda: tutor.post(f"{desk}/release", {"number": "1"})]
    acts += [lambda sub=sub: world.let_in(sub, "participant", ags=_OFFERED) for sub in "678"]
    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == [] and _deliveries(world) == [("waiting", "62.00", 1)]
