"""The queue that wakes workers: Huey on a SQLite file or on PostgreSQL.

It carries one message, "something is due", and at most of which kind, so that a worker need not
look for every other kind too. Losing it loses nothing: the sweep each minute and the start of any
worker find what is due in the tables themselves.
"""

import time
from collections.abc import Callable, Sequence
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

from huey import Huey
from huey.exceptions import ConfigurationError
from huey.storage import PostgresStorage, SqliteStorage
from sqlalchemy.orm import Session

from lti_tool.core.errors import Unusable
from lti_tool.db import after_commit
from lti_tool.db.addresses import wait_to_connect
from lti_tool.db.statements import database_of
from lti_tool.web.logs import log


class _MadeWhenUsed:
    """What makes its tables with its connection, and so neither reaches for the server nor writes
    into its database before the first wake-up."""

    ddl: Sequence[str]

    def _create_connection(self) -> Any:
        connection = super()._create_connection()  # type: ignore[misc]  # of Huey's storage
        for statement in self.ddl:
            connection.execute(statement)
        return connection


class _SqliteStorage(_MadeWhenUsed, SqliteStorage):  # type: ignore[misc]  # Huey has no types
    pass


class _PostgresStorage(_MadeWhenUsed, PostgresStorage):  # type: ignore[misc]
    pass


def _prepare(url: str) -> Huey:
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return Huey(
            "lti_tool",
            storage_class=_SqliteStorage,
            filename=parts.path.removeprefix("/") if parts.path.startswith("//") else parts.path,
            results=False,
            timeout=5,
            create_tables=False,
        )
    if not parts.scheme.startswith("postgresql"):
        raise Unusable("LTI_TOOL_QUEUE_URL must begin with sqlite:/// or postgresql://.")
    try:
        return Huey(
            "lti_tool",
            storage_class=_PostgresStorage,
            dsn=url,
            results=False,
            create_tables=False,
            **wait_to_connect(url),
        )
    except ConfigurationError:
        raise Unusable(
            "LTI_TOOL_QUEUE_URL names PostgreSQL, for which psycopg is missing. Run "
            "`make setup-postgres` once."
        ) from None


Work = Callable[[Callable[[], bool], str], float | None]
"""A few steps of what a worker does. Told how to ask whether the process is ending, and of which
kind of work a wake-up spoke. Returns 0 to be called again at once, else seconds until something
falls due, or None."""
EVERYTHING, SCORES, MAIL = "", "scores", "mail"
"""Kinds of work a wake-up may speak of."""
_LOOK_AT_MOST = 20


def _never() -> bool:
    return False


class Queue:
    """The queue of one process: a web process wakes, a worker works."""

    def __init__(self, url: str, work: Work | None = None) -> None:
        """:param work: what a worker does when woken; left out in web processes.

        :raises Unusable: the address is of no queue. Whether its server answers shows when it is
            used: one that does not only delays."""
        self.huey = _prepare(url)
        self._work = work
        self._scheduled_for: dict[str, float] = {}
        self._lock = Lock()
        self.is_ending: Callable[[], bool] = _never
        """Whether this process was told to end; work stops between two steps."""
        self._task: Any = self.huey.task(name="drain")(self._drain)

    def _drain(self, about: str = EVERYTHING) -> None:
        if self._work is None:
            return
        seconds = self._work(self.is_ending, about)
        while seconds == 0 and not self.is_ending():
            seconds = self._work(self.is_ending, about)
        if seconds is not None:
            self._wake_in(seconds, about)

    def _wake_in(self, seconds: float, about: str) -> None:
        """Wake again later, unless this process has asked for an earlier wake-up already: else
        each wake-up would bring forth another, and they would grow in number for ever."""
        now = time.monotonic()
        with self._lock:
            if now < self._scheduled_for.get(about, 0.0) <= now + seconds:
                return
            self._scheduled_for[about] = now + seconds
        self._task.schedule((about,), delay=seconds)

    def sweep(self) -> None:
        """Let a thread of this worker look for everything; where the queue is out of order, look
        here and now."""
        try:
            self._on_a_fresh_connection(lambda: self._fill_up(EVERYTHING, 1))
        except Exception:  # which the threads that read from it have told
            self._drain_without_the_queue()

    def _drain_without_the_queue(self) -> None:
        try:
            self._drain()
        except Exception as error:  # at its end it asks the queue, and the database may be away
            log.warning("sweep cut short", kind=type(error).__name__)

    def count_waiting(self) -> int | None:
        """How many wake-ups wait; None where the queue is out of order."""
        try:
            return int(self._on_a_fresh_connection(self.huey.pending_count))
        except Exception:
            return None

    def wake(self, about: str = EVERYTHING, at_least: int = 1) -> None:
        """See to it that a wake-up waits for a worker. A queue out of order delays work, and
        loses none.

        One that waits already will do: whoever takes it looks later than now, and so finds what
        was committed before this call.

        :param about: the kind of work it is about.
        :param at_least: how many are to wait, where several workers may help.
        """
        try:
            self._on_a_fresh_connection(lambda: self._fill_up(about, at_least))
        except Exception as error:
            log.warning("queue out of order", kind=type(error).__name__)

    def _fill_up(self, about: str, at_least: int) -> None:
        kinds = [task.args[0] if task.args else EVERYTHING for task in self._list_waiting()]
        for _ in range(at_least - sum(kind in (about, EVERYTHING) for kind in kinds)):
            self._task(about)

    def _list_waiting(self) -> list[Any]:
        waiting: list[Any] = self.huey.pending(_LOOK_AT_MOST)
        return waiting

    def _on_a_fresh_connection(self, act: Callable[[], Any]) -> Any:
        """Once more where it fails: the connection kept may be from before an outage."""
        try:
            return act()
        except Exception:
            self.huey.storage.close()
            return act()


def wake(session: Session, about: str = EVERYTHING) -> None:
    """Wake a worker once this session's transaction is committed.

    :param about: the kind of work that is due.
    """
    after_commit(session, database_of(session).wake, about)
