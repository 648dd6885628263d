"""What comes of holding a sent mark against what the gradebook shows: pure, with its words.

Codes are stable and stand in `shown_result.finding`; the words a tutor reads stand only here.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from lti_tool.core import clock
from lti_tool.gradebook.states import CANCELLED, DELIVERED, SUPERSEDED

AGREED, OVERRIDDEN, LOCKED, MISSING = "agreed", "overridden", "locked", "missing"
NEWER_ELSEWHERE, UNSENT = "newer_elsewhere", "unsent"
KEEP, SEND = "keep", "send"
DIFFERENCES = frozenset({OVERRIDDEN, LOCKED, MISSING, NEWER_ELSEWHERE})
"""Findings that a person decides about. `unsent` settles itself, or its mark asks already."""
_CLOSE_ENOUGH = Decimal("0.005")


@dataclass(frozen=True, slots=True)
class Sent:
    """What we hold of one person's mark in one column."""

    state: str
    reason: str | None
    given: Decimal
    maximum: Decimal
    scored_at: datetime
    was_delivered: bool
    clears: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """What the gradebook shows for them; no score where it shows none."""

    score: Decimal | None
    maximum: Decimal | None
    at: datetime | None


def on_scale(mark: Decimal, maximum: Decimal) -> Decimal:
    """A mark out of 100 as it is sent to a column of this maximum."""
    return (mark * maximum / 100).quantize(Decimal("0.01"), ROUND_HALF_UP)


def is_same_mark(shown: Shown, given: Decimal, maximum: Decimal) -> bool:
    """Whether a result shows this mark, on whatever scale it is shown."""
    if shown.score is None:
        return False
    scale = shown.maximum or maximum
    if not scale or not maximum:
        return False
    return abs(shown.score / scale - given / maximum) * 100 < _CLOSE_ENOUGH


def find(sent: Sent | None, shown: Shown) -> str:
    """What holding the two against each other shows.

    A sent 0 that is not shown counts as agreed: Moodle shows a mark of 0 as nothing. A mark
    that differs though ours is the later one was put over ours: overridden.
    """
    if sent is None or (sent.state == CANCELLED and not sent.was_delivered):
        return AGREED if shown.score is None else NEWER_ELSEWHERE
    if sent.clears and sent.state == DELIVERED:
        return AGREED if shown.score is None else _differs(sent, shown)
    is_same = is_same_mark(shown, sent.given, sent.maximum)
    if sent.state == CANCELLED:
        return AGREED if is_same or shown.score is None else _differs(sent, shown)
    if sent.reason == "locked" and not is_same:
        return LOCKED
    if sent.state != DELIVERED:
        is_theirs = sent.state == SUPERSEDED or sent.reason == NEWER_ELSEWHERE
        return AGREED if is_same else NEWER_ELSEWHERE if is_theirs else UNSENT
    if is_same or (shown.score is None and sent.given == 0):
        return AGREED
    if shown.score is None:
        return MISSING
    return _differs(sent, shown)


def _differs(sent: Sent, shown: Shown) -> str:
    if shown.at is not None and clock.whole_second(shown.at) > clock.whole_second(sent.scored_at):
        return NEWER_ELSEWHERE
    return OVERRIDDEN


_FINDINGS: dict[str, str] = {
    AGREED: "The gradebook shows this mark.",
    OVERRIDDEN: "The gradebook shows {shown}, which somebody put over the mark from here.",
    LOCKED: "The gradebook shows {shown}. It does not take the mark from here; most often the grade is locked.",
    MISSING: "The gradebook shows no mark, though it took this one. Somebody may have deleted it.",
    NEWER_ELSEWHERE: "The gradebook shows {shown}, which is newer and did not come from here.",
    UNSENT: "The gradebook shows {shown}. The mark from here has not got there yet.",
}
_NEXT: dict[str, str] = {
    OVERRIDDEN: "Keep the gradebook’s mark. Or, to have the mark from here shown, {way_out}",
    LOCKED: "Unlock the grade in the gradebook, then send the mark again; or keep the gradebook’s mark.",
    MISSING: "Send the mark again, or keep the gradebook as it is.",
    NEWER_ELSEWHERE: "Keep the gradebook’s mark. Or, to have the mark from here shown, {way_out}",
}
_WAY_OUT_MOODLE = "edit that grade in Moodle’s grader report: where Overridden is ticked, take the tick off and save; then send the mark. While the tick is there, Moodle keeps its own."
_WAY_OUT_OTHER = "send the mark; some course sites go on showing one that was typed in by hand until it is taken out there."


def describe_finding(finding: str, shown: str) -> str:
    """What the gradebook shows, in a sentence.

    :param shown: the mark it shows, such as "58 out of 100", or "no mark".
    """
    return _FINDINGS[finding].format(shown=shown)


def next_step(finding: str, decision: str | None, is_moodle: bool) -> str:
    """What a tutor can do about a finding, or what they decided; empty where nothing is due."""
    way_out = _WAY_OUT_MOODLE if is_moodle else _WAY_OUT_OTHER
    if finding not in DIFFERENCES:
        return ""
    if decision == KEEP:
        return "You decided to keep the gradebook’s mark."
    if decision == SEND:
        return f"You sent the mark from here, and the gradebook still shows its own. To have it shown, {way_out}"
    return _NEXT[finding].format(way_out=way_out)


_PROBLEMS: dict[str, str] = {
    "no_scope": "The course site does not let the tool read its gradebook. Ask its administrator to allow the tool’s grade service in full, open the activity once, then compare again.",
    "no_column": "There is no gradebook column yet. It is made with the first mark that is sent.",
    "column_gone": "The gradebook column is no longer there.",
    "not_allowed": "The course site does not let the tool read this column. Ask its administrator to allow the tool’s grade service, then compare again.",
    "switched_off": "The connection with this course site is switched off. Ask the tool’s operator.",
    "token_refused": "The course site did not let us in. Ask its administrator to check the tool’s keys and services, then compare again.",
    "keys_blocked": "The course site could not read our keys. Ask its administrator to look at the tool’s key set address, then compare again.",
    "address_private": "The course site’s address leads to a private network. Ask its administrator.",
}
_TRYING = "The gradebook could not be read just now. We try again by ourselves."
_GIVEN_UP = "The gradebook could not be read. Wait a little, then compare again."


def describe_problem(code: str, is_trying: bool) -> str:
    """Why the gradebook could not be read, and what to do.

    :param is_trying: whether it is tried again by itself.
    """
    return _TRYING if is_trying else _PROBLEMS.get(code, _GIVEN_UP)
