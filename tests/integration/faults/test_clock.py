"""The clock of the machine jumps by hours, and is put right again; a platform is gone for a day."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine

from lti_tool.coursework.letters import find_facts
from lti_tool.db import Database
from lti_tool.db.rounds import Rounds
from lti_tool.duties import make_falling_due
from lti_tool.mail import worker as mail_worker
from lti_tool.mail.models import Message
from tests.integration.gradebook.bench import Bench
from tests.integration.pages import work
from tests.integration.pages.test_figures_pages import ROW
from tests.support.visiting import make_world

HOURS = 6 * 3600
KINDS_OF_ROUNDS = 8


def test_marks_promised_while_the_clock_was_ahead(
    bench: Bench, clock: time_machine.Traveller
) -> None:
    """The platform fails meanwhile, so the mark is put off to a time that is hours away."""
    clock.shift(HOURS)
    number = bench.release(62)
    bench.platform.set(down=True)
    bench.drain()
    assert bench.row(number).state == "waiting"
    clock.shift(-HOURS)
    bench.platform.set(down=False)
    bench.drain()
    assert (bench.row(number).state, bench.shown()) == ("delivered", 62)
    bench.release(70)
    bench.drain()
    assert bench.shown() == 70, "later than the hour that never was"


def test_a_claim_of_a_worker_that_died_while_the_clock_was_ahead(
    bench: Bench, clock: time_machine.Traveller
) -> None:
    number = bench.release(62)
    bench.change(
        number, lease="dead", leased_until=bench.row(number).due_at + timedelta(seconds=HOURS)
    )
    bench.drain()
    assert (bench.row(number).state, bench.shown()) == ("delivered", 62)


def test_a_jump_ahead_ends_no_mark_and_sends_none_twice(
    bench: Bench, clock: time_machine.Traveller
) -> None:
    number = bench.release(62)
    clock.shift(HOURS)
    bench.drain()
    clock.shift(HOURS)
    bench.drain()
    assert bench.row(number).state == "delivered" and len(bench.platform.taken()) == 1


def test_a_platform_gone_for_a_day(bench: Bench, clock: time_machine.Traveller) -> None:
    promised = bench.release_many(6)
    bench.platform.set(down=True)
    for _ in range(24 * 6):
        bench.drain()
        clock.shift(600)
    assert set(bench.states().values()) == {"waiting"}, "nobody is bothered, nothing is given up"
    assert len(bench.platform.asked("token")) <= 24 * 6 * 2, "and it is not flooded"
    bench.platform.set(down=False)
    for _ in range(12):
        bench.drain()
        clock.shift(60)
    assert set(bench.states().values()) == {"delivered"}
    assert all(bench.shown(sub, column) == mark for column, sub, mark in promised.values())
    assert len(bench.platform.taken()) == 6


@pytest.fixture
def moved() -> Iterator[time_machine.Traveller]:
    """The clock of this process, to be moved."""
    with time_machine.travel("2026-11-28 12:00:00+00:00", tick=True) as traveller:
        yield traveller


def test_pages_while_the_clock_jumps(tmp_path: Path, moved: time_machine.Traveller) -> None:
    """What was typed is on the page where a visit seems over; the visit holds when it is put
    right; work saved meanwhile is there."""
    world = make_world(tmp_path)
    author = world.let_in("5", "participant")
    work.bring_in(author)
    author.get("audit/map/rows/new")
    moved.shift(HOURS)
    over = author.post("audit/map/rows/new", ROW)
    page = over.get_data(as_text=True)
    assert over.status_code == 401 and ROW["measure"] in page, "to be copied"
    ahead = world.let_in("6", "participant")
    work.bring_in(ahead)
    moved.shift(-HOURS)
    assert author.post("audit/map/rows/new", ROW).status_code == 303
    assert ahead.get("audit/").status_code == 200
    work.hand_in(ahead)
    moved.shift(-HOURS)
    assert author.get("audit/").status_code == 200
    work.hand_in(author)


def test_mail_goes_on_when_the_clock_goes_back(
    tmp_path: Path, moved: time_machine.Traveller
) -> None:
    mailed = {
        "LTI_TOOL_MAIL_URL": (tmp_path / "mail").as_uri(),
        "LTI_TOOL_MAIL_FROM": "SENCo training <senco@tool.example>",
    }
    world = make_world(tmp_path, **mailed)
    moved.shift(HOURS)
    author = world.let_in("5", "participant", email="p5@school.example")
    work.bring_in(author)
    work.hand_in(author)
    moved.shift(-HOURS)
    mail_worker.send_due(world.database, world.settings, find_facts)
    with world.database.read() as session:
        states = [one.state for one in session.query(Message)]
    assert states == ["sent"], states


def test_every_round_goes_on_when_the_clock_goes_back(
    tmp_path: Path, moved: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reminders, what was kept long enough, whom the lists have gained, what has lapsed."""
    begun: list[Rounds] = []
    real = Rounds.begin

    def note(rounds: Rounds, database: Database) -> bool:
        begins = real(rounds, database)
        begun.extend([rounds] * begins)
        return begins

    monkeypatch.setattr(Rounds, "begin", note)
    mailed = {
        "LTI_TOOL_MAIL_URL": (tmp_path / "mail").as_uri(),
        "LTI_TOOL_MAIL_FROM": "SENCo training <senco@tool.example>",
    }
    world = make_world(tmp_path, **mailed)
    fall_due = make_falling_due(world.settings)
    moved.shift(timedelta(days=30))
    fall_due(world.database, lambda: False)
    assert len(begun) == len(set(begun)) == KINDS_OF_ROUNDS
    moved.shift(timedelta(days=-30))
    fall_due(world.database, lambda: False)
    assert begun[KINDS_OF_ROUNDS:] == begun[:KINDS_OF_ROUNDS]
    fall_due(world.database, lambda: False)
    assert len(begun) == 2 * KINDS_OF_ROUNDS, "and no sooner than it should"
