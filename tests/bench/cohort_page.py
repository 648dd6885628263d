"""Measuring the tutor's page of a placement log with five hundred participants."""

import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from lti_tool.activities.placement_log import states
from lti_tool.core import clock
from lti_tool.db import Database
from lti_tool.people.operations import keep_membership, keep_person
from tests.bench.bench import Bench, Found, on_both_databases
from tests.bench.looking import LOOK_COLUMNS, Look, look
from tests.support.logs import CUSTOM, Logs, logs_of
from tests.support.visiting import World, make_world

_STATES = tuple(states.WORDS)


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


def _look(world: World, people: int) -> Look:
    tutor = world.let_in("3", "tutor", **CUSTOM)

    def ask() -> None:
        assert f"All ({people})" in tutor.get("placement/cohort").get_data(as_text=True)

    return look(world.database, ask)


def measure() -> Iterator[Found]:
    """The grid with 50 and with 500 people, on SQLite and on PostgreSQL."""
    for where, url in on_both_databases():
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            world = make_world(Path(folder), Database(url) if url else None)
            world.let_in("3", "tutor", **CUSTOM)
            there = 0
            for people in (50, 500):
                _cohort(world, there, people)
                there = people
                yield (where, people, *_look(world, people).cells)
            world.database.engine.dispose()


BENCH = Bench(
    "cohort",
    "The cohort’s page of the placement log",
    "The median of seven looks through the application itself; each participant has five visits "
    "in different states, three meetings and two sessions, and all stand on one page. Wanted: "
    "under 300 ms with 500, and the same number of queries however many there are.",
    ("Database", "Participants", *LOOK_COLUMNS),
    measure,
)
