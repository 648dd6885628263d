"""Sessions of staff: one row for each browser, proved by a cookie; any process may answer.

A session is new at each sign-in. The role is read anew at each request, so that it goes the
moment an operator takes it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from flask import g
from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from lti_tool.core import clock
from lti_tool.core.errors import Conflict
from lti_tool.core.identifiers import digest, keyed, random_token
from lti_tool.db import Database
from lti_tool.db.statements import run
from lti_tool.settings import Settings
from lti_tool.staff.models import StaffMember, StaffSession

IDLE = timedelta(hours=1)
"""Without an act of theirs. Reading writes nothing and so prolongs nothing; an hour lets somebody
read on, and signing in again is one click while the university's own session lasts."""
LONGEST = timedelta(hours=9)
"""A working day: a browser left open overnight is signed out, whatever was done in it."""
COOKIE = "__Host-staff"
"""By its prefix a browser takes it only from this very host, over TLS and for all its paths."""


@dataclass(frozen=True, slots=True)
class CurrentStaff:
    """Who of the staff is here."""

    session_id: int
    secret_digest: str
    member_id: int
    role: str
    email: str | None
    started_at: datetime
    ends_at: datetime


class StaffSessionOver(Conflict):
    """Nobody is signed in here, or no longer."""


def begin(session: Session, member_id: int, old_secret: str | None) -> str:
    """Begin a session, and end the one that this browser had.

    :return: the secret for the cookie.
    """
    if old_secret:
        end(session, old_secret)
    secret, now = random_token(), clock.now()
    session.add(
        StaffSession(
            secret_digest=digest(secret), member_id=member_id, started_at=now, ends_at=now + IDLE
        )
    )
    return secret


_LOAD = (
    select(
        StaffSession.id.label("session_id"),
        StaffSession.secret_digest,
        StaffSession.member_id,
        StaffMember.role,
        StaffMember.email,
        StaffSession.started_at,
        StaffSession.ends_at,
    )
    .join(StaffMember, StaffMember.id == StaffSession.member_id)
    .where(
        StaffSession.secret_digest == bindparam("its_digest"),
        StaffMember.issuer == bindparam("its_issuer"),
        StaffMember.removed_at.is_(None),
    )
)


def load(session: Session, settings: Settings, secret: str | None) -> CurrentStaff:
    """Who is signed in, by the cookie.

    :raises StaffSessionOver: always in the same words.
    """
    row = None
    if secret and len(secret) <= 100:
        found = {"its_digest": digest(secret), "its_issuer": settings.oidc_issuer}
        row = run(session, _LOAD, **found).first()
    if row is None or row.ends_at <= clock.now():
        raise StaffSessionOver("You are not signed in, or no longer.")
    return CurrentStaff(**row._asdict())


def current() -> CurrentStaff:
    """Who of the staff makes this request; only under routes whose policy asks for staff."""
    return cast(CurrentStaff, g.staff)


def prolong(session: Session, staff: CurrentStaff) -> datetime:
    """Let a session last a full hour from now, but not beyond its longest; for an act of theirs."""
    ends_at = min(clock.now() + IDLE, staff.started_at + LONGEST)
    session.execute(
        update(StaffSession).where(StaffSession.id == staff.session_id).values(ends_at=ends_at)
    )
    return ends_at


def end(session: Session, secret: str) -> None:
    """Sign one browser out."""
    session.execute(delete(StaffSession).where(StaffSession.secret_digest == digest(secret)))


def end_all(session: Session, member_id: int | None = None) -> None:
    """End the sessions of one member of staff, or of all: after a restore they are of the past."""
    which = [] if member_id is None else [StaffSession.member_id == member_id]
    session.execute(delete(StaffSession).where(*which))


def sweep(database: Database) -> None:
    """Delete sessions that are over."""
    with database.read() as reading:
        over = reading.scalars(select(StaffSession.id).where(StaffSession.ends_at < clock.now()))
        ids = over.all()
    if ids:
        with database.write() as session:
            session.execute(delete(StaffSession).where(StaffSession.id.in_(ids)))


def form_token(settings: Settings, staff: CurrentStaff) -> str:
    """The hidden field that proves a form was ours: tied to the session, good while it lasts."""
    return keyed(settings.secret_key, f"staff-form:{staff.session_id}:{staff.secret_digest}").hex()


def set_cookie(response: Response, name: str, value: str, lasts: timedelta | None = None) -> None:
    """Give the browser a cookie that no script, frame or other site's form brings along."""
    response.set_cookie(
        name,
        value,
        max_age=lasts,
        path="/",
        secure=True,
        httponly=True,
        samesite="Lax",
    )


def drop_cookie(response: Response, name: str) -> None:
    """Let the browser forget a cookie."""
    response.delete_cookie(name, path="/", secure=True, httponly=True, samesite="Lax")
