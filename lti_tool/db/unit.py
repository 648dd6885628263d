"""A unit of work: SQLAlchemy's session, with a short way for statements that are built once.

Both ways share one connection and one transaction. The short way (`ask`) takes the driver's
connection as it is: a unit that reads asks each question by itself, without a transaction around
them; one that writes begins its transaction with the first question. The session joins the same
connection when it is asked something that only it can do.
"""

import time
from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from threading import Lock
from types import ModuleType
from typing import Any, Protocol

from sqlalchemy import Engine
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError, StatementError
from sqlalchemy.orm import Session, SessionTransaction
from sqlalchemy.pool import PoolProxiedConnection

from lti_tool.db.prepared import Prepared, Rows, Text
from lti_tool.db.resting import Resting

BUSY_S = 15
"""How long a write waits for others to end, on SQLite: those of its process, then others."""
_NOTICEABLE_S = 0.5
LASTING = "FULL"
"""SQLite waits for the disk at every commit."""
_READY = "ready"


@cache
def libpq() -> ModuleType:
    """What asks PostgreSQL: it is there where its driver is."""
    return import_module("lti_tool.db.libpq")


class _Database(Protocol):
    """What a unit needs of the `Database` that makes it."""

    is_sqlite: bool
    turn: Lock
    resting: Resting
    listeners: list[Callable[[str], None]]

    def prepared(self, statement: Any, values: Mapping[str, Any]) -> Prepared:
        """A statement as this database is told it."""


class WritesInReading(TypeError):
    """A unit that only reads was given a statement that writes: a mistake of ours."""


