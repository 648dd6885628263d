"""Statements that the driver runs, and the session that joins them: one transaction, one truth."""

import sqlite3
import threading
import time
from datetime import timedelta
from importlib import import_module
from pathlib import Path

import pytest
from sqlalchemy import bindparam, delete, insert, select, text
from sqlalchemy.exc import IntegrityError, OperationalError

from lti_tool.audit.models import AuditEntry
from lti_tool.core import clock
from lti_tool.db import Database, migrate
from lti_tool.db.statements import run, run_once
from lti_tool.db.types import Moment
from lti_tool.db.unit import WritesInReading
from lti_tool.people.models import UsedCode

_KEEP = insert(AuditEntry)
_KEEP_CODE = insert(UsedCode)
_OF = (
    select(AuditEntry.subject_id, AuditEntry.at, AuditEntry.was)
    .where(AuditEntry.subject_id.in_(bindparam("ids", expanding=True)), AuditEntry.act == "tried")
    .order_by(AuditEntry.subject_id)
)
_PAIRS = select(AuditEntry.subject_id).where(AuditEntry.act.in_(("tried", "left")))
_SOON = bindparam("soon", callable_=lambda: clock.now() + timedelta(hours=1), type_=Moment)
_BEFORE_SOON = select(AuditEntry.subject_id).where(AuditEntry.at < _SOON)
_DROP = delete(AuditEntry).where(AuditEntry.subject_id == bindparam("its_id"))


def _entry(number: int) -> dict[str, object]:
    return {
        "at": clock.now(),
        "actor": "operator",
        "act": "tried",
        "subject_kind": "test",
        "subject_id": number,
        "was": {"mark": "62"},
    }


def _keep(database: Database, *numbers: int) -> None:
    with database.write() as session:
        for number in numbers:
            run(session, _KEEP, **_entry(number))


def test_values_come_back_as_sqlalchemy_gives_them(database: Database) -> None:
    _keep(database, 1, 2, 3)
    with database.read() as session:
        ours = [tuple(row) for row in run(session, _OF, ids=[1, 2, 3])]
        theirs = [tuple(row) for row in session.execute(_OF, {"ids": [1, 2, 3]})]
    assert ours == theirs
    assert ours[0][1].tzinfo is not None
    assert ours[0][2] == {"mark": "62"}


def test_one_statement_can_be_a_whole_unit_of_work(database: Database) -> None:
    database.do(_KEEP, **_entry(7))
    with database.read() as session:
        assert run(session, _OF, ids=[7]).scalars() == [7], "kept without anybody’s commit"
    with pytest.raises(IntegrityError):
        database.do(_KEEP, **{**_entry(8), "act": None})
    with database.write() as session:  # the same connection, with a transaction again
        run(session, _KEEP, **_entry(9))
        session.rollback()
    assert database.do(_OF, ids=[7, 8, 9]).scalars() == [7]


def test_lists_of_every_length(database: Database) -> None:
    _keep(database, 1, 2, 3, 4, 5, 6)
    with database.read() as session:
        for length in range(7):
            ids = list(range(1, length + 1))
            assert [row.subject_id for row in run(session, _OF, ids=ids)] == ids
        assert len(run(session, _PAIRS).all()) == 6


