"""How PostgreSQL goes about a launch into a full course, of which it knows nothing yet.

A plan is made when there are few rows, is kept, and is used until statistics are taken. What each
launch asks must therefore be found by its own keys, whatever the plan believes of the tables.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from lti_tool.db import Database, libpq
from tests.support.postgres import new_database
from tests.support.visiting import World, make_world

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


@pytest.fixture
def world(tmp_path: Path, postgres_url: str) -> Iterator[World]:
    database = Database(new_database(postgres_url))
    world = make_world(tmp_path, database)
    with database.engine.begin() as connection:
        connection.execute(text(_KNOW_NOTHING))
    for number in range(_PEOPLE):
        _come(world, number)
    yield world
    database.engine.dispose()


def _come(world: World, number: int) -> None:
    world.let_in(f"participant-{number}", "participant")


def _steps(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", []):
        yield from _steps(part)


def _met(step: dict[str, Any]) -> float:
    """How many rows a step looked at, in all its rounds."""
    rows = step["Actual Rows"] + step.get("Rows Removed by Filter", 0)
    return float(rows + step.get("Rows Removed by Join Filter", 0)) * step["Actual Loops"]


def test_no_step_of_a_launch_goes_through_a_course(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[tuple[bytes, list[str]], dict[str, Any]]] = []
    ask = libpq.ask

    def note(connection: Any, ready: Any, statement: Any, values: Any) -> Any:
        asked.append((statement, dict(values)))
        return ask(connection, ready, statement, values)

    monkeypatch.setattr(libpq, "ask", note)
    _come(world, _PEOPLE // 2)
    monkeypatch.undo()
    queries = [(s, v) for s, v in asked if s[0].startswith(b"SELECT")]
    assert len(queries) >= 4
    address = world.database.engine.url.set(drivername="postgresql")
    fresh = Database(address.render_as_string(hide_password=False))
    with fresh.engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        # What is small may be read whole, which costs nothing and says nothing of the order.
        driver.execute("SET enable_seqscan = off")
        ready: dict[Any, bytes] = {}
        for (asks, places), values in queries:
            explaining = (b"EXPLAIN (ANALYZE, FORMAT JSON) " + asks, places)
            [(found,)] = ask(driver, ready, explaining, values).fetchall()
            worst = max(_steps(found[0]["Plan"]), key=_met)
            assert _met(worst) <= _MOST_ROWS, (asks, worst)
    fresh.engine.dispose()
