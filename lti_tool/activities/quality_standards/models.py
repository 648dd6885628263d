"""Tables of the checklist: one a programme and year, an entry a standard, evidence, comments.

Evidence files lie here as bytes, since a checklist has few of them and a backup must hold them.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, Integer, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.db.base import Base, BigId
from lti_tool.db.types import Document, Moment, Words


class Checklist(Base):
    """One row: a programme's audit against the quality standards in one academic year."""

    __tablename__ = "checklist"
    __table_args__ = (UniqueConstraint("programme_id", "year"),)

    programme_id: Mapped[int] = mapped_column(BigId, ForeignKey("programme.id"))
    year: Mapped[int] = mapped_column(Integer)
    """The year in which the academic year begins: 2026 for 2026/27."""
    framework_key: Mapped[str] = mapped_column(Words(100))
    framework_version: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(Words(30))
    """draft, submitted, in_review, returned_with_actions, approved, approved_with_conditions or
    lapsed."""
    revision: Mapped[int] = mapped_column(Integer)
    """Counts the moves from state to state."""
    previous_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("checklist.id"))
    """Last year's, which this one was copied from."""
    valid_until: Mapped[date | None] = mapped_column(Date)
    created_at: Mapped[datetime] = mapped_column(Moment)


class StandardEntry(Base):
    """One row: what a programme says of one standard."""

    __tablename__ = "standard_entry"
    __table_args__ = (UniqueConstraint("checklist_id", "item_id"),)

    checklist_id: Mapped[int] = mapped_column(BigId, ForeignKey("checklist.id"))
    item_id: Mapped[str] = mapped_column(Words(100))
    judgement: Mapped[str] = mapped_column(Words(50), server_default="")
    """The id of a level of the framework's scale; empty: not judged yet."""
    narrative: Mapped[str] = mapped_column(Words(10_000), server_default="")
    reason: Mapped[str] = mapped_column(Words(2000), server_default="")
    """Why it does not apply, where it does not."""
    owner_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"))
    due_on: Mapped[date | None] = mapped_column(Date)
    action: Mapped[str] = mapped_column(Words(4000), server_default="")
    revision: Mapped[int] = mapped_column(Integer)
    updated_by_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"))
    updated_at: Mapped[datetime] = mapped_column(Moment)


class EvidenceFile(Base):
    """One row: the bytes of a file given as evidence, kept once however often it is used."""

    __tablename__ = "evidence_file"
    __table_args__ = (UniqueConstraint("programme_id", "digest"),)

    programme_id: Mapped[int] = mapped_column(BigId, ForeignKey("programme.id"))
    digest: Mapped[str] = mapped_column(Words(64))
    media_type: Mapped[str] = mapped_column(Words(100))
    size: Mapped[int] = mapped_column(Integer)
    """Bytes."""
    content: Mapped[bytes] = mapped_column(LargeBinary)
    kept_at: Mapped[datetime] = mapped_column(Moment)


class StandardEvidence(Base):
    """One row: one piece of evidence for one standard."""

    __tablename__ = "standard_evidence"
    __table_args__ = (Index("ix_standard_evidence_checklist_id", "checklist_id"),)

    checklist_id: Mapped[int] = mapped_column(BigId, ForeignKey("checklist.id"))
    item_id: Mapped[str] = mapped_column(Words(100))
    number: Mapped[int] = mapped_column(Integer)
    """Counts within the checklist: how it is named in the submission."""
    kind: Mapped[str] = mapped_column(Words(50))
    """An id of the framework's kinds of evidence."""
    form: Mapped[str] = mapped_column(Words(20))
    """file, link, meeting or measure."""
    title: Mapped[str] = mapped_column(Words(300))
    url: Mapped[str] = mapped_column(Words(2000), server_default="")
    file_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("evidence_file.id"))
    file_name: Mapped[str] = mapped_column(Words(200), server_default="")
    held_on: Mapped[date | None] = mapped_column(Date)
    """The day of a meeting."""
    measure_key: Mapped[str] = mapped_column(Words(100), server_default="")
    added_by_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"))
    added_at: Mapped[datetime] = mapped_column(Moment)
    removed_at: Mapped[datetime | None] = mapped_column(Moment)


class ChecklistComment(Base):
    """One row: what somebody says of a standard, or of the whole where none is named."""

    __tablename__ = "checklist_comment"
    __table_args__ = (Index("ix_checklist_comment_checklist_id", "checklist_id"),)

    checklist_id: Mapped[int] = mapped_column(BigId, ForeignKey("checklist.id"))
    item_id: Mapped[str] = mapped_column(Words(100), server_default="")
    text: Mapped[str] = mapped_column(Words(4000))
    person_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"))
    guest_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("guest.id"))
    """Exactly one of the two wrote it."""
    written_at: Mapped[datetime] = mapped_column(Moment)
    settled_at: Mapped[datetime | None] = mapped_column(Moment)
    settled_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"))


class ChecklistStep(Base):
    """One row: a checklist moved from one state to another. Never changed."""

    __tablename__ = "checklist_step"

    checklist_id: Mapped[int] = mapped_column(BigId, ForeignKey("checklist.id"), index=True)
    was: Mapped[str] = mapped_column(Words(30))
    became: Mapped[str] = mapped_column(Words(30))
    at: Mapped[datetime] = mapped_column(Moment)
    person_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"))
    guest_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("guest.id"))
    comment: Mapped[str] = mapped_column(Words(4000), server_default="")
    submitted: Mapped[dict[str, Any] | None] = mapped_column(Document)
    """The whole checklist as it was submitted: entries, evidence, figures as they stood."""
    submitted_digest: Mapped[str | None] = mapped_column(Words(64))
