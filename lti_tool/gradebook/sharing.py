"""How worker processes share the lanes of one platform: who holds most gives one up at times.

A lane takes its next marks under the lease it has, so the process that came first would keep
every place for as long as there is work. So a process that holds more than half of the places
lets one of its lanes end now and then, and does not open it again for a moment, in which another
process may. Where none does, it asks less and less often.
"""

import threading
import time
from dataclasses import dataclass

_FIRST_S, _LONGEST_S = 0.8, 30.0
_REST_S = 0.25
Place = tuple[str, int]
"""A database and a registration in it."""


@dataclass
class _Share:
    lanes: int = 0
    next_offer: float = 0.0
    pause_s: float = _FIRST_S
    rests_until: float = 0.0


class Sharing:
    """What this process holds of each registration's places."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._shares: dict[Place, _Share] = {}

    def begin(self, place: Place) -> None:
        """One more lane of this process."""
        with self._lock:
            share = self._shares.setdefault(place, _Share())
            if share.lanes == 0:
                share.pause_s, share.rests_until = _FIRST_S, 0.0
                share.next_offer = time.monotonic() + _FIRST_S
            share.lanes += 1

    def end(self, place: Place) -> None:
        """One lane less."""
        with self._lock:
            self._shares[place].lanes -= 1

    def holds(self, place: Place) -> bool:
        """Whether this process has a lane there."""
        share = self._shares.get(place)
        return share is not None and share.lanes > 0

    def rests(self, place: Place) -> bool:
        """Whether this process leaves a place to others just now."""
        share = self._shares.get(place)
        return share is not None and time.monotonic() < share.rests_until

    def gives_up(self, place: Place, places: int) -> bool:
        """Whether one lane of this process should end now, so that others get a place.

        :param places: how many the registration has in all.
        """
        with self._lock:
            share, now = self._shares.get(place), time.monotonic()
            if share is None or share.lanes < 2 or share.lanes * 2 <= places:
                return False
            if now < share.next_offer:
                return False
            share.pause_s = min(share.pause_s * 2, _LONGEST_S)
            share.next_offer, share.rests_until = now + share.pause_s, now + _REST_S
            return True
