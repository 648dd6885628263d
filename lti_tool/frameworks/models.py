"""Tables of frameworks: every version that was ever in force, and which one is for whom."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.db.base import Base, BigId
from lti_tool.db.types import Document, Moment, Words


class FrameworkVersion(Base):
    """One row: a framework in one wording. Never changed or deleted, so that cohorts and
    checklists can point to it. Numbers count up by key, whosever the version is."""

    __tablename__ = "framework_version"
    __table_args__ = (UniqueConstraint("key", "version"),)

    key: Mapped[str] = mapped_column(Words(100))
    version: Mapped[int] = mapped_column(Integer)
    registration_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("registration.id"), index=True
    )
    """Whose it is; empty for what shipped with the tool, which is everybody's."""
    document: Mapped[dict[str, Any]] = mapped_column(Document)
    document_digest: Mapped[str] = mapped_column(Words(64))
    brought_in_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"))
    """Empty for what shipped."""
    created_at: Mapped[datetime] = mapped_column(Moment)


class FrameworkChoice(Base):
    """One row: a version put in force for a registration. The newest of a key counts; where there
    is none, what ships is in force. Never changed or deleted."""

    __tablename__ = "framework_choice"
    __table_args__ = (Index("ix_framework_choice_registration_id_key", "registration_id", "key"),)

    registration_id: Mapped[int] = mapped_column(BigId, ForeignKey("registration.id"))
    key: Mapped[str] = mapped_column(Words(100))
    framework_version_id: Mapped[int] = mapped_column(BigId, ForeignKey("framework_version.id"))
    put_by_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"))
    put_at: Mapped[datetime] = mapped_column(Moment)
