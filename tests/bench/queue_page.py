"""Measuring the tutor's queue with five hundred pieces of work handed in."""

import tempfile
import time
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import event

from tests.support import builders
from tests.support.visiting import World, make_world

_TIMES = 7


@dataclass(frozen=True, slots=True)
class QueuePage:
    """What one look at the queue costs."""

    works: int
    wall_ms: float
    cpu_ms: float
    queries: int


def _fill(world: World, there: int, wanted: int) -> None:
    with world.database.write() as session:
        values = {
            "name": "Moodle",
            "issuer": "https://moodle.example",
            "client_id": "client",
            "deployment_ids": ["1"],
            "auth_login_url": "https://moodle.example/a",
            "auth_token_url": "https://moodle.example/t",
            "jwks_url": "https://moodle.example/j",
        }
        course = builders.build_course(session, world.settings, values, context="bench")
        assignment = builders.build_assignment(
            session, world.settings, course, line_item_url="https://moodle.example/l"
        )
        for number in range(there, wanted):
            person = builders.build_person(session, course, f"q{number}")
            work = builders.build_work(session, assignment, person)
            if number % 2:
                builders.judge(session, world.settings, course, assignment, work, Decimal(60))


def _look(world: World, works: int) -> QueuePage:
    tutor = world.let_in("3", "tutor", context_id="bench")
    seen: list[str] = []

    def note(*arguments: Any) -> None:
        seen.append(arguments[2])

    walls, cpus = [], []
    for turn in range(_TIMES):
        seen.clear()
        if turn == _TIMES - 1:
            event.listen(world.database.engine, "before_cursor_execute", note)
        wall, cpu = time.perf_counter(), time.process_time()
        answer = tutor.get("marking/")
        walls.append((time.perf_counter() - wall) * 1000)
        cpus.append((time.process_time() - cpu) * 1000)
        assert answer.status_code == 200
    event.remove(world.database.engine, "before_cursor_execute", note)
    return QueuePage(works, median(walls), median(cpus), len(seen))


def measure() -> list[QueuePage]:
    """The queue with 50 and with 500 pieces of work: the time grows, the queries do not."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        world = make_world(Path(folder))
        found, there = [], 0
        for wanted in (50, 500):
            _fill(world, there, wanted)
            there = wanted
            found.append(_look(world, wanted))
        return found
