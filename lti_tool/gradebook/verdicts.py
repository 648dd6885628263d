"""What a platform's answer means for a delivery: it landed, it waits, or a person is asked.

Told apart by what Moodle and others really answer. Pauses grow and are jittered; for the first
hour they stay under 20 s, so that a mark arrives soon after a platform's return.
"""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from lti_tool.lti.calls import Answer
from lti_tool.lti.errors import ServiceFailed

LANDED, WAIT, ASK = "landed", "wait", "ask"
CONFLICT = "conflict"
_FIRST_HOUR = timedelta(hours=1)
_TRIES_BEFORE_LOCKED = 3
_WAITS = {
    "busy",
    "timeout",
    "unreachable",
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
    """Seconds the platform, or we, want to wait; else the growing pause."""
    bump_to: datetime | None = None
    """A later timestamp to send with, where ours was not newer than our own last."""


def of_answer(answer: Answer, tries: int) -> Verdict:
    """The verdict on the answer to a posted score.

    :param tries: how often this delivery has been claimed, this try counted.
    """
    status = answer.status
    if 200 <= status < 300:
        return Verdict(LANDED, None, status)
    if status == 409:
        return Verdict(CONFLICT, None, status)
    if status == 429 or status == 408:
        return Verdict(WAIT, "busy", status, answer.retry_after)
    if status == 500 and answer.body.strip() == b"[]" and tries >= _TRIES_BEFORE_LOCKED:
        return Verdict(ASK, "locked", status)
    if status >= 500:
        return Verdict(WAIT, "busy", status, answer.retry_after)
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
    if status is not None and (status == 429 or status >= 500):
        return Verdict(WAIT, "busy", status, failure.retry_after)
    if failure.reason in _WAITS and not (status is not None and 400 <= status < 500):
        return Verdict(WAIT, failure.reason, status, failure.retry_after)
    if failure.reason in ("results_unreadable", "columns_unreadable"):
        return Verdict(ASK, "column_gone" if status == 404 else "not_allowed", status)
    return Verdict(ASK, failure.reason, status)


def pause(tries: int, waiting_since: timedelta) -> float:
    """Seconds until the next try: growing from half a second, fully jittered in its upper half.

    :param tries: tries so far, at least 1.
    :param waiting_since: how long ago the first try was.
    """
    longest = 20.0 if waiting_since < _FIRST_HOUR else 600.0
    pause_s = min(longest, 0.5 * 2.0 ** min(tries, 12))
    return pause_s * (0.5 + 0.5 * random.random())
