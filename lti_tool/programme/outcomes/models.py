"""Tables of outcomes: evidence offered, states with their sign-off, confidence before and after."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.db.base import Base, BigId
from lti_tool.db.types import Document, Moment, Words


class EvidencePiece(Base):
    """One row: a piece of evidence that a participant offers. It may count for many outcomes."""

    __tablename__ = "evidence_piece"
    __table_args__ = (Index("ix_evidence_piece_cohort_id_person_id", "cohort_id", "person_id"),)

    cohort_id: Mapped[int] = mapped_column(BigId, ForeignKey("cohort.id"))
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"), index=True)
    kind: Mapped[str] = mapped_column(Words(30))
    """audit_part, visit, meeting, assignment or note."""
    reference: Mapped[dict[str, Any]] = mapped_column(Document)
    """Row numbers and ids by which its source finds it again."""
    title: Mapped[str] = mapped_column(Words(300))
    note: Mapped[str] = mapped_column(Words(4000), server_default="")
    """How it shows the outcomes, in the participant's words."""
    revision: Mapped[int] = mapped_column(Integer)
    offered_at: Mapped[datetime] = mapped_column(Moment)
    updated_at: Mapped[datetime] = mapped_column(Moment)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment)


class EvidenceClaim(Base):
    """One row: a piece of evidence is offered for one outcome."""

    __tablename__ = "evidence_claim"
    __table_args__ = (UniqueConstraint("piece_id", "item_id"),)

    piece_id: Mapped[int] = mapped_column(BigId, ForeignKey("evidence_piece.id"))
    item_id: Mapped[str] = mapped_column(Words(100))
    """The outcome's id in the cohort's outcome set."""


class OutcomeState(Base):
    """One row: from a moment on, an outcome of a person is queried, met, or open again.
    Append-only: the latest holds; where there is none, evidence tells."""

    __tablename__ = "outcome_state"
    __table_args__ = (Index("ix_outcome_state_cohort_id_person_id", "cohort_id", "person_id"),)

    cohort_id: Mapped[int] = mapped_column(BigId, ForeignKey("cohort.id"))
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"), index=True)
    item_id: Mapped[str] = mapped_column(Words(100))
    state: Mapped[str] = mapped_column(Words(20))
    """queried, met or reopened."""
    reason: Mapped[str] = mapped_column(Words(2000), server_default="")
    by_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Moment)


class Confidence(Base):
    """One row: how sure a person feels of an outcome, before or after the programme."""

    __tablename__ = "confidence"
    __table_args__ = (UniqueConstraint("cohort_id", "person_id", "item_id", "moment"),)

    cohort_id: Mapped[int] = mapped_column(BigId, ForeignKey("cohort.id"))
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"), index=True)
    item_id: Mapped[str] = mapped_column(Words(100))
    moment: Mapped[str] = mapped_column(Words(10))
    """before or after."""
    rating: Mapped[int] = mapped_column(Integer)
    """1 (not at all sure) to 5 (very sure)."""
    given_at: Mapped[datetime] = mapped_column(Moment)
