"""The audit table."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.db.base import Base, BigId
from lti_tool.db.types import Document, Moment, Words


class AuditEntry(Base):
    """One row: one change that mattered to a person. Never changed or deleted by the tool."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_subject_kind_subject_id", "subject_kind", "subject_id"),
    )

    at: Mapped[datetime] = mapped_column(Moment)
    actor_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"))
    """Empty where an operator, staff or the tool itself acted; `actor` says which."""
    staff_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("staff_member.id"))
    """Who of the staff acted, where `actor` is "staff"; emptied once nothing is known of them."""
    actor: Mapped[str] = mapped_column(Words(20))
    act: Mapped[str] = mapped_column(Words(50))
    subject_kind: Mapped[str] = mapped_column(Words(50))
    subject_id: Mapped[int] = mapped_column(BigId)
    context_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("context.id"), index=True)
    was: Mapped[dict[str, Any] | None] = mapped_column(Document)
    became: Mapped[dict[str, Any] | None] = mapped_column(Document)
    reason: Mapped[str | None] = mapped_column(Words(2000))
