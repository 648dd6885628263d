"""Where an outcome of a person stands, by evidence and sign-offs, and what may be decided. Pure.

A question is answered by evidence: once a piece is offered or changed after it, the outcome waits
for the tutor again. What is met stays met until somebody opens it again.
"""

from datetime import datetime
from typing import NamedTuple

from lti_tool.programme.outcomes.words import (
    DECISIONS,
    MET,
    NOT_STARTED,
    OFFERED,
    QUERIED,
    REOPENED,
)


class Decided(NamedTuple):
    """The last decision on an outcome."""

    id: int
    state: str
    """queried, met or reopened."""
    asked_at: datetime | None
    """When the question was asked, where it is queried."""


class Cell(NamedTuple):
    """One outcome of one person."""

    state: str
    pieces: int = 0
    """How many pieces of evidence are offered for it."""
    built_on: int = 0
    """The number of the last decision, by which a form knows what it was made from."""


NOTHING = Cell(NOT_STARTED)


def cell_of(pieces: int, changed_at: datetime | None, decided: Decided | None) -> Cell:
    """The standing that follows from evidence and the last decision.

    :param pieces: how many pieces are offered and not withdrawn.
    :param changed_at: when the youngest of them was offered or changed.
    """
    built_on = decided.id if decided else 0
    if decided is not None and decided.state == MET:
        return Cell(MET, pieces, built_on)
    if decided is not None and decided.state == QUERIED:
        asked_at = decided.asked_at
        is_answered = changed_at is not None and asked_at is not None and changed_at > asked_at
        return Cell(OFFERED if is_answered else QUERIED, pieces, built_on)
    return Cell(OFFERED if pieces else NOT_STARTED, pieces, built_on)


def list_decisions(cell: Cell) -> tuple[str, ...]:
    """What can be decided on an outcome that stands so."""
    if cell.state == MET:
        return (REOPENED,)
    return (MET, QUERIED)


def why_not(cell: Cell, decision: str, reason: str) -> str:
    """What forbids a decision as it was made, in a sentence; empty where nothing does."""
    if decision not in list_decisions(cell):
        return f"“{DECISIONS.get(decision, decision)}” is not possible as the outcome stands now."
    if reason.strip():
        return ""
    if decision == QUERIED:
        return "Write what you want to know, so that the participant can answer."
    if decision == REOPENED:
        return "Write why you open it again."
    if cell.pieces == 0:
        return "No evidence is offered. Write what you sign it off on."
    return ""