class Unit(Session):
    """A session that its caller must finish; made by `Database`.

    SQLAlchemy's part of it is set up when something is asked that only it can do: most of what a
    launch asks goes the short way alone.
    """

    _is_session = False

    def __init__(
        self, database: _Database, engine: Engine, *, writes: bool, at_once: bool = False
    ) -> None:
        """:param at_once: each statement commits by itself, without a transaction around it."""
        self.database = database
        self._engine = engine
        self._writes = writes
        self._is_alone = at_once or not writes
        self._has_turn = False
        self._changed: dict[str, int | str] = {}
        self._pooled: PoolProxiedConnection | None = None
        self._driver: Any = None
        self._joined: Connection | None = None
        self._known: dict[Any, Rows] = {}

    def __getattr__(self, name: str) -> Any:
        """What only the session has: it is set up now, once.

        :raises AttributeError: it has no such thing.
        """
        if self._is_session:
            raise AttributeError(name)
        self._is_session = True
        super().__init__(expire_on_commit=False, autoflush=self._writes)
        return getattr(self, name)

    # -- the short way --------------------------------------------------------------------

    def ask(self, statement: Any, values: dict[str, Any]) -> Rows:
        """Run a statement that was built once.

        :raises WritesInReading: it writes, and this unit only reads.
        :raises sqlalchemy.exc.DBAPIError: as the session would.
        """
        if self._is_session and self.autoflush and (self.new or self.dirty or self.deleted):
            self.flush()
        prepared = self.database.prepared(statement, values)
        text = prepared.text(values)
        if prepared.writes and not self._writes:
            raise WritesInReading(text.sql)
        driver = self._driver or self._begin()
        if not prepared.lasts:
            self._hurry()
        for hear in self.database.listeners:
            hear(text.sql)
        parameters = text.parameters(values)
        try:
            return text.rows(self._execute(driver, text, parameters))
        except self._engine.dialect.loaded_dbapi.Error as error:
            raise self._told(error, text.sql) from error

    def _execute(self, driver: Any, text: Text, parameters: Any) -> Any:
        """Have the driver run a statement: what its rows are read from."""
        if self.database.is_sqlite:
            return driver.execute(text.sql, parameters)
        kept = self._pooled.info  # type: ignore[union-attr]  # it is taken
        if _READY not in kept:
            kept[_READY] = libpq().Ready(driver)
        return libpq().ask(driver, kept[_READY], text.numbered, parameters)

    def _hurry(self) -> None:
        """What is asked next need not outlast a power failure: nobody waits for the disk.
        PostgreSQL reads that in the statement.

        :raises TypeError: it is one of several that are kept together.
        """
        if not self._is_alone:
            raise TypeError("What need not last commits by itself: use `Database.do`.")
        if self.database.is_sqlite:
            self._change("synchronous", "NORMAL", usual=LASTING)

    def _change(self, name: str, value: int | str, usual: int | str) -> None:
        """Another setting of SQLite's, for this unit alone."""
        self._driver.execute(f"PRAGMA {name}={value}")
        self._changed[name] = usual

    def ask_once(self, statement: Any, values: dict[str, Any]) -> Rows:
        """As `ask`; a unit that only reads remembers the answer, until its end.

        :param values: can be keys of a dictionary.
        """
        if self._writes:
            return self.ask(statement, values)
        key = (statement, *values.values())
        if key not in self._known:
            self._known[key] = self.ask(statement, values)
        return self._known[key]

    @property
    def remembers(self) -> bool:
        """Whether what is asked once is known until the end."""
        return not self._writes

    def know(self, statement: Any, values: dict[str, Any], rows: Rows) -> None:
        """What `ask_once` is to answer, where this unit remembers."""
        if self.remembers:
            self._known[(statement, *values.values())] = rows

    def _take(self) -> Any:
        try:
            self._pooled = self.database.resting.take()
        except self._engine.dialect.loaded_dbapi.Error as error:  # nobody is there
            raise self._told(error) from error
        self._driver = self._pooled.driver_connection
        return self._driver

    def _begin(self) -> Any:
        """Take a connection: with a transaction, or to ask each question by itself."""
        if self.database.is_sqlite and self._writes:
            return self._begin_in_turn()
        driver = self._take()
        if not self.database.is_sqlite and not self._is_alone:
            self._try(libpq().tell, driver, b"BEGIN")
        return driver

    def _begin_in_turn(self) -> Any:
        """SQLite lets one write at a time, and whoever waits sleeps for up to a tenth of a second
        between two looks. Within a process the next is let in at once; only processes meet there.
        """
        until = time.monotonic() + BUSY_S
        self._has_turn = self.database.turn.acquire(timeout=BUSY_S)
        if not self._has_turn:
            locked = self._engine.dialect.loaded_dbapi.OperationalError("database is locked")
            raise self._told(locked)
        try:
            driver = self._take()
            left_s = until - time.monotonic()
            if left_s < BUSY_S - _NOTICEABLE_S:
                self._change("busy_timeout", max(int(left_s * 1000), 0), usual=BUSY_S * 1000)
            if not self._is_alone:
                self._try(driver.execute, "BEGIN IMMEDIATE")
        except BaseException:
            self._end_turn()
            raise
        return driver

    def _end_turn(self) -> None:
        if self._has_turn:
            self._has_turn = False
            self.database.turn.release()

    def _try(self, act: Any, *values: Any) -> None:
        try:
            act(*values)
        except self._engine.dialect.loaded_dbapi.Error as error:
            told = self._told(error)
            self._give_back()
            raise told from error

    def _told(self, error: Exception, statement: str = "") -> StatementError:
        """A driver's error as SQLAlchemy tells it. Where the server is gone, so are the other
        connections to it."""
        dialect = self._engine.dialect
        is_gone = dialect.is_disconnect(error, self._pooled, None)  # type: ignore[arg-type]
        if is_gone and self._pooled is not None:
            self._pooled.invalidate(error)
            self._engine.dispose()
        return DBAPIError.instance(
            statement,
            None,
            error,
            dialect.loaded_dbapi.Error,
            hide_parameters=True,
            connection_invalidated=is_gone,
            dialect=dialect,
        )

    # -- SQLAlchemy's own way --------------------------------------------------------------

    def get_bind(self, *_given: Any, **_named: Any) -> Connection:
        """The session is about to use the database: it joins this unit's connection."""
        if self._joined is None:
            if self._driver is None and self._writes:
                self._begin()
            elif self._driver is None:
                self._take()
            self._joined = Connection(self._engine, connection=self._pooled)
        return self._joined

    def begin_nested(self) -> SessionTransaction:
        """A savepoint, made at once: what goes the short way would not have it made."""
        nested = super().begin_nested()
        self.connection()
        return nested

    # -- the end ---------------------------------------------------------------------------

    def commit(self) -> None:
        """Keep what was done, and give the connection back."""
        if self._is_session and self.in_transaction():
            super().commit()
        if self._driver is not None and self._writes:
            self._try(self._engine.dialect.do_commit, self._driver)  # unless the session did it
        self._give_back()

    def rollback(self) -> None:
        """Undo what was done, and give the connection back."""
        if self._is_session and self.in_transaction():
            super().rollback()
        self._give_back()

    def close(self) -> None:
        """Give everything back; what was not committed is undone."""
        try:
            self._close_session()
        finally:
            self._give_back()

    def _close_session(self) -> None:
        """A transaction whose commit failed is none to `close`, which leaves it open: it is undone
        first."""
        if not self._is_session:
            return
        try:
            if self.in_transaction():
                super().rollback()
        finally:
            if self.identity_map or self.in_transaction():
                super().close()

    def _is_idle(self, driver: Any) -> bool:
        """Whether nothing is begun on a connection."""
        if self.database.is_sqlite:
            return not driver.in_transaction
        return bool(libpq().is_idle(driver))

    def _give_back(self) -> None:
        self._known.clear()
        pooled, joined = self._pooled, self._joined
        if pooled is None:
            return
        if pooled.is_valid:
            for name, usual in self._changed.items():
                self._driver.execute(f"PRAGMA {name}={usual}")
        self._changed.clear()
        driver, self._pooled = self._driver, None
        self._driver = self._joined = None
        try:
            if joined is not None:
                joined.close()
            elif self._is_idle(driver):
                self.database.resting.rest(pooled)
            else:
                pooled.close()  # which undoes what was begun
        finally:
            self._end_turn()
