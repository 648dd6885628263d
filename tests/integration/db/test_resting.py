"""Connections between two units of work."""

import os
from contextlib import ExitStack

import pytest
from sqlalchemy import insert, select, text

from lti_tool.core import clock
from lti_tool.db import Database
from lti_tool.db.statements import run
from lti_tool.people.models import UsedCode

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
