"""Whatever goes wrong in a unit of work, nothing of it is left: no row, no turn, no transaction."""

import contextlib
from typing import Any

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from lti_tool.core import clock
from lti_tool.db import Database
from lti_tool.db.statements import run
from lti_tool.people.models import UsedCode

_KEEP = insert(UsedCode)
_ALL = select(UsedCode.code_digest).order_by(UsedCode.code_digest)


def _go_wrong(session: Session) -> None:
    with contextlib.suppress(DBAPIError):
        session.execute(text("SELECT nothing FROM nowhere"))


@pytest.mark.parametrize("begins_as_session", [False, True])
def test_after_a_commit_that_failed_nothing_is_left_of_it(
    database: Database, monkeypatch: pytest.MonkeyPatch, *, begins_as_session: bool
) -> None:
    """The next who takes the connection finds it as if there had been nobody."""
    dialect = database.engine.dialect

    def fail(_connection: Any) -> None:
        raise dialect.loaded_dbapi.OperationalError("disk I/O error")

    for ask in ("read", "write"):
        with (
            pytest.raises(DBAPIError),
            monkeypatch.context() as patched,
            database.write() as session,
        ):
            if begins_as_session:
                session.execute(text("SELECT 1"))
            run(session, _KEEP, code_digest=ask, lapses_at=clock.now())
            patched.setattr(dialect, "do_commit", fail)
        assert not database.turn.locked()
        with getattr(database, ask)() as session:
            assert run(session, _ALL).all() == []


def test_an_error_that_was_passed_over_is_the_next_units_trouble_no_more(
    database: Database,
) -> None:
    with contextlib.suppress(DBAPIError), database.write() as session:
        session.execute(text("SELECT 1"))
        _go_wrong(session)
    for _ in range(2):
        with database.read() as session:
            assert run(session, _ALL).all() == []


def test_who_cannot_undo_gives_back_their_turn(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialect = database.engine.dialect

    def fail(_connection: Any) -> None:
        raise dialect.loaded_dbapi.OperationalError("gone")

    with (
        contextlib.suppress(DBAPIError, KeyError),
        monkeypatch.context() as patched,
        database.write() as session,
    ):
        session.execute(text("SELECT 1"))
        patched.setattr(dialect, "do_rollback", fail)
        raise KeyError
    assert not database.turn.locked()
    with database.write() as session:
        run(session, _KEEP, code_digest="a", lapses_at=clock.now())


def test_what_goes_the_short_way_within_a_savepoint_is_undone_with_it(database: Database) -> None:
    with database.write() as session:
        run(session, _KEEP, code_digest="before", lapses_at=clock.now())
        with contextlib.suppress(KeyError), session.begin_nested():
            run(session, _KEEP, code_digest="within", lapses_at=clock.now())
            raise KeyError
        run(session, _KEEP, code_digest="after", lapses_at=clock.now())
    with database.read() as session:
        assert run(session, _ALL).scalars() == ["after", "before"]
