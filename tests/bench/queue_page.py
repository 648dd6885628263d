"""Measuring the tutor's queue with five hundred pieces of work handed in."""

import tempfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from tests.bench.bench import Bench, Found
from tests.bench.looking import LOOK_COLUMNS, Look, look
from tests.support import builders
from tests.support.visiting import World, make_world


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


def _look(world: World) -> Look:
    tutor = world.let_in("3", "tutor", context_id="bench")

    def ask() -> None:
        assert tutor.get("marking/").status_code == 200

    return look(world.database, ask)


def measure() -> Iterator[Found]:
    """The queue with 50 and with 500 pieces of work: the time grows, the queries do not."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        world = make_world(Path(folder))
        there = 0
        for wanted in (50, 500):
            _fill(world, there, wanted)
            there = wanted
            yield (wanted, *_look(world).cells)


BENCH = Bench(
    "queue",
    "The tutor’s queue",
    "The median of seven looks at the page through the application itself, on SQLite, half of the "
    "work marked. Wanted: under 200 ms with 500, and the same number of queries however much "
    "there is.",
    ("Work in the queue", *LOOK_COLUMNS),
    measure,
)
