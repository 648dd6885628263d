"""Connections between two units of work.

The pool's way from one unit to the next is long for what it does, and it gives out the connection
that has rested longest. The next unit takes the one that was used last: it is warm on both sides,
and most of the time it is the only one.
"""

import os
import time
from collections import deque
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

_MOST = 4
"""Any more go back into the pool."""
_NO_REST_S = 1.0
_RESTS_SINCE = "rests_since"


class Resting:
    """The connections of one engine that wait for the next unit of work."""

    def __init__(self, engine: Engine, *, asks: bool) -> None:
        """:param asks: before one is used again after a rest, ask whether the server is still
        there. One that answered a moment ago need not be asked.
        """
        self._engine, self._asks = engine, asks
        self._held: deque[tuple[PoolProxiedConnection, float]] = deque()
        self._process = os.getpid()
        event.listen(engine, "engine_disposed", self._let_go)
        if asks:
            event.listen(engine, "checkin", self._on_checkin)
            event.listen(engine, "checkout", self._on_checkout)

    def __len__(self) -> int:
        return len(self._held)

    def take(self) -> PoolProxiedConnection:
        """The one that was used last, or one of the pool.

        :raises Exception: the driver's own, where nobody is there.
        """
        try:
            pooled, since = self._held.pop()
        except IndexError:
            return self._engine.raw_connection()
        try:
            self._ask_after_a_rest(pooled.dbapi_connection, since)
        except self._engine.dialect.loaded_dbapi.Error:
            pooled.invalidate()
            self._let_go(self._engine)  # those beside it are as old
            return self._engine.raw_connection()
        return pooled

    def _ask_after_a_rest(self, connection: Any, since: float | None) -> None:
        """:raises Exception: the driver's own: the server is not there any more."""
        if self._asks and since is not None and time.monotonic() - since >= _NO_REST_S:
            self._engine.dialect.do_ping(connection)

    def rest(self, pooled: PoolProxiedConnection) -> None:
        """A unit of work needs it no more, and nothing is begun on it."""
        if len(self._held) < _MOST and pooled.is_valid:
            self._process = os.getpid()
            self._held.append((pooled, time.monotonic()))
        else:
            pooled.close()

    def _let_go(self, _engine: Engine) -> None:
        """The engine's connections are closed: by `dispose`, or because the server is gone. Those
        that came through a fork are the other process's to close."""
        while self._held:
            pooled, _ = self._held.pop()
            if self._process == os.getpid():
                pooled.invalidate()

    @staticmethod
    def _on_checkin(_connection: Any, record: ConnectionPoolEntry) -> None:
        record.info[_RESTS_SINCE] = time.monotonic()

    def _on_checkout(self, connection: Any, record: ConnectionPoolEntry, _proxy: Any) -> None:
        try:
            self._ask_after_a_rest(connection, record.info.get(_RESTS_SINCE))
        except self._engine.dialect.loaded_dbapi.Error as error:
            raise InvalidatePoolError from error  # those beside it are as old
