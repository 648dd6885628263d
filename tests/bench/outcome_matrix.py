"""Measuring the matrix of outcomes and its coverage with five hundred people and forty outcomes."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import insert, update

from lti_tool.core import clock
from lti_tool.db import Database
from lti_tool.frameworks.documents import document_of
from lti_tool.frameworks.models import FrameworkVersion
from lti_tool.frameworks.queries import digest_of
from lti_tool.programme.cohorts.models import Cohort
from tests.bench.bench import Bench, Found, on_both_databases
from tests.bench.looking import LOOK_COLUMNS, Look, look
from tests.support.outcomes import fill_outcomes, long_set, people_of
from tests.support.programmes import add_people, lead, make_course
from tests.support.visiting import Visitor, World, make_world

_OUTCOMES = 40


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


def _look(world: World, tutor: Visitor, path: str, people: int) -> Look:
    def ask() -> None:
        answer = tutor.get(path)
        assert answer.status_code == 200 and str(people) in answer.get_data(as_text=True)

    return look(world.database, ask)


def measure() -> Iterator[Found]:
    """Matrix and coverage with 50 and with 500 people, on SQLite and on PostgreSQL."""
    for where, url in on_both_databases():
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            world = make_world(Path(folder), Database(url) if url else None)
            leader = lead(world)
            cohort_id = int(make_course(leader).cohort)
            items = give_set(world, cohort_id)
            base = f"programme/outcomes/cohort/{cohort_id}"
            pages = {
                "matrix": base,
                "by state": f"{base}?state=queried",
                "coverage": f"{base}/coverage",
            }
            there = 0
            for people in (50, 500):
                add_people(world, cohort_id, range(there, people))
                new = people_of(world, cohort_id)[-(people - there) :]
                fill_outcomes(world.database, cohort_id, new, items)
                there = people
                for page, path in pages.items():
                    found = _look(world, leader, path, people)
                    yield (where, page, people, _OUTCOMES, *found.cells)
            world.database.engine.dispose()


BENCH = Bench(
    "matrix",
    "The matrix of outcomes",
    "The median of seven looks through the application itself at a cohort with an outcome set of "
    "forty; each participant has a piece that counts for 39 outcomes and 26 decisions. Fifty "
    "people stand on a page; all are read. Wanted: under 500 ms with 500, and the same number of "
    "queries however many there are.",
    ("Database", "Page", "People", "Outcomes", *LOOK_COLUMNS),
    measure,
)
