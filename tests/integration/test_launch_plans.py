"""How PostgreSQL goes about a launch into a full course, of which it knows nothing yet.

A plan is made when there are few rows, is kept, and is used until statistics are taken. What each
launch asks must therefore be found by its own keys, whatever the plan believes of the tables.
"""

from collections.abc import Iterator
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from sqlalchemy import text

from lti_tool.db import Database, libpq
from lti_tool.lti import login_registration
from tests.support.door import STUDENT_VIEW
from tests.support.launching import Launching
from tests.support.platform import serve_platforms
from tests.support.postgres import new_database
from tests.support.visiting import make_world

_PEOPLE = 120
_KNOW_NOTHING = """
DO $$ DECLARE name text; BEGIN
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('ALTER TABLE %I SET (autovacuum_enabled = off)', name);
  END LOOP;
END $$
"""
"""No statistics are taken on the way."""
_MOST_ROWS = 5
"""That one step of a plan may meet: one person, course, link, column, and so on."""
_JOURNEYS = [b"WITH", b"SELECT", b"SELECT"]
"""Of a launch that says nothing new: all that the message names found, its login used up and the
visit begun; the visit; the work. Whose it is, a launch of the same moment has asked."""


@pytest.fixture
def launching(
    tmp_path: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Launching]:
    now = monotonic()
    monkeypatch.setattr(login_registration, "monotonic", lambda: now)
    database = Database(new_database(postgres_url))
    world = make_world(tmp_path, database, LTI_TOOL_ALLOW_HTTP="1")
    with database.engine.begin() as connection:
        connection.execute(text(_KNOW_NOTHING))
    with serve_platforms() as server:
        launching = Launching.begin(world, server)
        for number in range(_PEOPLE):
            _come(launching, number)
        yield launching
    database.engine.dispose()


def _come(launching: Launching, number: int) -> None:
    assert STUDENT_VIEW in launching.enter(f"participant-{number}").text


def _steps(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", []):
        yield from _steps(part)


def _met(step: dict[str, Any]) -> float:
    """How many rows a step looked at, in all its rounds."""
    rows = step["Actual Rows"] + step.get("Rows Removed by Filter", 0)
    return float(rows + step.get("Rows Removed by Join Filter", 0)) * step["Actual Loops"]


def test_a_launch_takes_three_journeys_and_no_step_goes_through_a_course(
    launching: Launching,
) -> None:
    asked: list[tuple[tuple[bytes, list[str]], dict[str, Any]]] = []
    ask, tell = libpq.ask, libpq.tell
    told: list[bytes] = []

    def note(connection: Any, ready: Any, statement: Any, values: Any) -> Any:
        asked.append((statement, dict(values)))
        return ask(connection, ready, statement, values)

    def note_command(connection: Any, command: bytes) -> None:
        told.append(command)
        tell(connection, command)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(libpq, "ask", note)
        patch.setattr(libpq, "tell", note_command)
        _come(launching, _PEOPLE // 2)
    assert [statement.split()[0] for (statement, _), _ in asked] == _JOURNEYS
    assert told == [], "each commits by itself"
    address = launching.world.database.engine.url.set(drivername="postgresql")
    fresh = Database(address.render_as_string(hide_password=False))
    with fresh.engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        # What is small may be read whole, which costs nothing and says nothing of the order.
        driver.execute("SET enable_seqscan = off")
        ready = libpq.Ready(driver)
        for (asks, places), values in asked:
            explaining = (b"EXPLAIN (ANALYZE, FORMAT JSON) " + asks, places)
            [(found,)] = ask(driver, ready, explaining, values).fetchall()
            worst = max(_steps(found[0]["Plan"]), key=_met)
            assert _met(worst) <= _MOST_ROWS, (asks, worst)
    fresh.engine.dispose()
