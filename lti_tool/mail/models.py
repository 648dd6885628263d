"""Tables of mail: messages, and which kinds a person would rather not have."""

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.db.base import Base, BigId
from lti_tool.db.types import Document, Moment, Words
from lti_tool.jobs.leasing import Leased


class Message(Leased, Base):
    """One row: one message to one person or guest. The text is made when it is sent."""

    __tablename__ = "message"
    __table_args__ = (Index("ix_message_state_due_at", "state", "due_at"),)

    kind: Mapped[str] = mapped_column(Words(50))
    """What it tells of, such as handed_in or mark_released."""
    person_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"), index=True)
    guest_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("guest.id"), index=True)
    """Exactly one of person and guest is set."""
    context_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("context.id"))
    assignment_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("assignment.id"))
    once_key: Mapped[str] = mapped_column(Words(200), unique=True)
    """What makes it the same message: a second one with the same key is not written."""
    about: Mapped[dict[str, Any]] = mapped_column(Document)
    """Row numbers, codes and times the text needs; no names, no marks."""
    state: Mapped[str] = mapped_column(Words(20))
    """waiting, sent, unsure, failed, unwanted or cancelled."""
    reason: Mapped[str | None] = mapped_column(Words(50))
    created_at: Mapped[datetime] = mapped_column(Moment)
    sent_at: Mapped[datetime | None] = mapped_column(Moment)


class MailChoice(Base):
    """One row: whether a person wants a kind of message; without a row they do."""

    __tablename__ = "mail_choice"
    __table_args__ = (UniqueConstraint("person_id", "kind"),)

    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(Words(50))
    is_wanted: Mapped[bool] = mapped_column(Boolean)
    changed_at: Mapped[datetime] = mapped_column(Moment)
