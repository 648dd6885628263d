"""The threads of a worker process that send. They are kept, and their connections with them."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

MOST_LANES = 48
"""Over all registrations; each thread mostly waits for an answer."""


class Pool:
    """So many threads, and how many of them are busy."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(MOST_LANES, thread_name_prefix="lane")
        self._lock = threading.Lock()
        self._busy = 0

    @property
    def free(self) -> int:
        """How many more lanes this process can run."""
        return MOST_LANES - self._busy

    def begin(self, run: Callable[[], None]) -> "Future[None]":
        """Run a lane in a thread of its own."""
        with self._lock:
            self._busy += 1
        running = self._threads.submit(run)
        running.add_done_callback(self._done)
        return running

    def _done(self, _running: "Future[None]") -> None:
        with self._lock:
            self._busy -= 1
