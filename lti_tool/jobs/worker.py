"""A worker process: Huey's consumer around one function that does what is due.

Several may run, on any machine. Ending one by SIGTERM, or by closing its terminal, lets the step
in hand finish and begins no other; killing one loses nothing, since its leases run out.
"""

import logging
import signal
import time
from typing import Any

from huey.consumer import Consumer, Scheduler
from sqlalchemy.exc import SQLAlchemyError

from lti_tool.core.hanging_up import is_kept_on
from lti_tool.jobs.queue import Queue
from lti_tool.web.logs import LineHandler, log, take_over

_TOLD_EACH_S = 60
_OF_QUEUE = ("Error reading", "Error enqueueing")
"""What Huey calls it when its queue cannot be used."""
_THREADS = 3
"""While one waits for a slow platform, the others serve the rest."""


class _OncePerMinute(LineHandler):
    """Huey looks into its queue several times a second, and tells of each look that failed. Where
    queue or database are away, one line a minute says so; what nobody foresaw is told whole."""

    def __init__(self) -> None:
        super().__init__()
        self._told_at: dict[str, float] = {}

    def emit(self, record: logging.LogRecord) -> None:
        """Write it, if it is new."""
        error = record.exc_info[1] if record.exc_info else None
        of_queue = record.getMessage().startswith(_OF_QUEUE)
        if error is None or not (of_queue or isinstance(error, SQLAlchemyError)):
            super().emit(record)
            return
        event = "queue out of order" if of_queue else "database out of reach"
        now = time.monotonic()
        if now >= self._told_at.get(event, now - _TOLD_EACH_S) + _TOLD_EACH_S:
            self._told_at[event] = now
            log.warning(event, kind=type(error).__name__)


def _scheduler_of(queue: Queue) -> type[Scheduler]:
    """Huey's own would only try to put each minute's sweep into the queue."""

    class Sweeping(Scheduler):  # type: ignore[misc]  # Huey has no types
        def enqueue_periodic_tasks(self, _now: Any) -> None:
            queue.sweep()

    return Sweeping


def run(queue: Queue) -> None:
    """Work until told to end. Looks for due work at once, then whenever woken or swept."""
    take_over("huey", _OncePerMinute())
    queue.wake()
    consumer_class = type("Sweeper", (Consumer,), {"scheduler_class": _scheduler_of(queue)})
    consumer = consumer_class(
        queue.huey,
        workers=_THREADS,
        periodic=True,
        initial_delay=0.05,
        backoff=1.2,
        max_delay=0.4,
        scheduler_interval=1,
        worker_type="thread",
        graceful_signal="TERM",
    )
    consumer._signal_actions[signal.SIGHUP] = consumer._signal_actions[signal.SIGTERM]
    if is_kept_on():
        del consumer._signal_actions[signal.SIGHUP]
    queue.is_ending = consumer.stop_flag.is_set
    consumer.run()
