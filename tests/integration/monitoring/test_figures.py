"""`/metrics` and `/readyz`: who may ask, what the database is asked, what counts as late."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import time_machine
from sqlalchemy import text

from lti_tool.core.errors import Unusable
from lti_tool.db import Database, migrate
from tests.integration.pages import work
from tests.support.command import run_command
from tests.support.scraping import Scraped, read
from tests.support.statements import listen, stop_listening
from tests.support.visiting import World, make_settings, make_world

TOKEN = "a token of the tests"


@pytest.fixture
def world(tmp_path: Path, database: Database) -> World:
    """On SQLite and on PostgreSQL, behind one trusted proxy."""
    return make_world(
        tmp_path, database, LTI_TOOL_METRICS_TOKEN=TOKEN, LTI_TOOL_TRUSTED_PROXIES="1"
    )


def _ask(world: World, **headers: str) -> Any:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return world.app.test_client().get("/metrics", headers=given)


def _figures(world: World) -> Scraped:
    return read(_ask(world).get_data(as_text=True))


@contextmanager
def _counted(database: Database) -> Iterator[list[str]]:
    said: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        said.append(statement)

    listen(database, note)
    yield said
    stop_listening(database, note)


def test_who_may_ask(tmp_path: Path) -> None:
    """This machine, judged after the trusted proxies, or who has the token."""
    more = {"LTI_TOOL_METRICS_TOKEN": TOKEN, "LTI_TOOL_TRUSTED_PROXIES": "1"}
    world = make_world(tmp_path, **more)
    assert _ask(world).status_code == 200
    assert _ask(world, X_Forwarded_For="127.0.0.1").status_code == 200
    refused = _ask(world, X_Forwarded_For="192.0.2.7")
    assert refused.status_code == 403 and b"LTI_TOOL_METRICS_TOKEN" in refused.data
    assert _ask(world, X_Forwarded_For="127.0.0.1, 192.0.2.7").status_code == 403
    for given, status in (
        (f"Bearer {TOKEN}", 200),
        (f"bearer {TOKEN}", 200),
        ("Bearer another", 403),
        ("Bearer ", 403),
        (f"Basic {TOKEN}", 403),
        ("Bearer é", 403),
    ):
        answer = _ask(world, X_Forwarded_For="192.0.2.7", Authorization=given)
        assert answer.status_code == status, given
    assert _ask(world).content_type.startswith("text/plain; version=")


def test_behind_a_proxy_that_nobody_trusts_this_machine_is_nobody(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    assert _ask(world).status_code == 200
    assert _ask(world, X_Forwarded_For="127.0.0.1").status_code == 403
    assert _ask(world, Authorization="Bearer ", Forwarded="for=192.0.2.7").status_code == 403


def test_a_short_token_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="METRICS_TOKEN"):
        make_settings(tmp_path, LTI_TOOL_METRICS_TOKEN="short")


def test_three_queries_however_much_there_is(world: World) -> None:
    with _counted(world.database) as few:
        _figures(world)
    for sub in ("5", "6", "7"):
        author = world.let_in(sub, "participant")
        work.bring_in(author)
        work.hand_in(author)
    tutor = world.let_in("3", "tutor")
    work.mark_and_release(tutor, "60", "62", "58", "70", "65", "50")
    with _counted(world.database) as many:
        found = _figures(world)
    assert len(few) == len(many) == 3, many
    assert found.total("lti_tool_deliveries", state="waiting") == 1
    assert found.total("lti_tool_mail", state="waiting") >= 3


def test_what_is_late(world: World) -> None:
    """The oldest mark that waits; one that needs a person or is held by a switched-off
    registration is somebody's to decide, and not late."""
    late = "lti_tool_delivery_oldest_unsent_seconds"
    author = world.let_in("5", "participant")
    work.bring_in(author)
    work.hand_in(author)
    with time_machine.travel("2026-11-28 12:00:00+00:00", tick=False) as clock:
        work.mark_and_release(world.let_in("3", "tutor"), "60", "62", "58", "70", "65", "50")
        clock.shift(120)
        found = _figures(world)
        assert found.total(late) == 120
        assert found.total("lti_tool_mail_oldest_waiting_seconds") > 0
        for change in ("reason = 'switched_off'", "state = 'needs_person', reason = 'no_scope'"):
            with world.database.write() as session:
                session.execute(text(f"UPDATE delivery SET {change}"))
            found = _figures(world)
            assert found.total(late) == 0
            assert found.total("lti_tool_deliveries_unsent", registration="1") == 1
    text_of_it = _ask(world).get_data(as_text=True)
    assert "Person 5" not in text_of_it and author.handle not in text_of_it


def test_ready_says_which_part_is_not(world: World, tmp_path: Path) -> None:
    client = world.app.test_client()
    assert client.get("/readyz").status_code == 200
    fits = migrate.revision_of(world.database)
    with world.database.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0003'"))
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json["migrations"] == "does not fit this release"
    with world.database.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = :fits"), {"fits": fits})
    queue = tmp_path / "instance" / "queue.sqlite"
    queue.write_bytes(b"this is no queue" * 400)
    for more in ("-wal", "-shm"):
        queue.with_name(queue.name + more).unlink(missing_ok=True)
    answer = make_world(tmp_path / "other", world.database, LTI_TOOL_QUEUE_URL=f"sqlite:///{queue}")
    ready = answer.app.test_client().get("/readyz")
    assert (ready.status_code, ready.json["queue"]) == (503, "out of order")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_ready_waits_for_nobody_who_writes(world: World) -> None:
    """Another process writes for long: a backup, an upgrade, a cohort's marks."""
    other = sqlite3.connect(str(world.database.engine.url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    ready = world.app.test_client().get("/readyz")
    other.close()
    assert (ready.status_code, ready.json["database"]) == (200, "ok")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_file_that_is_no_database_is_not_ready(world: World) -> None:
    path = Path(str(world.database.engine.url.database))
    world.database.engine.dispose()
    path.write_bytes(b"this is no database" * 400)
    for more in ("-wal", "-shm"):
        path.with_name(path.name + more).unlink(missing_ok=True)
    ready = world.app.test_client().get("/readyz")
    assert (ready.status_code, ready.json["database"]) == (503, "out of order")
    environment = {"LTI_TOOL_DEMO": "1", "LTI_TOOL_DATABASE_URL": str(world.database.engine.url)}
    told = run_command(environment, "db", "check")
    assert (told.returncode, told.stdout) == (1, "")
    assert "database could not be used" in told.stderr and "Traceback" not in told.stderr
