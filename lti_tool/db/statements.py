"""Statements that need a word more than SQLAlchemy says, alike on SQLite and PostgreSQL."""

from collections.abc import Sequence
from functools import cache
from typing import Any, cast

from sqlalchemy import BindParameter, CursorResult, bindparam
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlalchemy.sql.expression import Executable

from lti_tool.db.prepared import NEED_NOT_LAST, AnyRow, Rows
from lti_tool.db.session import Database
from lti_tool.db.unit import Unit

__all__ = [
    "DIALECTS",
    "NEED_NOT_LAST",
    "AnyRow",
    "count_changed",
    "database_of",
    "dialect_of",
    "insert_if_missing",
    "insert_into",
    "insert_many_if_missing",
    "place_like",
    "run",
    "run_many",
    "run_once",
]


DIALECTS = ("sqlite", "postgresql")
"""What `dialect_of` may give."""


def run(session: Session, statement: Executable, **values: Any) -> Rows:
    """Run a statement that was built once, when its module was read, with a `bindparam` for each
    of `values`. For what every launch asks: see `prepared.py`. Rows only; what the session holds
    is written first, as for any query.
    """
    return cast(Unit, session).ask(statement, values)


def run_once(session: Session, statement: Executable, **values: Any) -> Rows:
    """As `run`, and a unit of work that only reads asks it once: what a page's frame has asked,
    its activity knows."""
    return cast(Unit, session).ask_once(statement, values)


def run_many(session: Session, statement: Executable, rows: Sequence[dict[str, Any]]) -> None:
    """The same for each of some rows to insert, in as few steps as the database can."""
    if len(rows) == 1:
        run(session, statement, **rows[0])
        return
    if session.new or session.dirty or session.deleted:
        session.flush()
    session.connection().execute(statement, rows)


def database_of(session: Session) -> Database:
    """The database that a session is a unit of work of."""
    return cast(Database, cast(Unit, session).database)


def dialect_of(session: Session) -> str:
    """One of `DIALECTS`: which database a session asks."""
    return "sqlite" if database_of(session).is_sqlite else "postgresql"


def place_like(column: Any, name: str) -> BindParameter[Any]:
    """A place for a value that is held against a column: of its type, under a name of its own."""
    return bindparam(name, type_=column.type)


def insert_into(dialect_name: str, table: Any) -> Any:
    """An INSERT that can be told what to do where a row is there already.

    :param dialect_name: as `dialect_of` gives it.
    """
    return (sqlite if dialect_name == "sqlite" else postgresql).insert(table)


def count_changed(session: Session, statement: Executable) -> int:
    """Execute an UPDATE or DELETE and tell how many rows it met."""
    return cast(CursorResult[Any], session.execute(statement)).rowcount


def insert_if_missing(
    session: Session, model: Any, unique: Sequence[str], values: dict[str, Any]
) -> int | None:
    """Insert `values` unless a row with the same `unique` columns exists. Two launches at the
    same moment may both find nothing; only one of them inserts.

    :param unique: columns of a unique constraint of `model`; none for any constraint of it, which
        is how a unique index over some of the rows is met.
    :return: the new row's number, or None where someone else's row is there.
    """
    statement = _insert_if_missing(dialect_of(session), model, tuple(unique))
    made = run(session, statement, **values).first()
    return None if made is None else int(made.id)


@cache
def _insert_if_missing(dialect_name: str, model: Any, unique: tuple[str, ...]) -> Executable:
    statement: Executable = (
        insert_into(dialect_name, model.__table__)
        .on_conflict_do_nothing(index_elements=list(unique) or None)
        .returning(model.__table__.c.id)
    )
    return statement


def insert_many_if_missing(
    session: Session, model: Any, unique: Sequence[str], rows: Sequence[dict[str, Any]]
) -> None:
    """Insert each row unless one with the same `unique` columns exists. Give the rows in the
    order of those columns, so that two sessions with the same rows never wait for each other."""
    if not rows:
        return
    statement = insert_into(dialect_of(session), model.__table__)
    statement = statement.on_conflict_do_nothing(index_elements=list(unique))
    session.execute(statement, list(rows))
