"""What a platform's answer means for a delivery: it landed, it waits, or a person is asked.

Told apart by what Moodle and others really answer. Pauses grow and are jittered; for the first
hour they stay under 20 s, so that a mark arrives soon after a platform's return.
"""

import random
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from lti_tool.core import clock
from lti_tool.lti.calls import Answer
from lti_tool.lti.errors import ServiceFailed
from lti_tool.settings import Settings

LANDED, WAIT, ASK = "landed", "wait", "ask"
CONFLICT = "conflict"
FIRST_HOUR = timedelta(hours=1)
LONGEST_EARLY_PAUSE_S = 20.0
LONGEST_FAILING = timedelta(days=1)
"""How long a mark is tried that fails by itself, while the platform is there: then a person must
look, or nobody would know."""
ASKED_TO_WAIT = "asked_to_wait"
TROUBLE = frozenset({"busy", ASKED_TO_WAIT, "timeout", "unreachable", "certificate_untrusted"})
"""Reasons that lie with the whole platform, so that its other deliveries wait too."""
UNCERTAIN = frozenset(
    {
        "timeout",
        "unreachable",
        "answer_unreadable",
        "answer_too_long",
        "results_unreadable",
        "our_fault",
    }
)
"""Reasons after which a score may stand in the gradebook, though nobody said so."""
_OVERLOADED = frozenset({408, 429, 502, 503, 504})
_FAILURES_BEFORE_LOCKED = 3
_STAYS = {"server_error": "server_error_stays", "our_fault": "our_fault_stays"}
"""Reasons that lie with one mark, and what each is called once it has lasted too long."""
_WAITS = TROUBLE | {
    "server_error",
    "answer_unreadable",
    "answer_too_long",
    "results_unreadable",
    "columns_unreadable",
    "column_being_found",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What comes of one try."""

    kind: str
    reason: str | None = None
    http_status: int | None = None
    wait_s: float | None = None
    """Seconds the platform asked us to wait; never less than the growing pause."""
    bump_to: datetime | None = None
    """A later timestamp to send with, where ours was not newer than our own last."""

    @property
    def tells_of_platform(self) -> bool:
        """Whether the try shows that the platform is there, or that it is in trouble."""
        return self.http_status is not None or self.reason in TROUBLE


def time_for_a_try(settings: Settings) -> float:
    """Seconds that all calls of one try have together: token, column, score, result."""
    return 3 * settings.platform_timeout_s


def longest_try(settings: Settings) -> timedelta:
    """After which a try has ended, one way or another; leases are longer."""
    return timedelta(seconds=time_for_a_try(settings) + settings.platform_timeout_s)


def _later(status: int, retry_after: float | None) -> Verdict:
    """Wait: for the whole platform where it is overloaded, else for this score only."""
    if status not in _OVERLOADED:
        return Verdict(WAIT, "server_error", status, retry_after)
    return Verdict(WAIT, ASKED_TO_WAIT if retry_after else "busy", status, retry_after)


def of_answer(answer: Answer, failed_before: int) -> Verdict:
    """The verdict on the answer to a posted score.

    :param failed_before: how often the platform answered 500 to this very score.
    """
    status = answer.status
    if 200 <= status < 300:
        if answer.is_html:  # a sign-in or notice page: no platform takes a score with one
            return Verdict(WAIT, "answer_unreadable", status)
        return Verdict(LANDED, None, status)
    if status == 409:
        return Verdict(CONFLICT, None, status)
    is_empty_list = answer.body.strip() == b"[]"
    if status == 500 and is_empty_list and failed_before + 1 >= _FAILURES_BEFORE_LOCKED:
        return Verdict(ASK, "locked", status)
    if status >= 500 or status in _OVERLOADED:
        return _later(status, answer.retry_after)
    reason = {
        400: "not_enrolled",
        401: "not_allowed",
        403: "not_allowed",
        404: "column_gone",
        410: "column_gone",
    }.get(status, "refused")
    return Verdict(ASK, reason, status)


def of_failure(failure: ServiceFailed) -> Verdict:
    """The verdict on a call that gave no answer to judge, or on a step before the score."""
    status = failure.status
    if status is not None and (status >= 500 or status in _OVERLOADED):
        return _later(status, failure.retry_after)
    if failure.reason in ("results_unreadable", "columns_unreadable") and status is not None:
        if 400 <= status < 500:
            return Verdict(ASK, "column_gone" if status == 404 else "not_allowed", status)
    if failure.reason in _WAITS:
        return Verdict(WAIT, failure.reason, status, failure.retry_after)
    return Verdict(ASK, failure.reason, status)


def of_long_failing(verdict: Verdict, first_tried_at: datetime | None) -> Verdict:
    """The verdict on one more try of a mark: to wait no more, where it has failed for too long."""
    if verdict.kind != WAIT or verdict.reason not in _STAYS or first_tried_at is None:
        return verdict
    if clock.now() - first_tried_at < LONGEST_FAILING:
        return verdict
    return replace(verdict, kind=ASK, reason=_STAYS[verdict.reason])


def will_wait(failure: ServiceFailed) -> bool:
    """Whether trying again by itself may help."""
    return of_failure(failure).kind == WAIT or failure.reason == "our_fault"


def pause(tries: int, waiting_since: timedelta) -> float:
    """Seconds until the next try: growing from half a second, fully jittered in its upper half.

    :param tries: tries so far, at least 1.
    :param waiting_since: how long ago the first try was.
    """
    longest = LONGEST_EARLY_PAUSE_S if waiting_since < FIRST_HOUR else 600.0
    pause_s = min(longest, 0.5 * 2.0 ** min(tries, 12))
    return pause_s * (0.5 + 0.5 * random.random())
