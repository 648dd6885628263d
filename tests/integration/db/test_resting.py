"""Connections between two units of work."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from sqlalchemy import bindparam, insert, select, text
from sqlalchemy.exc import OperationalError

from lti_tool.core import clock
from lti_tool.db import Database, migrate
from lti_tool.db.statements import NEED_NOT_LAST, run
from lti_tool.people.models import UsedCode
from tests.support.postgres import end_connections, new_database

_ALL = select(UsedCode.code_digest)
_KEEP = insert(UsedCode)


def _use(database: Database, at_once: int) -> list[object]:
    """So many connections in use at the same time."""
    used: list[object] = []
    with ExitStack() as units:
        for _ in range(at_once):
            reading = units.enter_context(database.read())
            run(reading, _ALL)
            used.append(reading._driver)  # type: ignore[attr-defined]
    return used


def test_the_one_that_was_used_last_is_used_next(database: Database) -> None:
    first, second, third = _use(database, 3)
    assert _use(database, 1) == [first], "which was given back last"
    assert _use(database, 3) == [first, second, third]


def test_only_some_rest_and_the_others_are_the_pools(database: Database) -> None:
    _use(database, 7)
    assert len(database.resting) == 4
    assert database.engine.pool.checkedout() == 4  # type: ignore[attr-defined]


def test_what_was_begun_does_not_rest(database: Database) -> None:
    code = {"code_digest": "a", "lapses_at": clock.now()}
    with pytest.raises(ZeroDivisionError), database.write() as session:
        run(session, _KEEP, **code)
        raise ZeroDivisionError
    assert len(database.resting) == 0
    with database.read() as session:
        assert run(session, _ALL).all() == []
    with database.write() as session:
        run(session, _KEEP, **code)
    assert len(database.resting) == 1


def test_all_are_closed_with_the_engine(database: Database) -> None:
    used = _use(database, 3)
    database.engine.dispose()
    assert len(database.resting) == 0
    if not database.is_sqlite:
        assert all(one.closed for one in used)  # type: ignore[attr-defined]
    assert _use(database, 1)[0] not in used


def test_what_came_through_a_fork_is_left_to_the_other_process(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    (used,) = _use(database, 1)
    monkeypatch.setattr(os, "getpid", lambda: -1)
    database.engine.dispose(close=False)
    assert len(database.resting) == 0
    monkeypatch.undo()
    assert used.execute("SELECT 1").fetchone() == (1,)  # type: ignore[attr-defined]


def test_the_session_takes_one_that_rests(database: Database) -> None:
    (used,) = _use(database, 1)
    with database.read() as session:
        session.execute(text("SELECT 1"))
        assert session._driver is used  # type: ignore[attr-defined]


_HURRIED = _KEEP.from_select(
    ["code_digest", "lapses_at"],
    select(
        bindparam("code_digest", type_=UsedCode.code_digest.type),
        bindparam("lapses_at", type_=UsedCode.lapses_at.type),
    ).where(NEED_NOT_LAST),
    include_defaults=False,
)


@pytest.fixture
def migrated(postgres_url: str) -> Iterator[Database]:
    """On PostgreSQL, with connections of its own alone."""
    database = Database(new_database(postgres_url))
    migrate.upgrade(database)
    yield database
    database.engine.dispose()


def _read(database: Database) -> None:
    with database.read() as session:
        assert run(session, _ALL).all() == []


def _read_as_session(database: Database) -> None:
    with database.read() as session:
        run(session, _ALL)
        assert session.scalars(_ALL).all() == []


def _write(database: Database) -> None:
    with database.write() as session:
        run(session, _KEEP, code_digest="a", lapses_at=clock.now())


def _write_as_session(database: Database) -> None:
    with database.write() as session:
        session.execute(_KEEP.values(code_digest="a", lapses_at=clock.now()))


def _keep_for_a_while(database: Database) -> None:
    database.do(_HURRIED, code_digest="a", lapses_at=clock.now())


@pytest.mark.parametrize(
    "act", [_read, _read_as_session, _write, _write_as_session, _keep_for_a_while]
)
def test_a_connection_that_broke_while_it_rested_is_nobodys_trouble(
    migrated: Database, act: Callable[[Database], None]
) -> None:
    """Within the second after its last use, in which it is not asked whether it is there."""
    _use(migrated, 3)
    end_connections(migrated.engine.url)
    act(migrated)


def test_what_must_not_be_done_twice_is_told_of(migrated: Database) -> None:
    """The connection may have broken after it was done: whoever asked must know."""
    _use(migrated, 1)
    end_connections(migrated.engine.url)
    with pytest.raises(OperationalError):
        migrated.do(_KEEP, code_digest="a", lapses_at=clock.now())
    with migrated.write() as session:
        run(session, _ALL)
        end_connections(migrated.engine.url)
        with pytest.raises(OperationalError):
            run(session, _ALL)
        session.rollback()
    _read(migrated)
