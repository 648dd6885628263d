"""Connections to PostgreSQL between requests: asked after a rest, and replaced if they ended."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module

import pytest
from sqlalchemy import literal_column, select, text
from sqlalchemy.orm import Session

from lti_tool.db import Database
from lti_tool.db.statements import run
from tests.support.postgres import end_connections, new_database

_ONE = select(literal_column("1").label("one"))
_MODULE = import_module("lti_tool.db.resting")


@pytest.fixture
def served(postgres_url: str) -> Iterator[Database]:
    database = Database(new_database(postgres_url))
    yield database
    database.engine.dispose()


def _by_session(reading: Session) -> object:
    return reading.scalar(text("SELECT 1"))


def _by_driver(reading: Session) -> object:
    return run(reading, _ONE).scalar_one()


_WAYS = pytest.mark.parametrize("ask", [_by_session, _by_driver])


@contextmanager
def _used(
    database: Database, times: int = 1, ask: Callable[[Session], object] = _by_session
) -> Iterator[None]:
    """So many connections in use at once, which then rest together: in the pool if a session
    joined them, else beside it."""
    if times:
        with database.read() as reading, _used(database, times - 1, ask):
            assert ask(reading) == 1
            yield
    else:
        yield


def _asked(database: Database, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    asked: list[float] = []
    ping = database.engine.dialect.do_ping

    def note(connection: object) -> bool:
        asked.append(time.monotonic())
        return ping(connection)  # type: ignore[arg-type]

    monkeypatch.setattr(database.engine.dialect, "do_ping", note)
    return asked


@_WAYS
def test_connections_that_ended_while_they_rested_are_replaced(
    served: Database, monkeypatch: pytest.MonkeyPatch, ask: Callable[[Session], object]
) -> None:
    monkeypatch.setattr(_MODULE, "_NO_REST_S", 0.0)
    with _used(served, 3, ask):
        pass
    end_connections(served.engine.url)
    with _used(served, 3, ask):
        pass


@_WAYS
def test_one_that_answered_a_moment_ago_is_not_asked(
    served: Database, monkeypatch: pytest.MonkeyPatch, ask: Callable[[Session], object]
) -> None:
    asked = _asked(served, monkeypatch)
    monkeypatch.setattr(_MODULE, "_NO_REST_S", 60.0)
    for _ in range(3):
        with _used(served, ask=ask):
            pass
    assert asked == []
    monkeypatch.setattr(_MODULE, "_NO_REST_S", 0.0)
    with _used(served, ask=ask):
        pass
    assert len(asked) == 1
