"""Tables of the protocol: who may launch us, from where, and which logins wait or were answered.

platform > registration > deployment > context > resource link. Identifiers are unique within
their parent only (Moodle's are small integers), so nothing is ever looked up without it.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, ForeignKey, Index, Integer, UniqueConstraint, false, true
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.db.base import Base, BigId
from lti_tool.db.types import Document, Moment, Words


class Platform(Base):
    """One row: one issuer, compared byte for byte."""

    __tablename__ = "platform"

    issuer: Mapped[str] = mapped_column(Words(1000), unique=True)
    created_at: Mapped[datetime] = mapped_column(Moment)


class Registration(Base):
    """One row: our entry with a platform under one client id. A platform may have several."""

    __tablename__ = "registration"
    __table_args__ = (UniqueConstraint("platform_id", "client_id"),)

    platform_id: Mapped[int] = mapped_column(BigId, ForeignKey("platform.id"))
    client_id: Mapped[str] = mapped_column(Words(255))
    name: Mapped[str] = mapped_column(Words(200))
    auth_login_url: Mapped[str] = mapped_column(Words(1000))
    auth_token_url: Mapped[str] = mapped_column(Words(1000))
    auth_audience: Mapped[str | None] = mapped_column(Words(1000))
    jwks_url: Mapped[str] = mapped_column(Words(1000))
    is_enabled: Mapped[bool] = mapped_column(Boolean)
    is_approved: Mapped[bool] = mapped_column(Boolean, server_default=true())
    """Whether an operator has let it in; by hand or by invitation at once, else pending."""
    scopes: Mapped[str] = mapped_column(Words(2000), server_default="")
    """Scopes the platform granted when it registered by itself, space-separated; empty where
    it was registered by hand and nothing is known."""
    product: Mapped[str] = mapped_column(Words(100), server_default="")
    """What the platform says it is, such as "moodle 5.1"."""
    registration_client_url: Mapped[str | None] = mapped_column(Words(1000))
    """Where a registration that was made by itself can be read and updated."""
    parallel_calls: Mapped[int] = mapped_column(Integer, server_default="4")
    """How many scores may be on their way to the platform at once, over all workers."""
    paused_until: Mapped[datetime | None] = mapped_column(Moment)
    """No score is sent before: the platform is in trouble, or asked us to wait."""
    pause_reason: Mapped[str | None] = mapped_column(Words(50))
    """What the trouble is, a reason code of `gradebook`; empty once the platform answers again."""
    pause_tries: Mapped[int] = mapped_column(Integer, server_default="0")
    """How often it was tried in vain, so that pauses go on growing."""
    troubled_since: Mapped[datetime | None] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment)
    updated_at: Mapped[datetime] = mapped_column(Moment)


class Invitation(Base):
    """One row: a one-time link by which a platform's administrator may connect it."""

    __tablename__ = "invitation"

    name: Mapped[str] = mapped_column(Words(200))
    token_digest: Mapped[str] = mapped_column(Words(64), unique=True)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)
    registration_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("registration.id"))
    created_at: Mapped[datetime] = mapped_column(Moment)


class Attempts(Base):
    """One row: how often something was tried from one place within one window of time. Kept in
    the database so that every process agrees."""

    __tablename__ = "attempts"

    place_digest: Mapped[str] = mapped_column(Words(64), unique=True)
    """Digest of what is counted and for whom, so that no address is kept."""
    window_began_at: Mapped[datetime] = mapped_column(Moment, index=True)
    count: Mapped[int] = mapped_column(Integer)


class Deployment(Base):
    """One row: one deployment of a registration. On Moodle all courses share one."""

    __tablename__ = "deployment"
    __table_args__ = (UniqueConstraint("registration_id", "deployment_id"),)

    registration_id: Mapped[int] = mapped_column(BigId, ForeignKey("registration.id"))
    deployment_id: Mapped[str] = mapped_column(Words(255))
    is_enabled: Mapped[bool] = mapped_column(Boolean)
    created_at: Mapped[datetime] = mapped_column(Moment)


