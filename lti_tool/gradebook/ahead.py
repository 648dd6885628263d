"""Step 6 of a grade, before any claim: which platforms have marks due, and when the next will be.

One query, since every wake-up asks it, however often nothing is due.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lti_tool.core import clock
from lti_tool.db import Database
from lti_tool.gradebook import lanes
from lti_tool.gradebook.models import Delivery
from lti_tool.jobs.leasing import LONGEST_PAUSE, bring_back

_SHORTEST_SLEEP_S = 0.2


@dataclass(frozen=True, slots=True)
class Ahead:
    """What is to be done."""

    due: Sequence[int]
    """Registrations with marks to send now, the one that waits longest first."""
    next_at: datetime | None
    """When the first mark of any can be sent; None where none waits."""

    @property
    def seconds(self) -> float | None:
        """Until then."""
        if self.next_at is None:
            return None
        return max((self.next_at - clock.now()).total_seconds(), _SHORTEST_SLEEP_S)


def look_ahead(database: Database) -> Ahead:
    """What waits now. What a wrong clock put off by hours is brought back first."""
    with database.read() as session:
        waiting = lanes.list_waiting(session)
    now = clock.now()
    if any(one.latest > now + LONGEST_PAUSE for one in waiting):
        bring_back(database, Delivery, lanes.OPEN)
        return look_ahead(database)
    return Ahead(
        [one.registration_id for one in waiting if one.ready_at <= now],
        waiting[0].ready_at if waiting else None,
    )
