"""Keeping one person's mark back while something is looked into, without delaying the others.

The reason is for tutors; the participant reads one neutral sentence, the same for every kind.
A hold also stops deletion: whoever deletes asks `is_held` first.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lti_tool.audit.operations import record
from lti_tool.core import clock
from lti_tool.core.errors import Conflict
from lti_tool.coursework.models import Assignment, Submission
from lti_tool.coursework.queries import HandedIn
from lti_tool.db.statements import count_changed
from lti_tool.marking.models import Hold
from lti_tool.marking.queries import find_released, lock_submission
from lti_tool.marking.standing import CONFIRMED

INTEGRITY, CIRCUMSTANCES, APPEAL = "integrity", "circumstances", "appeal"
KINDS = {
    INTEGRITY: "Academic integrity",
    CIRCUMSTANCES: "Personal circumstances",
    APPEAL: "Appeal",
}


@dataclass(frozen=True, slots=True)
class HoldRead:
    """A hold in force."""

    id: int
    submission_id: int
    kind: str
    reason: str
    placed_by_id: int
    placed_at: datetime

    @property
    def title(self) -> str:
        """The kind in words, for tutors."""
        return KINDS[self.kind]


_HOLD: tuple[Any, ...] = (
    Hold.id,
    Hold.submission_id,
    Hold.kind,
    Hold.reason,
    Hold.placed_by_id,
    Hold.placed_at,
)


def list_held(session: Session, submission_ids: Iterable[int]) -> dict[int, HoldRead]:
    """Which of these submissions are held, with the hold in force. One query."""
    rows = session.execute(
        select(*_HOLD)
        .where(Hold.submission_id.in_(set(submission_ids)), Hold.lifted_at.is_(None))
        .order_by(Hold.id)
    )
    return {row.submission_id: HoldRead(*tuple(row)) for row in rows}


def list_held_in(session: Session, context_ids: Sequence[int]) -> dict[int, HoldRead]:
    """The holds in force in whole courses, by submission. One query."""
    rows = session.execute(
        select(*_HOLD)
        .join(Submission, Submission.id == Hold.submission_id)
        .join(Assignment, Assignment.id == Submission.assignment_id)
        .where(Assignment.context_id.in_(context_ids), Hold.lifted_at.is_(None))
        .order_by(Hold.id)
    )
    return {row.submission_id: HoldRead(*tuple(row)) for row in rows}


def is_held(session: Session, submission_id: int) -> bool:
    """Whether a submission is held: its mark stays back and nothing of it is deleted."""
    return bool(list_held(session, (submission_id,)))


def place_hold(session: Session, work: HandedIn, *, kind: str, reason: str, actor_id: int) -> None:
    """Keep a mark back.

    :param kind: integrity, circumstances or appeal.
    :raises Conflict: it is held already, or its author sees it and marking can still hide it. A
        result that is recorded is held from being deleted and changed only.
    """
    lock_submission(session, work.submission_id)
    seen = find_released(session, work.submission_id)
    if seen is not None and seen.standing != CONFIRMED:
        raise Conflict("The participant sees this result. Take the release back, then hold it.")
    if is_held(session, work.submission_id):
        raise Conflict("This result is held back already. Lift that first.")
    session.add(
        Hold(
            submission_id=work.submission_id,
            kind=kind,
            reason=reason,
            placed_by_id=actor_id,
            placed_at=clock.now(),
        )
    )
    record(
        session,
        "hold placed",
        ("submission", work.submission_id),
        actor_id=actor_id,
        context_id=work.context_id,
        became={"kind": kind},
        reason=reason,
    )


def lift_hold(session: Session, work: HandedIn, *, actor_id: int) -> None:
    """Let a mark go again; it is released like any other afterwards.

    :raises Conflict: it is not held.
    """
    lock_submission(session, work.submission_id)
    done = count_changed(
        session,
        update(Hold)
        .where(Hold.submission_id == work.submission_id, Hold.lifted_at.is_(None))
        .values(lifted_at=clock.now(), lifted_by_id=actor_id),
    )
    if not done:
        raise Conflict("This result is not held back.")
    record(
        session,
        "hold lifted",
        ("submission", work.submission_id),
        actor_id=actor_id,
        context_id=work.context_id,
    )
