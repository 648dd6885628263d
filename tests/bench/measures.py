"""Measuring the live measures of the checklist with five hundred people and forty outcomes."""

import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from statistics import median

from sqlalchemy import insert, update

from lti_tool.catalogue.measures import find_measure, list_measures
from lti_tool.core import clock
from lti_tool.db import Database, migrate
from lti_tool.frameworks.documents import document_of
from lti_tool.frameworks.models import FrameworkVersion
from lti_tool.frameworks.queries import digest_of
from lti_tool.programme.cohorts.models import Cohort
from tests.bench.bench import Bench, Found, on_both_databases
from tests.bench.looking import LOOK_COLUMNS
from tests.support.measured import START, Measured, fill, make_measured
from tests.support.outcomes import fill_outcomes, long_set

_TIMES, _PEOPLE, _VISITS = 7, 500, 3


def _give_everything(made: Measured) -> None:
    outcomes = long_set(40)
    with made.database.write() as session:
        session.execute(
            insert(FrameworkVersion).values(
                key=outcomes.key,
                version=outcomes.version,
                registration_id=made.course.registration_id,
                document=document_of(outcomes),
                document_digest=digest_of(outcomes),
                created_at=clock.now(),
            )
        )
        session.execute(update(Cohort).values(outcome_set_version=outcomes.version))
    people = fill(made, _PEOPLE)
    with made.writing():
        for one in people:
            for number in range(_VISITS):
                on = START + timedelta(days=number)
                made.confirm(made.visit(one, state="accepted", half_days=1, visit_on=on))
    items = [one.id for one in outcomes.judged]
    fill_outcomes(made.database, made.cohort_id, people, items)


def _run(made: Measured, key: str) -> Found:
    measure, scope = find_measure(key), made.scope()
    assert measure is not None
    walls, cpus, lines = [], [], 0
    for _ in range(_TIMES):
        with made.database.read() as session:
            session.connection()
            wall, cpu = time.perf_counter(), time.process_time()
            lines = len(measure.find(session, scope).lines)
            walls.append((time.perf_counter() - wall) * 1000)
            cpus.append((time.process_time() - cpu) * 1000)
    return key, lines, f"{median(walls):.0f}", f"{median(cpus):.0f}", made.count_queries(key)


def measure() -> Iterator[Found]:
    """Every measure with 500 people, 2,500 visits and 40 outcomes, on SQLite and PostgreSQL."""
    for where, url in on_both_databases():
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            database = Database(url or f"sqlite:///{folder}/tool.sqlite")
            migrate.upgrade(database)
            made = make_measured(Path(folder), database)
            _give_everything(made)
            for one in list_measures():
                yield (where, *_run(made, one.key))
            database.engine.dispose()


BENCH = Bench(
    "measures",
    "The live measures of the checklist",
    "The median of seven looks at each measure with 500 people, 2,500 visits and an outcome set "
    "of forty, kept as for the matrix. Wanted: under 100 ms each, and the same number of queries "
    "however many people there are.",
    ("Database", "Measure", "Lines behind it", *LOOK_COLUMNS),
    measure,
)
