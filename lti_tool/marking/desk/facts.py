"""What the queue needs to know of each piece besides its marks: rounds of moderation, holds,
what was released. Each read takes any number of pieces and costs one query."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.marking.models import Hold, Moderation, Outcome, Release


@dataclass(frozen=True, slots=True)
class Rounds:
    """How an assignment stands in sampled moderation."""

    is_open: bool
    is_decided: bool


def list_rounds(session: Session, assignment_ids: Iterable[int]) -> dict[int, Rounds]:
    """The rounds of moderation, by assignment; one that has none is not there."""
    rows = session.execute(
        select(Moderation.assignment_id, Moderation.decision).where(
            Moderation.assignment_id.in_(set(assignment_ids))
        )
    )
    found: dict[int, Rounds] = {}
    for assignment_id, decision in rows:
        before = found.get(assignment_id, Rounds(False, False))
        found[assignment_id] = Rounds(
            before.is_open or decision is None,
            before.is_decided or decision in ("confirmed", "scaled"),
        )
    return found


def list_held(session: Session, submission_ids: Iterable[int]) -> set[int]:
    """The pieces whose mark is kept back for now."""
    return set(
        session.scalars(
            select(Hold.submission_id).where(
                Hold.submission_id.in_(set(submission_ids)), Hold.lifted_at.is_(None)
            )
        )
    )


@dataclass(frozen=True, slots=True)
class Out:
    """A mark that the participant can see."""

    judgement_id: int
    final: Decimal


def list_out(session: Session, submission_ids: Iterable[int]) -> dict[int, Out]:
    """Released marks by submission, without marks and feedback in full."""
    rows = session.execute(
        select(Release.submission_id, Outcome.judgement_id, Outcome.final)
        .join(Outcome, Outcome.id == Release.outcome_id)
        .where(Release.submission_id.in_(set(submission_ids)), Release.taken_back_at.is_(None))
        .order_by(Release.id)
    )
    return {row.submission_id: Out(row.judgement_id, row.final) for row in rows}