def test_a_value_that_is_asked_for_is_asked_each_time(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    _keep(database, 1)
    with database.read() as session:
        assert run(session, _BEFORE_SOON).scalars() == [1]
        early = clock.now() - timedelta(hours=2)
        monkeypatch.setattr(clock, "now", lambda: early)
        assert run(session, _BEFORE_SOON).scalars() == []


def test_both_ways_are_one_transaction(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.write() as session:
        run(session, _KEEP, **_entry(1))
        session.add(AuditEntry(**_entry(2)))
        assert len(run(session, _PAIRS).all()) == 2  # the session's own is written first
        raise ZeroDivisionError
    with database.read() as session:
        assert run(session, _PAIRS).all() == []
    with database.write() as session:
        session.add(AuditEntry(**_entry(2)))
        run(session, _KEEP, **_entry(1))
    with database.read() as session:
        assert len(run(session, _PAIRS).all()) == 2


def test_a_session_goes_on_after_its_commit(database: Database) -> None:
    with database.write() as session:
        run(session, _KEEP, **_entry(1))
        session.commit()
        run(session, _KEEP, **_entry(2))
        session.rollback()
        session.add(AuditEntry(**_entry(3)))
    with database.read() as session:
        assert sorted(run(session, _PAIRS).scalars()) == [1, 3]


def test_reading_never_writes(database: Database) -> None:
    _keep(database, 1)
    with database.read() as session, pytest.raises(WritesInReading):
        run(session, _DROP, its_id=1)
    with database.read() as session:
        session.execute(_DROP, {"its_id": 1})  # undone as the unit ends
    with database.read() as session:
        assert run(session, _PAIRS).scalars() == [1]


def test_what_is_asked_once_is_known_until_the_end(database: Database) -> None:
    _keep(database, 1)
    with database.read() as session:
        assert run_once(session, _OF, ids=(1, 2)).scalars() == [1]
        _keep(database, 2)
        assert run_once(session, _OF, ids=(1, 2)).scalars() == [1]
        assert run(session, _OF, ids=(1, 2)).scalars() == [1, 2]
    with database.write() as session:
        assert run_once(session, _OF, ids=(1, 2)).scalars() == [1, 2]
        run(session, _DROP, its_id=1)
        assert run_once(session, _OF, ids=(1, 2)).scalars() == [2]


def test_an_error_is_told_as_sqlalchemy_tells_it_and_undone(database: Database) -> None:
    code = {"code_digest": "x" * 64, "lapses_at": clock.now()}
    with database.write() as session:
        run(session, _KEEP_CODE, **code)
    with pytest.raises(IntegrityError), database.write() as session:
        run(session, _KEEP, **_entry(1))
        run(session, _KEEP_CODE, **code)
    with database.read() as session:
        assert run(session, _PAIRS).all() == []


def test_connections_are_given_back(database: Database) -> None:
    for _ in range(30):
        with database.read() as session:
            run(session, _PAIRS)
            session.scalar(select(AuditEntry.id))
        with database.write() as session:
            run(session, _KEEP, **_entry(1))
    checked_out = database.engine.pool.checkedout()  # type: ignore[attr-defined]
    assert checked_out == len(database.resting) == 1


def test_writes_of_a_process_take_turns_where_the_database_lets_one_in(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.write() as session:
        assert not database.turn.locked()  # nothing is asked yet
        run(session, _KEEP, **_entry(1))
        assert database.turn.locked() == database.is_sqlite
        with database.read() as reading:
            assert run(reading, _PAIRS).all() == []
    assert not database.turn.locked()
    with pytest.raises(ZeroDivisionError), database.write() as session:
        session.add(AuditEntry(**_entry(2)))
        session.flush()
        assert database.turn.locked() == database.is_sqlite
        raise ZeroDivisionError
    assert not database.turn.locked()
    monkeypatch.setattr(database.resting, "take", _nobody_there)
    with pytest.raises(ZeroDivisionError), database.write() as session:
        run(session, _KEEP, **_entry(3))
    assert not database.turn.locked()


def _nobody_there() -> None:
    raise ZeroDivisionError


def test_who_has_waited_for_a_turn_waits_less_for_other_processes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lti_tool.db.hold.BUSY_S", 1)
    database = Database(f"sqlite:///{tmp_path}/one.sqlite")
    database.engine.raw_connection().close()
    other = sqlite3.connect(tmp_path / "one.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    asks = text("PRAGMA busy_timeout")
    for held_s, turn_comes in ((0.7, True), (1.5, False)):
        database.turn.acquire()
        freed = threading.Timer(held_s, database.turn.release)
        freed.start()
        began = time.monotonic()
        with pytest.raises(OperationalError, match="locked"), database.write() as session:
            run(session, _KEEP, **_entry(1))
        assert 0.9 < time.monotonic() - began < 1.4
        freed.join()
        with database.read() as session:
            assert session.scalar(asks) == (1000 if turn_comes else 15_000)
        assert not database.turn.locked()
        database.engine.dispose()
    other.close()


def test_a_write_that_another_process_holds_up_ends_its_turn(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/one.sqlite", pool_size=1, max_overflow=0)
    pooled = database.engine.raw_connection()
    pooled.driver_connection.execute("PRAGMA busy_timeout=10")  # type: ignore[union-attr]
    pooled.close()
    other = sqlite3.connect(tmp_path / "one.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(OperationalError, match="locked"), database.write() as session:
        run(session, _KEEP, **_entry(1))
    other.close()
    assert not database.turn.locked()
    database.engine.dispose()


def test_an_upgrade_that_finds_the_database_locked_says_so_as_statements_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_module("lti_tool.db.session"), "BUSY_S", 0)
    database = Database(f"sqlite:///{tmp_path / 'new.sqlite'}")
    assert migrate.revision_of(database) is None
    other = sqlite3.connect(tmp_path / "new.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(OperationalError, match="locked"):
        migrate.upgrade(database)
    other.close()
    database.engine.dispose()