class Context(Base):
    """One row: a course area as a deployment names it."""

    __tablename__ = "context"
    __table_args__ = (UniqueConstraint("deployment_id", "context_id"),)

    deployment_id: Mapped[int] = mapped_column(BigId, ForeignKey("deployment.id"))
    context_id: Mapped[str] = mapped_column(Words(255))
    title: Mapped[str] = mapped_column(Words(500))
    label: Mapped[str] = mapped_column(Words(200))
    history: Mapped[str] = mapped_column(Words(4000))
    """Contexts this one was copied from, as `Context.id.history` lists them."""
    memberships_url: Mapped[str | None] = mapped_column(Words(2000))
    programme_key: Mapped[str] = mapped_column(Words(100), server_default="")
    """Registration's number and key of the programme this course is a run of, as grants name it;
    set by `programme/cohorts`, which holds the truth."""
    requires_grant: Mapped[bool] = mapped_column(Boolean, server_default=false())
    """Whether an Instructor needs a grant of ours before they mark, since platforms send
    external examiners and managers as Instructor too."""
    created_at: Mapped[datetime] = mapped_column(Moment)


class ResourceLink(Base):
    """One row: a link clicked in a context. It points to the assignment it stands for."""

    __tablename__ = "resource_link"
    __table_args__ = (
        UniqueConstraint("context_id", "resource_link_id"),
        Index("ix_resource_link_assignment_id", "assignment_id"),
    )

    context_id: Mapped[int] = mapped_column(BigId, ForeignKey("context.id"))
    resource_link_id: Mapped[str] = mapped_column(Words(255))
    title: Mapped[str] = mapped_column(Words(500))
    assignment_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("assignment.id"))
    created_at: Mapped[datetime] = mapped_column(Moment)


class WaitingLogin(Base):
    """One row: a login whose hint is unspent, while it is seen whether the browser keeps our
    cookie. It is deleted when the browser is sent on to the platform, with a state that is kept
    nowhere (`states.py`).

    Its number is drawn by chance, and its reference begins with it. Nor is the registration a key
    to its table, whose row all logins of a campus would lock one after another.
    """

    __tablename__ = "waiting_login"
    __table_args__ = (Index("ix_waiting_login_place", "place_digest", "expires_at"),)

    reference: Mapped[str] = mapped_column(Words(40))
    binding_digest: Mapped[str] = mapped_column(Words(64))
    """Digest of the cookie that proves the browser which began the login."""
    registration_id: Mapped[int] = mapped_column(BigId)
    deployment_hint: Mapped[str | None] = mapped_column(Words(255))
    login_hint: Mapped[str] = mapped_column(Words(2000))
    message_hint: Mapped[str | None] = mapped_column(Words(8000))
    storage_target: Mapped[str | None] = mapped_column(Words(255))
    """The frame that keeps state for us where cookies are lost, as the platform offered it."""
    place_digest: Mapped[str] = mapped_column(Words(64))
    """Digest of the address it came from, by which those that wait are counted."""
    expires_at: Mapped[datetime] = mapped_column(Moment)


class UsedLogin(Base):
    """One row: the number of a login that was answered, for longer than its state is believed.
    Each launch writes one, so it has no index but its number. See `used_logins.py` for number 0."""

    __tablename__ = "used_login"

    lapses_at: Mapped[datetime] = mapped_column(Moment)


class KeySet(Base):
    """One row: a registration's public keys as last read well, kept when a later read fails."""

    __tablename__ = "key_set"

    registration_id: Mapped[int] = mapped_column(BigId, ForeignKey("registration.id"), unique=True)
    document: Mapped[dict[str, Any] | None] = mapped_column(Document)
    fetched_at: Mapped[datetime | None] = mapped_column(Moment)
    window_began_at: Mapped[datetime] = mapped_column(Moment)
    reads_in_window: Mapped[int] = mapped_column(Integer)
    """How often the address was read since then: unknown key ids may not flood it."""


class AccessToken(Base):
    """One row: a service token shared by all processes, per registration, address and scopes."""

    __tablename__ = "access_token"
    __table_args__ = (UniqueConstraint("registration_id", "token_url", "scopes"),)

    registration_id: Mapped[int] = mapped_column(BigId, ForeignKey("registration.id"))
    token_url: Mapped[str] = mapped_column(Words(1000))
    scopes: Mapped[str] = mapped_column(Words(1000))
    token: Mapped[str] = mapped_column(Words(8000))
    expires_at: Mapped[datetime] = mapped_column(Moment)
