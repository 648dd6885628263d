"""Which of a process's threads looks for requests and answers them.

Python runs one thread at a time. Threads that all have a request to answer hand the interpreter
to one another at every question to the database, which costs more than it gives. So one thread
at a time has the turn: it looks for a request, answers it, and looks again. Where a request holds
it up, because a platform or the database lets it wait, the next thread takes the turn over.
"""

import threading
import time

PATIENCE_S = 0.02
"""So long a request may take before another thread looks for the next one."""
_IDLE_LOOK_S = 0.1


class Turns:
    """The turn of one process, and who has it."""

    def __init__(self) -> None:
        self._held = threading.Lock()
        self._next = threading.Lock()
        """Whoever waits for the turn first; the others need not even look."""
        self._change = threading.Lock()
        self._number = 0
        self._began: float | None = None

    def take(self) -> int:
        """Wait for the turn: until it is passed on, or its holder is held up.

        :returns: its number, by which `end` knows whether it was taken over.
        """
        with self._next:
            while True:
                wait_s = _IDLE_LOOK_S if self._began is None else PATIENCE_S
                is_free = self._held.acquire(timeout=wait_s)
                with self._change:
                    if is_free or self._is_held_up():
                        self._number += 1
                        self._began = None
                        return self._number

    def _is_held_up(self) -> bool:
        return self._began is not None and time.monotonic() - self._began > PATIENCE_S

    def begin(self) -> None:
        """The holder has a request to answer."""
        self._began = time.monotonic()

    def end(self, number: int) -> bool:
        """A thread has answered its request: whether the turn is still its own."""
        with self._change:
            if number != self._number:
                return False
            self._began = None
            return True

    def pass_on(self, number: int) -> None:
        """A thread wants no more of the turn, if it is still its own."""
        if self.end(number):
            self._held.release()
