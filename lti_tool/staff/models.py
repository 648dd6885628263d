"""Tables of staff and of their sessions."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.db.base import Base, BigId
from lti_tool.db.types import Moment, Words

_IN_FORCE = text("removed_at IS NULL")


class StaffMember(Base):
    """One row: somebody an operator has let in, known by the provider's own id or, until they
    first sign in, by an address that the provider has verified. Kept once removed: the audit
    refers to it."""

    __tablename__ = "staff_member"
    __table_args__ = (
        Index(
            "ix_staff_member_issuer_subject",
            "issuer",
            "subject",
            unique=True,
            sqlite_where=_IN_FORCE,
            postgresql_where=_IN_FORCE,
        ),
        Index(
            "ix_staff_member_issuer_email",
            "issuer",
            "email",
            unique=True,
            sqlite_where=_IN_FORCE,
            postgresql_where=_IN_FORCE,
        ),
    )

    issuer: Mapped[str] = mapped_column(Words(500))
    subject: Mapped[str | None] = mapped_column(Words(255))
    """The provider's id of them; empty until they first sign in, where an address names them."""
    email: Mapped[str | None] = mapped_column(Words(320))
    role: Mapped[str] = mapped_column(Words(20))
    added_at: Mapped[datetime] = mapped_column(Moment)
    signed_in_at: Mapped[datetime | None] = mapped_column(Moment)
    removed_at: Mapped[datetime | None] = mapped_column(Moment)


class StaffSession(Base):
    """One row: one browser in which a member of staff is signed in."""

    __tablename__ = "staff_session"

    secret_digest: Mapped[str] = mapped_column(Words(64), unique=True)
    member_id: Mapped[int] = mapped_column(BigId, ForeignKey("staff_member.id"), index=True)
    started_at: Mapped[datetime] = mapped_column(Moment)
    ends_at: Mapped[datetime] = mapped_column(Moment, index=True)
