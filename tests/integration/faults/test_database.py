"""The database goes away and comes back; it has no room left; an upgrade is interrupted."""

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, func, inspect, select, text
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from lti_tool.audit.models import AuditEntry
from lti_tool.core.errors import Unusable
from lti_tool.coursework.models import Submission
from lti_tool.db import Database, migrate, requests
from lti_tool.jobs.queue import Queue
from tests.integration.pages import work
from tests.integration.pages.test_figures_pages import ROW
from tests.support.postgres import Stoppable, new_database, postgres_server
from tests.support.visiting import World, make_world

TYPED = {**ROW, "measure": "How often the child answers in class"}


@pytest.fixture
def server() -> Iterator[Stoppable]:
    """A PostgreSQL of this test's own."""
    with postgres_server() as url:
        yield Stoppable(url)


def _is_outage(answer: TestResponse, code: str, *, typed: bool = False) -> str:
    """A page of 503 with a sentence, a reason, a reference, and what was typed; its reference."""
    page = answer.get_data(as_text=True)
    assert answer.status_code == 503, page
    assert answer.headers["X-Reason-Code"] == code and answer.headers["Retry-After"]
    assert "nothing was changed" in page and "Content-Security-Policy" in answer.headers
    assert ("What you had typed" in page and TYPED["measure"] in page) == typed
    found = re.search(r"reference <code>(\w{8})</code>", page)
    assert found is not None, page
    return found.group(1)


def test_gone_and_back(tmp_path: Path, server: Stoppable) -> None:
    database = Database(server.url)
    world = make_world(
        tmp_path, database, LTI_TOOL_DATABASE_URL=server.url, LTI_TOOL_QUEUE_URL=server.url
    )
    queue = Queue(server.url)
    database.wake = queue.wake
    author = world.let_in("5", "participant")
    work.bring_in(author)
    author.get("audit/map/rows/new")
    client = world.app.test_client()
    assert client.get("/readyz").json == {
        "status": "ready",
        "database": "ok",
        "migrations": "ok",
        "queue": "ok",
        "keys": "ok",
    }
    server.stop()
    try:
        _is_outage(author.get("audit/"), "database_unreachable")
        _is_outage(author.post("audit/map/rows/new", TYPED), "database_unreachable", typed=True)
        login = {"iss": "https://moodle.example", "login_hint": "1", "target_link_uri": "x"}
        _is_outage(client.post("/lti/login", data=login), "database_unreachable")
        ready = client.get("/readyz")
        assert (ready.status_code, ready.json["database"]) == (503, "out of order")
        assert client.get("/healthz").status_code == 200
        figures = client.get("/metrics").get_data(as_text=True)
        assert "lti_tool_database_up 0.0" in figures and "lti_tool_queue_up 0.0" in figures
        assert 'route="/lti/login",status="5xx"' in figures
        queue.wake()  # is only logged
    finally:
        server.start()
    assert client.get("/readyz").status_code == 200
    assert author.get("audit/").status_code == 200
    author.get("audit/map/rows/new")
    kept = author.post("audit/map/rows/new", TYPED)
    assert kept.status_code == 303, kept.get_data(as_text=True)
    work.hand_in(author)
    assert (queue.count_waiting() or 0) > 0, "what was handed in wakes workers again"
    database.engine.dispose()
    queue.huey.storage.close()


def _rows(world: World) -> list[Any]:
    with world.database.read() as session:
        submissions = session.execute(
            select(Submission.id, Submission.revision, Submission.document)
        )
        return [*submissions, session.scalar(select(func.count(AuditEntry.id)))]


def _no_more_pages(connection: Any, _record: Any) -> None:
    """SQLite answers as on a full disk once the file would have to grow."""
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages}")


def test_no_room_left(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    author = world.let_in("5", "participant")
    work.bring_in(author)
    author.get("audit/map/rows/new")
    world.database.engine.dispose()
    event.listen(world.database.engine, "connect", _no_more_pages)
    for _ in range(200):
        before = _rows(world)
        answer = author.post("audit/map/rows/new", TYPED)
        if answer.status_code != 303:
            break
    _is_outage(answer, "storage_full", typed=True)
    assert _rows(world) == before, "nothing is half-written"
    assert author.get("audit/").status_code == 200, "what is there can still be read"
    with world.database.read() as session:
        assert session.scalar(text("PRAGMA integrity_check")) == "ok"
    event.remove(world.database.engine, "connect", _no_more_pages)
    world.database.engine.dispose()
    assert author.post("audit/map/rows/new", TYPED).status_code == 303, "with room it is taken"


def test_no_room_as_the_answer_is_finished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """The commit comes after the view: its failure is the same page, and no address is logged."""
    world = make_world(tmp_path)
    author = world.let_in("5", "participant")
    author.get("audit/map/rows/new")
    before = _rows(world)
    full = sqlite3.OperationalError("database or disk is full")
    full.sqlite_errorname = "SQLITE_FULL"

    def fails(_session: Any) -> None:
        raise OperationalError("COMMIT", {}, full)

    with monkeypatch.context() as patched:
        patched.setattr(requests, "commit", fails)
        answer = author.post("audit/map/rows/new", TYPED)
    _is_outage(answer, "storage_full", typed=True)
    assert _rows(world) == before
    said = capfd.readouterr()
    assert author.handle not in said.out + said.err


@pytest.fixture(params=["sqlite", "postgresql"])
def unmigrated(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database of each kind."""
    url = f"sqlite:///{tmp_path}/half.sqlite"
    if request.param == "postgresql":
        url = new_database(request.getfixturevalue("postgres_url"))
    database = Database(url)
    yield database
    database.engine.dispose()


class _PowerCut(BaseException):
    """The end of the process, in the middle of a statement's way."""


def _cut_at(database: Database, statement: str) -> None:
    def before(_connection: Any, _cursor: Any, said: str, *_more: Any) -> None:
        if statement in said:
            raise _PowerCut

    event.listen(database.engine, "before_cursor_execute", before)
    with pytest.raises(_PowerCut):
        migrate.upgrade(database)
    event.remove(database.engine, "before_cursor_execute", before)


def test_an_upgrade_that_is_interrupted(unmigrated: Database) -> None:
    """Each migration is all or nothing, on PostgreSQL all of them together; again repairs."""
    migrate.upgrade(unmigrated, "0004")
    with unmigrated.write() as session:
        session.execute(
            text("INSERT INTO platform (issuer, created_at) VALUES (:issuer, '2026-01-01')"),
            {"issuer": "https://moodle.example"},
        )
    _cut_at(unmigrated, "CREATE TABLE programme_module")
    stands_at = migrate.revision_of(unmigrated)
    assert stands_at == ("0006" if unmigrated.is_sqlite else "0004")
    assert "programme" not in inspect(unmigrated.engine).get_table_names(), "made just before"
    with pytest.raises(Unusable) as refused:
        migrate.require_current(unmigrated)
    assert "lti-tool db upgrade" in refused.value.sentence and stands_at in refused.value.sentence
    migrate.upgrade(unmigrated)
    migrate.require_current(unmigrated)
    with unmigrated.read() as session:
        assert session.scalar(text("SELECT count(*) FROM platform")) == 1


def test_a_database_of_a_newer_release_is_left_alone(unmigrated: Database) -> None:
    migrate.upgrade(unmigrated)
    with unmigrated.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for act in (migrate.require_current, migrate.upgrade):
        with pytest.raises(Unusable, match="newer one made it"):
            act(unmigrated)
    assert migrate.revision_of(unmigrated) == "9999"
