"""Measuring the matrix of outcomes and its coverage with five hundred people and forty outcomes."""

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import event, insert, update

from lti_tool.core import clock
from lti_tool.db import Database
from lti_tool.frameworks.documents import document_of
from lti_tool.frameworks.models import FrameworkVersion
from lti_tool.frameworks.queries import digest_of
from lti_tool.programme.cohorts.models import Cohort
from tests.support.outcomes import fill_outcomes, long_set, people_of
from tests.support.programmes import add_people, lead, make_course
from tests.support.visiting import Visitor, World, make_world

_TIMES, _OUTCOMES = 7, 40


@dataclass(frozen=True, slots=True)
class MatrixPage:
    """What one look costs."""

    where: str
    page: str
    people: int
    outcomes: int
    wall_ms: float
    cpu_ms: float
    queries: int


def give_set(world: World, cohort_id: int) -> list[str]:
    """Let the cohort keep a set of forty outcomes; their ids."""
    outcomes = long_set(_OUTCOMES)
    with world.database.write() as session:
        session.execute(
            insert(FrameworkVersion).values(
                key=outcomes.key,
                version=outcomes.version,
                registration_id=world.registration_id,
                document=document_of(outcomes),
                document_digest=digest_of(outcomes),
                created_at=clock.now(),
            )
        )
        session.execute(
            update(Cohort)
            .where(Cohort.id == cohort_id)
            .values(outcome_set_version=outcomes.version)
        )
    return [one.id for one in outcomes.judged]


def _look(world: World, tutor: Visitor, path: str, people: int, where: str) -> MatrixPage:
    engine, seen = world.database.engine, []

    def note(*arguments: Any) -> None:
        seen.append(arguments[2])

    walls, cpus = [], []
    for turn in range(_TIMES):
        if turn == _TIMES - 1:
            event.listen(engine, "before_cursor_execute", note)
        wall, cpu = time.perf_counter(), time.process_time()
        answer = tutor.get(path)
        walls.append((time.perf_counter() - wall) * 1000)
        cpus.append((time.process_time() - cpu) * 1000)
        assert answer.status_code == 200 and str(people) in answer.get_data(as_text=True)
    event.remove(engine, "before_cursor_execute", note)
    name = "coverage" if "coverage" in path else "by state" if "?" in path else "matrix"
    return MatrixPage(where, name, people, _OUTCOMES, median(walls), median(cpus), len(seen))


def measure(postgres_url: str) -> list[MatrixPage]:
    """Matrix and coverage with 50 and with 500 people, on SQLite and on PostgreSQL."""
    found = []
    for where, url in (("SQLite", None), ("PostgreSQL", postgres_url)):
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            world = make_world(Path(folder), Database(url) if url else None)
            leader = lead(world)
            cohort_id = int(make_course(leader).cohort)
            items = give_set(world, cohort_id)
            base = f"programme/outcomes/cohort/{cohort_id}"
            there = 0
            for people in (50, 500):
                add_people(world, cohort_id, range(there, people))
                new = people_of(world, cohort_id)[-(people - there) :]
                fill_outcomes(world.database, cohort_id, new, items)
                there = people
                found += [
                    _look(world, leader, path, people, where)
                    for path in (base, f"{base}?state=queried", f"{base}/coverage")
                ]
            world.database.engine.dispose()
    return found
