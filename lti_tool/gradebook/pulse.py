"""What this process felt of a platform lately: whether it takes scores, fails at times, or is down,
and how many it takes in a row.

Only a memory, to tell one bad answer amid good ones from a platform that is down, to stop this
process's other lanes at once, and to claim no more than will be sent. What all workers must know
stands in the database.
"""

import time
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from lti_tool.db import Database
from lti_tool.gradebook.lanes import BATCH
from lti_tool.gradebook.verdicts import LANDED, TROUBLE, WAIT, Verdict

_IN_A_ROW = 3
_LATELY_S = 5.0


@dataclass
class Pulse:
    """One registration's platform, as felt by this process."""

    landed_at: float = float("-inf")
    failed_in_a_row: int = 0
    trouble_at: float = float("-inf")
    stint: int | None = None
    """How many a lane sent, the last time that trouble ended it; None where none has."""

    def feel(self, verdict: Verdict) -> Verdict:
        """Take note of a verdict, and see a busy answer for what it is: where scores land
        around it, only its own score waits, else the whole platform is in trouble."""
        if verdict.kind == LANDED:
            self.landed_at, self.failed_in_a_row = time.monotonic(), 0
        elif verdict.reason == "busy":
            self.failed_in_a_row += 1
            lands = time.monotonic() - self.landed_at < _LATELY_S
            if lands and self.failed_in_a_row < _IN_A_ROW:
                return Verdict(WAIT, "server_error", verdict.http_status, verdict.wait_s)
        if verdict.reason in TROUBLE:
            self.trouble_at = time.monotonic()
        return verdict

    def claims_next(self, sent: int) -> int:
        """How many marks a lane should claim at once, `BATCH` at the most.

        What a lane claimed and did not send is written twice for nothing. So a platform that lets
        so many through and then wants a pause is offered as many as the last time; beyond that
        one, two, four, as long as it goes on taking them.

        :param sent: how many the lane has sent since it was opened.
        """
        if self.stint is None:
            return BATCH
        left = self.stint - sent
        return min(BATCH, left if left > 0 else 1 - left)

    def lane_ended(self, sent: int, *, by_trouble: bool) -> None:
        """Remember how far a lane came."""
        if by_trouble:
            self.stint = max(sent, 1)
        elif self.stint is not None:
            self.stint = max(self.stint, sent)


_felt: WeakKeyDictionary[Database, dict[int, Pulse]] = WeakKeyDictionary()


def pulse_of(database: Database, registration_id: int) -> Pulse:
    """What this process feels of a registration's platform."""
    return _felt.setdefault(database, {}).setdefault(registration_id, Pulse())
