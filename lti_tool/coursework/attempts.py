"""Further attempts: a person may hand in anew, after a fail or an agreed deferral.

A new attempt begins from a copy of the person's own last handed-in work, not from an empty page:
what is to be redone is usually a part, and whoever wants to begin afresh can clear it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session, aliased

from lti_tool.audit.operations import record
from lti_tool.core import clock
from lti_tool.core.errors import Conflict
from lti_tool.coursework.models import FurtherAttempt, HandedInCopy, Submission
from lti_tool.coursework.queries import AssignmentRead, HandedIn, get_copy
from lti_tool.coursework.resetting import require_open
from lti_tool.db.statements import insert_if_missing, run
from lti_tool.mail.outbox import RETURNED, tell


@dataclass(frozen=True, slots=True)
class FurtherRead:
    """A further attempt that was opened for a person."""

    attempt: int
    due_at: datetime
    is_capped: bool
    reason: str
    opened_by_id: int
    opened_at: datetime


_FURTHER: tuple[Any, ...] = (
    FurtherAttempt.attempt,
    FurtherAttempt.due_at,
    FurtherAttempt.is_capped,
    FurtherAttempt.reason,
    FurtherAttempt.opened_by_id,
    FurtherAttempt.opened_at,
)


LATEST_FURTHER = (
    select(*_FURTHER)
    .where(
        FurtherAttempt.assignment_id == bindparam("its_assignment"),
        FurtherAttempt.person_id == bindparam("its_person"),
    )
    .order_by(FurtherAttempt.attempt.desc())
    .limit(1)
)
"""Of `its_person` in `its_assignment`."""


def find_further(session: Session, assignment_id: int, person_id: int) -> FurtherRead | None:
    """The latest further attempt opened for a person, or None."""
    row = run(session, LATEST_FURTHER, its_assignment=assignment_id, its_person=person_id).first()
    return FurtherRead(*tuple(row)) if row else None


def _require_last(session: Session, work: HandedIn) -> None:
    latest = session.scalar(
        select(func.max(Submission.attempt)).where(
            Submission.assignment_id == work.assignment_id, Submission.person_id == work.person_id
        )
    )
    if latest != work.attempt:
        raise Conflict("A further attempt is open already.")


def _begin_from_copy(session: Session, work: HandedIn, attempt: int) -> None:
    """Make the new attempt's submission from the copy that was handed in."""
    now, copy = clock.now(), get_copy(session, work.copy_id)
    begun = {
        "assignment_id": work.assignment_id,
        "person_id": work.person_id,
        "attempt": attempt,
        "document": copy.document,
        "document_version": copy.document_version,
        "revision": 1,
        "created_at": now,
        "updated_at": now,
    }
    unique = ["assignment_id", "person_id", "attempt"]
    if insert_if_missing(session, Submission, unique, begun) is None:
        raise Conflict("A further attempt is open already.")


def open_further_attempt(
    session: Session,
    assignment: AssignmentRead,
    work: HandedIn,
    *,
    due_at: datetime,
    is_capped: bool,
    reason: str,
    actor_id: int,
) -> int:
    """Let a person hand in anew; the new attempt begins from a copy of this work.

    Whether the mark allows it is for the caller to see to.

    :param due_at: must lie ahead.
    :param is_capped: whether the rules' cap for second attempts holds.
    :return: the number of the new attempt.
    :raises Conflict: one is open already, or the date has passed.
    """
    require_open(assignment)
    if due_at <= clock.now():
        raise Conflict("The new due date has passed. Choose a later one.")
    _require_last(session, work)
    attempt = work.attempt + 1
    _begin_from_copy(session, work, attempt)
    further = FurtherAttempt(
        assignment_id=assignment.id,
        person_id=work.person_id,
        attempt=attempt,
        due_at=due_at,
        is_capped=is_capped,
        reason=reason,
        opened_by_id=actor_id,
        opened_at=clock.now(),
    )
    session.add(further)
    session.flush()
    record(
        session,
        "further attempt opened",
        ("submission", work.submission_id),
        actor_id=actor_id,
        context_id=assignment.context_id,
        became={"attempt": attempt, "due_at": due_at.isoformat(), "is_capped": is_capped},
        reason=reason,
    )
    tell(
        session,
        RETURNED,
        once=str(further.id),
        person_id=work.person_id,
        context_id=assignment.context_id,
        assignment_id=assignment.id,
        about={"attempt": attempt},
    )
    return attempt


def list_overtaken(session: Session, submission_ids: Iterable[int]) -> list[int]:
    """Which of these attempts a later attempt of the same person, handed in, has taken the place
    of."""
    later = aliased(Submission)
    return list(
        session.scalars(
            select(Submission.id)
            .join(
                later,
                (later.assignment_id == Submission.assignment_id)
                & (later.person_id == Submission.person_id)
                & (later.attempt > Submission.attempt),
            )
            .join(
                HandedInCopy,
                (HandedInCopy.submission_id == later.id) & HandedInCopy.taken_back_at.is_(None),
            )
            .where(Submission.id.in_(set(submission_ids)))
            .distinct()
        )
    )
