"""What a worker does now and then, in each process at most so often."""

from datetime import datetime, timedelta

from lti_tool.core import clock
from lti_tool.db.session import Database


class Rounds:
    """The rounds of one kind of work, counted for each database."""

    def __init__(self, every: timedelta) -> None:
        """:param every: from the beginning of one round to that of the next, at least."""
        self._every = every
        self._last: dict[str, datetime] = {}

    def begin(self, database: Database) -> bool:
        """Whether it is time for the next round, which begins now if so.

        One noted by a clock that was ahead does not keep the next waiting until it is caught up.
        """
        now, place = clock.now(), database.place
        last = self._last.get(place)
        if last is not None and timedelta(0) <= now - last < self._every:
            return False
        self._last[place] = now
        return True

    def forget(self) -> None:
        """As in a new process."""
        self._last.clear()
