"""The connection that a unit of work holds, from its first question to its end.

With a transaction, or to ask each question by itself; on SQLite, where one write is let in at a
time, with its process's turn to write.
"""

import time
from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from threading import Lock
from types import ModuleType
from typing import Any, Protocol, cast

from sqlalchemy import Engine
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import PoolProxiedConnection

from lti_tool.db.prepared import Prepared
from lti_tool.db.resting import Resting

BUSY_S = 15
"""How long a write waits for others to end, on SQLite: those of its process, then others."""
_NOTICEABLE_S = 0.5


@cache
def libpq() -> ModuleType:
    """What asks PostgreSQL: it is there where its driver is."""
    return import_module("lti_tool.db.libpq")


class AnyDatabase(Protocol):
    """What a unit needs of the `Database` that makes it."""

    is_sqlite: bool
    turn: Lock
    resting: Resting
    listeners: list[Callable[[str], None]]

    def prepared(self, statement: Any, values: Mapping[str, Any]) -> Prepared:
        """A statement as this database is told it."""


class Hold:
    """One connection, taken when it is needed and always given back."""

    def __init__(
        self, database: AnyDatabase, engine: Engine, *, writes: bool, at_once: bool
    ) -> None:
        self.database = database
        self._engine = engine
        self._writes = writes
        self._is_alone = at_once or not writes
        self._has_turn = False
        self._changed: dict[str, int | str] = {}
        self._pooled: PoolProxiedConnection | None = None
        self._driver: Any = None
        self._joined: Connection | None = None

    def _change(self, name: str, value: int | str, usual: int | str) -> None:
        """Another setting of SQLite's, for this unit alone."""
        self._driver.execute(f"PRAGMA {name}={value}")
        self._changed[name] = usual

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
        if self.database.is_sqlite or self._is_alone:
            return driver
        try:
            self._try(libpq().tell, driver, b"BEGIN")
        except DBAPIError as told:
            if not told.connection_invalidated:
                raise
            driver = self._take()  # it broke while it rested: nothing was asked of it yet
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

    def _told(self, error: Exception, statement: str = "") -> DBAPIError:
        """A driver's error as SQLAlchemy tells it. Where the server is gone, so are the other
        connections to it."""
        dialect = self._engine.dialect
        is_gone = dialect.is_disconnect(error, self._pooled, None)  # type: ignore[arg-type]
        if is_gone and self._pooled is not None:
            self._pooled.invalidate(error)
            self._engine.dispose()
        told = DBAPIError.instance(
            statement,
            None,
            error,
            dialect.loaded_dbapi.Error,
            hide_parameters=True,
            connection_invalidated=is_gone,
            dialect=dialect,
        )
        return cast(DBAPIError, told)  # a driver's error is one

    def _is_idle(self, driver: Any) -> bool:
        """Whether nothing is begun on a connection."""
        if self.database.is_sqlite:
            return not driver.in_transaction
        return bool(libpq().is_idle(driver))

    def _give_back(self) -> None:
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
