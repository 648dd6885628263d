"""What PostgreSQL's own library is asked, and what nobody waits for the disk for."""

import contextlib
from typing import Any

import pytest
from sqlalchemy import bindparam, insert, literal_column, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from lti_tool.core import clock
from lti_tool.db import Database, migrate
from lti_tool.db.prepared import numbered
from lti_tool.db.statements import NEED_NOT_LAST, run
from lti_tool.people.models import UsedCode

_COLUMNS = [one for one in UsedCode.__table__.c if not one.primary_key]
_KEEP = insert(UsedCode)
_HURRIED = (
    insert(UsedCode)
    .from_select(
        _COLUMNS,
        select(*(bindparam(one.name, type_=one.type) for one in _COLUMNS)).where(NEED_NOT_LAST),
        include_defaults=False,
    )
    .returning(UsedCode.id)
)
_ALL = select(UsedCode.code_digest).order_by(UsedCode.code_digest)
_ODD = select(
    literal_column("'50% of $1'").label("odd"),
    bindparam("said", type_=UsedCode.code_digest.type),
)


def _code(digest: str) -> dict[str, Any]:
    return {"code_digest": digest, "lapses_at": clock.now()}


def test_places_are_numbered_and_a_name_twice_is_one_place() -> None:
    assert numbered("SELECT %(a)s::TEXT, %(b_1)s, %(a)s LIKE '50%%'") == (
        b"SELECT $1::TEXT, $2, $1 LIKE '50%'",
        ["a", "b_1"],
    )


def test_signs_in_a_statement_and_in_a_value_stay(database: Database) -> None:
    with database.read() as session:
        row = run(session, _ODD, said="100 % sure: $1, %s, %(a)s, \u00e9").one()
    assert tuple(row) == ("50% of $1", "100 % sure: $1, %s, %(a)s, \u00e9")


def test_an_error_is_as_sqlalchemy_tells_it_and_the_connection_goes_on(
    database: Database,
) -> None:
    database.do(_KEEP, **_code("a"))
    with pytest.raises(IntegrityError), database.write() as session:
        run(session, _KEEP, **_code("b"))
        run(session, _KEEP, **_code("a"))
    with database.read() as session:
        assert run(session, _ALL).scalars() == ["a"]


def test_texts_survive_what_is_undone(database: Database) -> None:
    for _ in range(8):
        with pytest.raises(ZeroDivisionError), database.write() as session:
            run(session, _KEEP, **_code("a"))
            assert session.scalars(_ALL).all() == ["a"]  # by the session, in the same transaction
            raise ZeroDivisionError
        with database.read() as session:
            assert run(session, _ALL).scalars() == []
            assert session.scalars(_ALL).all() == []


def test_a_transaction_begins_with_the_first_question(database: Database) -> None:
    with database.write() as session, database.read() as reading:
        run(session, _KEEP, **_code("a"))
        assert run(reading, _ALL).scalars() == []
        run(session, _KEEP, **_code("b"))
        assert run(reading, _ALL).scalars() == []
    with database.read() as reading:
        assert run(reading, _ALL).scalars() == ["a", "b"]


def test_more_texts_than_are_kept_ready(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lti_tool.db.libpq._MOST", 1)
    database.do(_KEEP, **_code("a"))
    with database.read() as session:
        assert run(session, _ALL).scalars() == ["a"]
        assert run(session, _ODD, said="b").one()[1] == "b"
        assert run(session, _ALL).scalars() == ["a"]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_connection_that_was_ended_is_told_as_gone_and_the_next_is_another(
    database: Database, database_url: str
) -> None:
    number = _says(database, "SELECT pg_backend_pid()")
    beside = Database(database_url)
    with beside.read() as session:
        session.execute(text("SELECT pg_terminate_backend(:its, 5000)"), {"its": number})
    beside.engine.dispose()
    with pytest.raises(OperationalError) as told:
        database.do(_KEEP, **_code("a"))
    assert told.value.connection_invalidated
    with database.read() as session:
        assert run(session, _ALL).scalars() == []
    assert _says(database, "SELECT pg_backend_pid()") != number


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("more", ["", "prepare_threshold=0"])
def test_no_rollback_has_the_server_forget_texts(
    database: Database, database_url: str, more: str
) -> None:
    sign = "&" if "?" in database_url else "?"
    beside = Database(f"{database_url}{sign}{more}" if more else database_url)
    by_session = select(UsedCode.id).where(UsedCode.code_digest == "a")
    for _ in range(9):
        with beside.read() as session:
            assert run(session, _ALL).scalars() == []
            assert session.scalars(by_session).all() == []
        with pytest.raises(ZeroDivisionError), beside.write() as session:
            run(session, _KEEP, **_code("a"))
            with pytest.raises(IntegrityError), session.begin_nested():
                session.execute(insert(UsedCode), [_code("a")])
            assert run(session, _ALL).scalars() == ["a"]
            raise ZeroDivisionError
    kept = "SELECT name, statement FROM pg_prepared_statements"
    with beside.read() as session:
        texts = {name.rstrip("0123456789"): said for name, said in session.execute(text(kept))}
    assert texts.keys() == {"lti_", "_pg3_"}, "psycopg keeps some of its own"
    beside.engine.dispose()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_commit_after_an_error_that_was_passed_over_keeps_nothing_and_says_so(
    database: Database,
) -> None:
    database.do(_KEEP, **_code("a"))
    with pytest.raises(DBAPIError), database.write() as session:
        run(session, _KEEP, **_code("b"))
        with contextlib.suppress(IntegrityError):
            run(session, _KEEP, **_code("a"))
    with database.read() as session:
        assert run(session, _ALL).scalars() == ["a"]


def test_what_was_kept_ready_is_not_asked_of_other_tables(database: Database) -> None:
    for _ in range(9):
        with database.read() as session:
            assert run(session, _ALL).scalars() == []
            assert session.scalars(_ALL).all() == []  # so that it goes back to the pool
    migrate.downgrade(database, "-1")
    migrate.upgrade(database)
    with database.read() as session:
        assert run(session, _ALL).scalars() == []


def _says(database: Database, question: str) -> Any:
    """What the only connection of a database says of itself."""
    with database.read() as session:
        return session.execute(text(question)).scalar()


def test_what_need_not_last_is_kept_and_the_rest_lasts_again(database: Database) -> None:
    if database.is_sqlite:
        question, lasting = "PRAGMA synchronous", 2
    else:
        question, lasting = "SELECT current_setting('synchronous_commit')", "on"
        with database.write() as session:  # the tests' own server does without
            session.execute(text("SET synchronous_commit = 'on'"))
    assert _says(database, question) == lasting
    assert database.do(_HURRIED, **_code("a")).first() is not None
    assert _says(database, question) == lasting
    with pytest.raises(IntegrityError):
        database.do(_HURRIED, **_code("a"))
    assert _says(database, question) == lasting
    with database.read() as session:
        assert run(session, _ALL).scalars() == ["a"]


def test_what_need_not_last_is_nothing_for_a_unit_of_several(database: Database) -> None:
    with pytest.raises(TypeError), database.write() as session:
        run(session, _HURRIED, **_code("a"))


def test_nobody_waits_for_the_disk(database: Database) -> None:
    """On PostgreSQL the statement says so; on SQLite the connection is told before it."""
    heard: list[str] = []
    database.listeners.append(heard.append)
    database.do(_HURRIED, **_code("a"))
    said = "1 = 1" if database.is_sqlite else "set_config('synchronous_commit', 'off', true)"
    assert said in heard[0]
