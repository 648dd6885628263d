"""The queue that wakes workers: Huey on a SQLite file or on PostgreSQL.

It carries one message, "something is due", without content. Losing it loses nothing: the sweep
each minute and the start of any worker find what is due in the tables themselves.
"""

import time
from collections.abc import Callable
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

from huey import Huey, PostgresHuey, SqliteHuey, crontab
from sqlalchemy.orm import Session

from lti_tool.core.errors import Unusable
from lti_tool.db import after_commit
from lti_tool.web.logs import log


def _open(url: str) -> Huey:
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return SqliteHuey(
            "lti_tool",
            filename=parts.path.removeprefix("/") if parts.path.startswith("//") else parts.path,
            results=False,
            timeout=5,
        )
    if parts.scheme.startswith("postgresql"):
        return PostgresHuey("lti_tool", dsn=url, results=False)
    raise Unusable("LTI_TOOL_QUEUE_URL must begin with sqlite:/// or postgresql://.")


Work = Callable[[Callable[[], bool]], float | None]
"""A few steps of what a worker does. Told how to ask whether the process is ending. Returns 0
to be called again at once, else seconds until something falls due, or None."""


def _never() -> bool:
    return False


class Queue:
    """The queue of one process: a web process wakes, a worker works."""

    def __init__(self, url: str, work: Work | None = None) -> None:
        """:param work: what a worker does when woken; left out in web processes.

        :raises Unusable: the queue cannot be reached."""
        try:
            self.huey = _open(url)
        except Unusable:
            raise
        except Exception as error:
            raise Unusable(
                f"The queue could not be used ({type(error).__name__}). Check LTI_TOOL_QUEUE_URL, "
                "and that its server runs."
            ) from error
        self._work = work
        self._scheduled_for: float | None = None
        self._lock = Lock()
        self.is_ending: Callable[[], bool] = _never
        """Whether this process was told to end; work stops between two steps."""
        self._task: Any = self.huey.task(name="drain")(self._drain)
        self.huey.periodic_task(crontab(minute="*"), name="sweep")(self._sweep)

    def _drain(self) -> None:
        if self._work is None:
            return
        seconds = self._work(self.is_ending)
        while seconds == 0 and not self.is_ending():
            seconds = self._work(self.is_ending)
        if seconds is not None:
            self._wake_in(seconds)

    def _wake_in(self, seconds: float) -> None:
        """Wake again later, unless this process has asked for an earlier wake-up already: else
        each wake-up would bring forth another, and they would grow in number for ever."""
        now = time.monotonic()
        with self._lock:
            if self._scheduled_for is not None and now < self._scheduled_for <= now + seconds:
                return
            self._scheduled_for = now + seconds
        self._task.schedule(delay=seconds)

    def _sweep(self) -> None:
        self._drain()

    def count_waiting(self) -> int | None:
        """How many wake-ups wait; None where the queue is out of order."""
        try:
            return int(self._on_a_fresh_connection(self.huey.pending_count))
        except Exception:
            return None

    def wake(self) -> None:
        """Tell a worker, if one is there. A queue out of order delays work, and loses none."""
        try:
            self._on_a_fresh_connection(self._task)
        except Exception as error:
            log.warning("queue out of order", kind=type(error).__name__)

    def _on_a_fresh_connection(self, act: Callable[[], Any]) -> Any:
        """Once more where it fails: the connection kept may be from before an outage."""
        try:
            return act()
        except Exception:
            self.huey.storage.close()
            return act()


def wake(session: Session) -> None:
    """Wake a worker once this session's transaction is committed."""
    after_commit(session, session.info["database"].wake)
