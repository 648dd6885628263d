"""Tables of people: who they are on a platform, where they belong, and where they are now."""

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, ForeignKey, Index, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.db.base import Base, BigId
from lti_tool.db.types import Document, Moment, Words
from lti_tool.jobs.leasing import Leased


class Person(Base):
    """One row: (platform, sub). Nothing else identifies anyone; e-mails never merge people."""

    __tablename__ = "person"
    __table_args__ = (UniqueConstraint("platform_id", "sub"),)

    platform_id: Mapped[int] = mapped_column(BigId, ForeignKey("platform.id"))
    sub: Mapped[str] = mapped_column(Words(255))
    name: Mapped[str | None] = mapped_column(Words(300))
    given_name: Mapped[str | None] = mapped_column(Words(200))
    family_name: Mapped[str | None] = mapped_column(Words(200))
    email: Mapped[str | None] = mapped_column(Words(320))
    display: Mapped[dict[str, Any] | None] = mapped_column(Document)
    """Display settings the person keeps: text size, spacing, tint, contrast."""
    created_at: Mapped[datetime] = mapped_column(Moment)
    erased_at: Mapped[datetime | None] = mapped_column(Moment)
    """When their data were erased: nothing is sent about them, and `sub` leads to nobody."""


class Membership(Base):
    """One row: a person in a context, with the roles their last launch proved."""

    __tablename__ = "membership"
    __table_args__ = (
        UniqueConstraint("context_id", "person_id"),
        Index("ix_membership_person_id", "person_id"),
    )

    context_id: Mapped[int] = mapped_column(BigId, ForeignKey("context.id"))
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"))
    roles: Mapped[str] = mapped_column(Words(500))
    """Our words, space-separated and sorted: participant, tutor, admin, mentor."""
    is_active: Mapped[bool] = mapped_column(Boolean)
    roster_roles: Mapped[str] = mapped_column(Words(500), server_default="")
    """Roles as the roster last had them; they never lower what a signed launch proved."""
    missed_rosters: Mapped[int] = mapped_column(Integer, server_default="0")
    """How many readings of the roster in a row no longer had this person."""
    first_seen_at: Mapped[datetime] = mapped_column(Moment)


class Roster(Leased, Base):
    """One row: a context's roster: when it was last read well, and what went wrong since."""

    __tablename__ = "roster"

    context_id: Mapped[int] = mapped_column(BigId, ForeignKey("context.id"), unique=True)
    read_at: Mapped[datetime | None] = mapped_column(Moment)
    whole_at: Mapped[datetime | None] = mapped_column(Moment)
    """When it was last read as a whole, not only what had changed."""
    differences_url: Mapped[str | None] = mapped_column(Words(4000))
    """Where the platform tells what has changed since the last reading, if it offers that."""
    people_count: Mapped[int] = mapped_column(Integer, server_default="0")
    problem: Mapped[str | None] = mapped_column(Words(50))
    """A reason code of the last reading that failed; empty after a good one."""


class Grant(Base):
    """One row: a role that an LMS cannot send, given to a person within one scope."""

    __tablename__ = "grant"
    __table_args__ = (Index("ix_grant_person_id", "person_id"),)

    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"))
    role: Mapped[str] = mapped_column(Words(50))
    scope: Mapped[str] = mapped_column(Words(20))
    """programme, context or registration."""
    scope_key: Mapped[str] = mapped_column(Words(100))
    granted_at: Mapped[datetime] = mapped_column(Moment)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)


class Visit(Base):
    """One row: one launch being lived, with the roles of that launch.

    The handle in the address selects it; the cookie, whose digest is kept, proves it. Where it is
    (registration, course, link) are no keys to their tables: those rows are never deleted, and
    all launches into a course would lock them one after another.
    """

    __tablename__ = "visit"

    handle: Mapped[str] = mapped_column(Words(40), unique=True)
    secret_digest: Mapped[str] = mapped_column(Words(64))
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"), index=True)
    registration_id: Mapped[int] = mapped_column(BigId)
    context_id: Mapped[int] = mapped_column(BigId)
    resource_link_id: Mapped[int] = mapped_column(BigId)
    roles: Mapped[str] = mapped_column(Words(500))
    is_preview: Mapped[bool] = mapped_column(Boolean)
    """A tutor looking as a participant: outside queues, counts and gradebook."""
    return_url: Mapped[str | None] = mapped_column(Words(2000))
    deep_linking: Mapped[dict[str, Any] | None] = mapped_column(Document)
    """Settings of a deep linking request, while a tutor chooses; empty in other visits."""
    started_at: Mapped[datetime] = mapped_column(Moment)
    ends_at: Mapped[datetime] = mapped_column(Moment)
    """No index: each act of a person moves it, and only the sweep looks for what has ended."""


class UsedCode(Base):
    """One row: a one-time code that has been used, kept until it would have lapsed anyway."""

    __tablename__ = "used_code"

    code_digest: Mapped[str] = mapped_column(Words(64), unique=True)
    lapses_at: Mapped[datetime] = mapped_column(Moment, index=True)


class Guest(Base):
    """One row: a named outsider with an e-mail (mentor, host, examiner), who has no account."""

    __tablename__ = "guest"
    __table_args__ = (UniqueConstraint("registration_id", "email"),)

    registration_id: Mapped[int] = mapped_column(BigId, ForeignKey("registration.id"))
    name: Mapped[str] = mapped_column(Words(300))
    email: Mapped[str] = mapped_column(Words(320))
    created_at: Mapped[datetime] = mapped_column(Moment)


class GuestLink(Base):
    """One row: a link by which a guest reaches one thing; expiring and revocable. Opening it
    by GET changes nothing; POST turns it into a guest visit."""

    __tablename__ = "guest_link"

    guest_id: Mapped[int] = mapped_column(BigId, ForeignKey("guest.id"), index=True)
    token_digest: Mapped[str] = mapped_column(Words(64), unique=True)
    purpose: Mapped[str] = mapped_column(Words(50))
    subject_kind: Mapped[str] = mapped_column(Words(50))
    subject_id: Mapped[int] = mapped_column(BigId)
    uses_left: Mapped[int | None] = mapped_column(Integer)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment)


class GuestVisit(Base):
    """One row: one guest at one thing, after the link was used. Proved like a visit."""

    __tablename__ = "guest_visit"

    handle: Mapped[str] = mapped_column(Words(40), unique=True)
    secret_digest: Mapped[str] = mapped_column(Words(64))
    guest_link_id: Mapped[int] = mapped_column(BigId, ForeignKey("guest_link.id"), index=True)
    started_at: Mapped[datetime] = mapped_column(Moment)
    ends_at: Mapped[datetime] = mapped_column(Moment, index=True)


class GuestSignature(Base):
    """One row: the name and role a guest typed under what they confirmed. A seal holds a salted
    hash of it, so that it can be erased and the seal still stands."""

    __tablename__ = "guest_signature"

    guest_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("guest.id"), index=True)
    name: Mapped[str | None] = mapped_column(Words(200))
    """Empty once erased."""
    role: Mapped[str | None] = mapped_column(Words(200))
    signed_at: Mapped[datetime] = mapped_column(Moment)
    erased_at: Mapped[datetime | None] = mapped_column(Moment)
