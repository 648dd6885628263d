"""Measuring the leader's home with five hundred people, three modules and forty outcomes."""

import gc
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import event

from lti_tool.db import Database
from tests.bench.outcome_matrix import give_set
from tests.support.homes import Home, fill_home, make_home
from tests.support.outcomes import fill_outcomes
from tests.support.visiting import make_world

_TIMES = 7


@dataclass(frozen=True, slots=True)
class HomePage:
    """What one look costs."""

    where: str
    page: str
    people: int
    wall_ms: float
    cpu_ms: float
    queries: int


def _look(home: Home, path: str, people: int, where: str) -> HomePage:
    engine, seen = home.world.database.engine, []

    def note(*arguments: Any) -> None:
        seen.append(arguments[2])

    walls, cpus = [], []
    gc.collect()
    gc.freeze()  # as `wsgi.py` does once the application is made
    for turn in range(_TIMES):
        if turn == _TIMES - 1:
            event.listen(engine, "before_cursor_execute", note)
        wall, cpu = time.perf_counter(), time.process_time()
        home.page(path)
        walls.append((time.perf_counter() - wall) * 1000)
        cpus.append((time.process_time() - cpu) * 1000)
    event.remove(engine, "before_cursor_execute", note)
    name = path.removeprefix("list/") or "home"
    return HomePage(where, name, people, median(walls), median(cpus), len(seen))


def measure(postgres_url: str) -> list[HomePage]:
    """The first page and its longest list with 50 and with 500 people, on both databases."""
    found = []
    for where, url in (("SQLite", None), ("PostgreSQL", postgres_url)):
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            world = make_world(Path(folder), Database(url) if url else None)
            home = make_home(world)
            items = give_set(world, int(home.course.cohort))
            there = 0
            for people in (50, 500):
                new = fill_home(home, range(there, people))
                fill_outcomes(world.database, int(home.course.cohort), new, items)
                there = people
                found += [_look(home, path, people, where) for path in ("", "list/late")]
            world.database.engine.dispose()
    return found
