"""The engine and its units of work.

`Database` is made once per process. What must happen only after a commit (waking a worker)
is handed to `after_commit` and runs when the data is safe.
"""

import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.sql.expression import Executable

from lti_tool.db import addresses
from lti_tool.db.hold import BUSY_S, libpq
from lti_tool.db.prepared import Prepared, Rows
from lti_tool.db.resting import Resting
from lti_tool.db.unit import LASTING, Unit

_AFTER_COMMIT = "after_commit"
_KEEPS_READY = {"prepare_threshold": 5}
"""Whatever the address says, which psycopg would take for a word: what SQLAlchemy asks so often
is kept ready on the server, and what is asked by `run` from its first time on (`libpq.py`)."""


def after_commit(session: Session, act: Callable[..., None], *values: str) -> None:
    """Run `act` once `session`'s transaction has been committed; never if it is rolled back.
    The same act asked for several times with the same values runs once."""
    acts = session.info.setdefault(_AFTER_COMMIT, [])
    if (act, values) not in acts:
        acts.append((act, values))


def commit(session: Session) -> None:
    """Commit, then run what waited for it. The acts may use the database themselves."""
    session.commit()
    for act, values in session.info.pop(_AFTER_COMMIT, []):
        act(*values)


def rollback(session: Session) -> None:
    """Undo everything, and forget what waited for the commit."""
    session.info.pop(_AFTER_COMMIT, None)
    session.rollback()


def _prepare_sqlite(engine: Engine) -> None:
    """WAL and foreign keys on each connection; we begin transactions, not the driver."""

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "foreign_keys=ON",
            f"busy_timeout={BUSY_S * 1000}",
            f"synchronous={LASTING}",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", True)
        driver: Any = connection.connection.driver_connection
        if driver.in_transaction:  # its unit of work has begun it
            return
        begin = "BEGIN IMMEDIATE" if writes else "BEGIN DEFERRED"
        dbapi = connection.dialect.loaded_dbapi
        try:
            driver.execute(begin)
        except dbapi.Error as error:  # SQLAlchemy tells what statements meet, and not this
            raise DBAPIError.instance(
                begin,
                None,
                error,
                dbapi.Error,
                hide_parameters=True,
                dialect=connection.dialect,
            ) from error


def _nobody(_about: str = "", _at_least: int = 1) -> None:
    """No worker to wake: the sweep will find what is due."""


class _Work:
    """A unit of work from its beginning to its end."""

    __slots__ = ("_keeps", "_unit")

    def __init__(self, unit: Unit, *, keeps: bool) -> None:
        """:param keeps: what was done is committed, unless there is an error."""
        self._unit, self._keeps = unit, keeps

    def __enter__(self) -> Session:
        return self._unit

    def __exit__(self, kind: type[BaseException] | None, *_about: object) -> None:
        try:
            if self._keeps and kind is None:
                commit(self._unit)
        finally:
            self._unit.close()  # what is not kept by now is undone


class Database:
    """One engine and the two kinds of session made from it."""

    def __init__(self, url: str, *, named: str = addresses.SETTING, **engine_options: Any) -> None:
        """:param url: `sqlite:///file` or `postgresql://…` (psycopg 3).
        :param named: where people put the address, to be named where it is wrong.
        :raises Unusable: the address cannot be used; whether it answers shows when it is asked.
        """
        address = addresses.read_address(url, named)
        with addresses.refusing(named):
            if address.get_backend_name() == "postgresql":
                address = address.set(drivername=libpq().DIALECT)
                given = engine_options.get("connect_args", {})
                waits = addresses.wait_to_connect(url)
                engine_options["connect_args"] = {**waits, **given, **_KEEPS_READY}
            self.engine = create_engine(
                address,
                hide_parameters=True,  # what people typed never stands in an error or a log
                **engine_options,
            )
        self.place = str(self.engine.url)
        """Where it is, without its password: what a process remembers of a database hangs on it."""
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        if self.is_sqlite:
            _prepare_sqlite(self.engine)
        self.resting = Resting(self.engine, asks=not self.is_sqlite)
        self.wake: Callable[..., None] = _nobody
        """Tells a worker that something is due; set once the queue is known."""
        self.turn = threading.Lock()
        """Held by whoever of this process writes; on SQLite only."""
        self.listeners: list[Callable[[str], None]] = []
        """Told each prebuilt statement; SQLAlchemy's events tell all others."""
        self._reading = self.engine.execution_options(writes=False)
        self._prepared: dict[Any, Prepared] = {}

    def new_session(self, *, writes: bool) -> Unit:
        """A session its caller must finish; prefer `read()` and `write()`."""
        return Unit(self, self.engine if writes else self._reading, writes=writes)

    def prepared(self, statement: Any, values: Mapping[str, Any]) -> Prepared:
        """A statement that was built once, as this database is told it.

        :param statement: lives as long as the process: made as its module was read, or cached.
        """
        key = (statement, *values) if isinstance(statement, UpdateBase) else statement
        found = self._prepared.get(key)
        if found is None:
            found = self._prepared[key] = Prepared(statement, self.engine.dialect, values)
        return found

    def do(self, statement: Executable, **values: Any) -> Rows:
        """Run one statement that was built once and is a whole unit of work: it commits by itself,
        which saves asking the database to begin and to end.

        :raises sqlalchemy.exc.DBAPIError: it was not done.
        """
        unit = Unit(self, self.engine, writes=True, at_once=True)
        try:
            return unit.ask(statement, values)
        finally:
            unit.close()

    def write(self) -> AbstractContextManager[Session]:
        """A unit of work that commits at its end and undoes everything on an error."""
        return _Work(self.new_session(writes=True), keeps=True)

    def rehearsal(self) -> AbstractContextManager[Session]:
        """A unit of work that is undone at its end: to show what it would do."""
        return _Work(self.new_session(writes=True), keeps=False)

    def read(self) -> AbstractContextManager[Session]:
        """A unit of work that only reads; whatever it might have written is undone."""
        return _Work(self.new_session(writes=False), keeps=False)
