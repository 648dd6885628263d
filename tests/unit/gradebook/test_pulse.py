"""How many marks a lane claims, by how many its platform took before it wanted a pause."""

from lti_tool.gradebook.lanes import BATCH
from lti_tool.gradebook.pulse import Pulse


def _claims(pulse: Pulse, takes: int) -> list[int]:
    """What a lane claims, one batch after another, of a platform that takes so many and no more."""
    claims, sent = [], 0
    while sent < takes:
        claims.append(pulse.claims_next(sent))
        sent += claims[-1]
    pulse.lane_ended(min(sent, takes), by_trouble=sent > takes)
    return claims


def test_a_platform_that_never_wanted_a_pause_is_offered_whole_batches() -> None:
    pulse = Pulse()
    assert _claims(pulse, 3 * BATCH) == [BATCH] * 3
    assert pulse.stint is None


def test_one_that_did_is_offered_what_it_took_the_last_time() -> None:
    pulse = Pulse()
    pulse.lane_ended(5, by_trouble=True)
    assert _claims(pulse, 5) == [5]
    assert _claims(pulse, 6) == [5, 1]
    assert pulse.claims_next(0) == 6, "it took one more, and nothing went wrong"


def test_one_that_recovers_is_soon_offered_whole_batches_again() -> None:
    pulse = Pulse()
    pulse.lane_ended(0, by_trouble=True)
    assert pulse.claims_next(0) == 1, "one at least, or it would never be tried"
    assert _claims(pulse, 64) == [1, 1, 2, 4, 8, 16, BATCH, BATCH]
    assert pulse.stint == 64
    assert pulse.claims_next(0) == BATCH
