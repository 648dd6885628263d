"""Measuring the tutor's page of a placement log with five hundred participants."""

import tempfile
import time
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import event

from lti_tool.activities.placement_log import states
from lti_tool.core import clock
from lti_tool.db import Database
from lti_tool.people.operations import keep_membership, keep_person
from tests.support.logs import CUSTOM, Logs, logs_of
from tests.support.visiting import World, make_world

_TIMES = 7
_STATES = tuple(states.WORDS)


@dataclass(frozen=True, slots=True)
class CohortPage:
    """What one look at the cohort's grid costs."""

    where: str
    people: int
    wall_ms: float
    cpu_ms: float
    queries: int


def _fill(logs: Logs, number: int, person: int, sessions: list[int]) -> None:
    """Five visits in different states, three meetings, both sessions."""
    for visit in range(5):
        state = _STATES[(number + visit) % len(_STATES)]
        made = logs.visit(person, state, date(2026, 9, 7) + timedelta(days=7 * visit), half_days=1)
        if state == states.DONE:
            logs.asked(made.id, clock.now() + timedelta(days=number % 9 - 4))
    for meeting in range(3):
        logs.meeting(person, date(2026, 9, 8 + meeting), confirmed=bool((number + meeting) % 3))
    for session in sessions:
        logs.attended(session, person, "absent" if number % 7 == 0 else "present")


def _cohort(world: World, start: int, end: int) -> None:
    with world.database.write() as session:
        logs = logs_of(world, session)
        sessions = [logs.held(f"Online session {number}") for number in (1, 2)]
        for number in range(start, end):
            profile = {"name": f"P{number:03} Person", "family_name": f"P{number:03}"}
            person = keep_person(session, world.message.platform_id, f"c{number}", profile)
            keep_membership(session, 1, person, "participant")
            _fill(logs, number, person, sessions)


def _look(world: World, where: str, people: int) -> CohortPage:
    tutor = world.let_in("3", "tutor", **CUSTOM)
    engine, seen = world.database.engine, []

    def note(*arguments: Any) -> None:
        seen.append(arguments[2])

    walls, cpus = [], []
    for turn in range(_TIMES):
        if turn == _TIMES - 1:
            event.listen(engine, "before_cursor_execute", note)
        wall, cpu = time.perf_counter(), time.process_time()
        answer = tutor.get("placement/cohort")
        walls.append((time.perf_counter() - wall) * 1000)
        cpus.append((time.process_time() - cpu) * 1000)
        assert f"All ({people})" in answer.get_data(as_text=True)
    event.remove(engine, "before_cursor_execute", note)
    return CohortPage(where, people, median(walls), median(cpus), len(seen))


def measure(postgres_url: str) -> list[CohortPage]:
    """The grid with 50 and with 500 people, on SQLite and on PostgreSQL."""
    found = []
    for where, url in (("SQLite", None), ("PostgreSQL", postgres_url)):
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            world = make_world(Path(folder), Database(url) if url else None)
            world.let_in("3", "tutor", **CUSTOM)
            there = 0
            for people in (50, 500):
                _cohort(world, there, people)
                there = people
                found.append(_look(world, where, people))
            world.database.engine.dispose()
    return found
