"""Tables of course work: assignments, rules, extensions, candidates, submissions, copies."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Boolean, Date, ForeignKey, Index, Integer, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.db.base import Base, BigId
from lti_tool.db.types import Document, Exact, Moment, Words


class Assignment(Base):
    """One row: work set in one context. Any number of resource links may point to it."""

    __tablename__ = "assignment"
    __table_args__ = (Index("ix_assignment_context_id", "context_id"),)

    context_id: Mapped[int] = mapped_column(BigId, ForeignKey("context.id"))
    resource_id: Mapped[str] = mapped_column(Words(64), unique=True)
    """Our own name for it in line items and deep links."""
    activity: Mapped[str] = mapped_column(Words(50))
    title: Mapped[str] = mapped_column(Words(500))
    maximum: Mapped[Decimal] = mapped_column(Exact)
    rubric_key: Mapped[str] = mapped_column(Words(100))
    rubric_version: Mapped[int] = mapped_column(Integer)
    rules_key: Mapped[str] = mapped_column(Words(100))
    rules_version: Mapped[int] = mapped_column(Integer, server_default="0")
    """Which `RulesVersion` holds; 0 for work set before rules had versions: those in force."""
    due_at: Mapped[datetime | None] = mapped_column(Moment)
    board_on: Mapped[date | None] = mapped_column(Date)
    """Day of the assessment board; released marks are provisional until then."""
    is_anonymous: Mapped[bool] = mapped_column(Boolean)
    copied_from_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("assignment.id"))
    version: Mapped[int] = mapped_column(Integer)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    """When a course reset ended it: its marks stay here and are never sent again."""
    created_at: Mapped[datetime] = mapped_column(Moment)


class RulesVersion(Base):
    """One row: a set of rules as it stood when work was set with it. Never changed."""

    __tablename__ = "rules_version"
    __table_args__ = (UniqueConstraint("key", "version"),)

    key: Mapped[str] = mapped_column(Words(100))
    version: Mapped[int] = mapped_column(Integer)
    document: Mapped[dict[str, Any]] = mapped_column(Document)
    document_digest: Mapped[str] = mapped_column(Words(64))
    created_at: Mapped[datetime] = mapped_column(Moment)


class Extension(Base):
    """One row: a later due date for one person, or for all where no person is named. A deferral
    is one that follows from agreed circumstances; neither is ever capped."""

    __tablename__ = "extension"

    assignment_id: Mapped[int] = mapped_column(BigId, ForeignKey("assignment.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"))
    due_at: Mapped[datetime] = mapped_column(Moment)
    reason: Mapped[str] = mapped_column(Words(2000))
    granted_by_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(Words(20), server_default="extension")
    """extension, outage or deferral."""
    created_at: Mapped[datetime] = mapped_column(Moment)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment)


class FurtherAttempt(Base):
    """One row: a person may hand in anew after a fail or an agreed deferral."""

    __tablename__ = "further_attempt"
    __table_args__ = (UniqueConstraint("assignment_id", "person_id", "attempt"),)

    assignment_id: Mapped[int] = mapped_column(BigId, ForeignKey("assignment.id"))
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"), index=True)
    attempt: Mapped[int] = mapped_column(Integer)
    """2 for the first attempt after the first."""
    due_at: Mapped[datetime] = mapped_column(Moment)
    is_capped: Mapped[bool] = mapped_column(Boolean)
    reason: Mapped[str] = mapped_column(Words(2000))
    opened_by_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"))
    opened_at: Mapped[datetime] = mapped_column(Moment)


class Candidate(Base):
    """One row: the code under which a person's work on an assignment is marked."""

    __tablename__ = "candidate"
    __table_args__ = (
        UniqueConstraint("assignment_id", "person_id"),
        UniqueConstraint("assignment_id", "code"),
    )

    assignment_id: Mapped[int] = mapped_column(BigId, ForeignKey("assignment.id"))
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"), index=True)
    code: Mapped[str] = mapped_column(Words(20))


class Submission(Base):
    """One row: (assignment, person, attempt): the work in hand, as one versioned document."""

    __tablename__ = "submission"
    __table_args__ = (UniqueConstraint("assignment_id", "person_id", "attempt"),)

    assignment_id: Mapped[int] = mapped_column(BigId, ForeignKey("assignment.id"))
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"), index=True)
    attempt: Mapped[int] = mapped_column(Integer)
    document: Mapped[dict[str, Any]] = mapped_column(Document)
    document_version: Mapped[int] = mapped_column(Integer)
    """Version of the document's shape, set by the activity."""
    revision: Mapped[int] = mapped_column(Integer)
    """Counts up with each save, so that two tabs never overwrite each other unseen."""
    created_at: Mapped[datetime] = mapped_column(Moment)
    updated_at: Mapped[datetime] = mapped_column(Moment)


class EarlierDraft(Base):
    """One row: a submission's document as it stood before a larger change; can come back."""

    __tablename__ = "earlier_draft"
    __table_args__ = (UniqueConstraint("submission_id", "revision"),)

    submission_id: Mapped[int] = mapped_column(BigId, ForeignKey("submission.id"))
    revision: Mapped[int] = mapped_column(Integer)
    document: Mapped[dict[str, Any]] = mapped_column(Document)
    why: Mapped[str] = mapped_column(Words(200))
    kept_at: Mapped[datetime] = mapped_column(Moment)


class HandedInCopy(Base):
    """One row: the work as handed in, frozen. Never changed; taking it back only marks it.
    At most one copy of a submission is in force, which the database itself sees to."""

    __tablename__ = "handed_in_copy"
    __table_args__ = (
        Index("ix_handed_in_copy_submission_id", "submission_id"),
        Index(
            "uq_handed_in_copy_in_force",
            "submission_id",
            unique=True,
            sqlite_where=text("taken_back_at IS NULL"),
            postgresql_where=text("taken_back_at IS NULL"),
        ),
    )

    submission_id: Mapped[int] = mapped_column(BigId, ForeignKey("submission.id"))
    document: Mapped[dict[str, Any]] = mapped_column(Document)
    document_version: Mapped[int] = mapped_column(Integer)
    document_digest: Mapped[str] = mapped_column(Words(64))
    declarations: Mapped[dict[str, Any]] = mapped_column(Document)
    """Key and exact wording of each declaration as shown and agreed to."""
    receipt: Mapped[str] = mapped_column(Words(20), unique=True)
    due_at: Mapped[datetime | None] = mapped_column(Moment)
    """The due date that applied at the time."""
    handed_in_at: Mapped[datetime] = mapped_column(Moment)
    taken_back_at: Mapped[datetime | None] = mapped_column(Moment)
