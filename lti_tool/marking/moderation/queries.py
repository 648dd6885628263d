"""Reads of moderation: the rounds of an assignment, and the pieces in a round's sample."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool.core.errors import NotFound
from lti_tool.coursework.models import Candidate, Submission
from lti_tool.db.statements import AnyRow
from lti_tool.marking.models import Moderation, ModerationPiece

CONFIRMED, REMARK, SCALED, ABANDONED = "confirmed", "remark", "scaled", "abandoned"


class RoundNotFound(NotFound):
    """There is no such round of moderation of this assignment."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A mark as it stood when a round was drawn."""

    judgement_id: int
    mark: Decimal


@dataclass(frozen=True, slots=True)
class RoundRead:
    """One round of sampled moderation."""

    id: int
    assignment_id: int
    number: int
    rule: dict[str, Any]
    seed: str
    population: dict[int, Drawn]
    """What was drawn from, by submission."""
    moderator_id: int
    is_blind: bool
    drawn_by_id: int
    drawn_at: datetime
    decision: str | None
    scaling: dict[str, Any] | None
    reason: str
    decided_by_id: int | None
    decided_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether nothing was decided yet."""
        return self.decision is None

    @property
    def marks(self) -> dict[int, Decimal]:
        """The marks drawn from, by submission."""
        return {submission_id: one.mark for submission_id, one in self.population.items()}


def _round(row: AnyRow) -> RoundRead:
    values = dict(row._mapping)
    values["population"] = {
        int(submission_id): Drawn(int(one["judgement"]), Decimal(one["mark"]))
        for submission_id, one in row.population.items()
    }
    return RoundRead(**values)


def list_rounds_of(session: Session, assignment_ids: Iterable[int]) -> dict[int, list[RoundRead]]:
    """All rounds of these assignments, by assignment, the first one first. One query."""
    rows = session.execute(
        select(*Moderation.__table__.c)
        .where(Moderation.assignment_id.in_(set(assignment_ids)))
        .order_by(Moderation.number)
    )
    found: dict[int, list[RoundRead]] = {}
    for row in rows:
        found.setdefault(row.assignment_id, []).append(_round(row))
    return found


def list_rounds(session: Session, assignment_id: int) -> list[RoundRead]:
    """All rounds of an assignment, the first one first."""
    return list_rounds_of(session, (assignment_id,)).get(assignment_id, [])


def get_round(session: Session, assignment_id: int, number: int) -> RoundRead:
    """One round of an assignment.

    :raises RoundNotFound: there is none with this number.
    """
    row = session.execute(
        select(*Moderation.__table__.c).where(
            Moderation.assignment_id == assignment_id, Moderation.number == number
        )
    ).first()
    if row is None:
        raise RoundNotFound("There is no such moderation of this activity.")
    return _round(row)


@dataclass(frozen=True, slots=True)
class PieceRead:
    """One piece in a round's sample."""

    id: int
    submission_id: int
    judgement_id: int
    why: tuple[str, ...]
    view: str | None
    mark: Decimal | None
    note: str
    version: int
    seen_at: datetime | None
    code: str


def list_pieces_of(session: Session, moderation_ids: Iterable[int]) -> dict[int, list[PieceRead]]:
    """The samples of these rounds, by round, each by candidate code. One query."""
    rows = session.execute(
        select(
            ModerationPiece.moderation_id,
            ModerationPiece.id,
            ModerationPiece.submission_id,
            ModerationPiece.judgement_id,
            ModerationPiece.why,
            ModerationPiece.view,
            ModerationPiece.mark,
            ModerationPiece.note,
            ModerationPiece.version,
            ModerationPiece.seen_at,
            Candidate.code,
        )
        .join(Submission, Submission.id == ModerationPiece.submission_id)
        .join(
            Candidate,
            (Candidate.assignment_id == Submission.assignment_id)
            & (Candidate.person_id == Submission.person_id),
        )
        .where(ModerationPiece.moderation_id.in_(set(moderation_ids)))
        .order_by(Candidate.code, ModerationPiece.submission_id)
    )
    found: dict[int, list[PieceRead]] = {}
    for row in rows:
        values = {**row._mapping, "why": tuple(row.why.split())}
        found.setdefault(values.pop("moderation_id"), []).append(PieceRead(**values))
    return found


def list_pieces(session: Session, moderation_id: int) -> list[PieceRead]:
    """The sample of a round, by candidate code."""
    return list_pieces_of(session, (moderation_id,)).get(moderation_id, [])


def count_rounds(session: Session, assignment_ids: set[int]) -> dict[int, tuple[int, int]]:
    """How many rounds there are and how many of them are open, by assignment."""
    rows = session.execute(
        select(
            Moderation.assignment_id,
            func.count(),
            func.count().filter(Moderation.decision.is_(None)),
        )
        .where(Moderation.assignment_id.in_(assignment_ids))
        .group_by(Moderation.assignment_id)
    )
    return {assignment_id: (every, is_open) for assignment_id, every, is_open in rows}
