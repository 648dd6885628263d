"""Tables of marking."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.db.base import Base, BigId
from lti_tool.db.types import Document, Exact, Moment, Words


class RubricVersion(Base):
    """One row: a rubric as it stood when work was set with it. Never changed."""

    __tablename__ = "rubric_version"
    __table_args__ = (UniqueConstraint("key", "version"),)

    key: Mapped[str] = mapped_column(Words(100))
    version: Mapped[int] = mapped_column(Integer)
    document: Mapped[dict[str, Any]] = mapped_column(Document)
    document_digest: Mapped[str] = mapped_column(Words(64))
    created_at: Mapped[datetime] = mapped_column(Moment)


class Judgement(Base):
    """One row: a marker's view of a submission. Append-only: a later row replaces an earlier
    one of the same marker and kind without changing it."""

    __tablename__ = "judgement"
    __table_args__ = (
        UniqueConstraint("submission_id", "number"),
        Index("ix_judgement_submission_id_kind", "submission_id", "kind"),
    )

    submission_id: Mapped[int] = mapped_column(BigId, ForeignKey("submission.id"))
    number: Mapped[int] = mapped_column(Integer)
    """Counts up within the submission; a save names the number it built on."""
    copy_id: Mapped[int] = mapped_column(BigId, ForeignKey("handed_in_copy.id"))
    marker_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(Words(20))
    """first, second, moderation or agreed."""
    marks: Mapped[dict[str, Any]] = mapped_column(Document)
    """By criterion: {"mark": "62", "comment": "…"}; marks are decimal text, 0 to 100."""
    overall: Mapped[Decimal | None] = mapped_column(Exact)
    """The weighted mark out of 100, empty while a criterion is unmarked."""
    feedback: Mapped[str] = mapped_column(Words(20000))
    private_note: Mapped[str] = mapped_column(Words(10000))
    created_at: Mapped[datetime] = mapped_column(Moment)


class Outcome(Base):
    """One row: what came of the judgements on a submission. A change adds a row."""

    __tablename__ = "outcome"
    __table_args__ = (UniqueConstraint("submission_id", "number"),)

    submission_id: Mapped[int] = mapped_column(BigId, ForeignKey("submission.id"))
    number: Mapped[int] = mapped_column(Integer)
    judgement_id: Mapped[int] = mapped_column(BigId, ForeignKey("judgement.id"))
    raw: Mapped[Decimal] = mapped_column(Exact)
    penalty: Mapped[Decimal] = mapped_column(Exact)
    cap: Mapped[Decimal | None] = mapped_column(Exact)
    final: Mapped[Decimal] = mapped_column(Exact)
    standing: Mapped[str] = mapped_column(Words(20))
    """provisional, confirmed or held."""
    created_at: Mapped[datetime] = mapped_column(Moment)


class Release(Base):
    """One row: from when to when the person could see an outcome."""

    __tablename__ = "release"

    outcome_id: Mapped[int] = mapped_column(BigId, ForeignKey("outcome.id"), index=True)
    submission_id: Mapped[int] = mapped_column(BigId, ForeignKey("submission.id"), index=True)
    released_by_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"))
    released_at: Mapped[datetime] = mapped_column(Moment)
    taken_back_at: Mapped[datetime | None] = mapped_column(Moment)
