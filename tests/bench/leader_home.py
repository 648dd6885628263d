"""Measuring the leader's home with five hundred people, three modules and forty outcomes."""

import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from lti_tool.db import Database
from tests.bench.bench import Bench, Found, on_both_databases
from tests.bench.looking import LOOK_COLUMNS, look
from tests.bench.outcome_matrix import give_set
from tests.support.homes import fill_home, make_home
from tests.support.outcomes import fill_outcomes
from tests.support.visiting import make_world


def measure() -> Iterator[Found]:
    """The first page and its longest list with 50 and with 500 people, on both databases."""
    for where, url in on_both_databases():
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            world = make_world(Path(folder), Database(url) if url else None)
            home = make_home(world)
            items = give_set(world, int(home.course.cohort))
            there = 0
            for people in (50, 500):
                new = fill_home(home, range(there, people))
                fill_outcomes(world.database, int(home.course.cohort), new, items)
                there = people
                for page, path in (("home", ""), ("late", "list/late")):
                    found = look(world.database, partial(home.page, path))
                    yield (where, page, people, *found.cells)
            world.database.engine.dispose()


BENCH = Bench(
    "home",
    "The leader’s home",
    "The median of seven looks through the application itself at a cohort in three courses; each "
    "participant has work in each of them, three visits, and evidence and decisions on forty "
    "outcomes; and at the longest of its lists. Wanted: under 500 ms with 500, and the same "
    "number of queries however many there are.",
    ("Database", "Page", "People", *LOOK_COLUMNS),
    measure,
)
