"""Guest visits: what a link opens.

Opening a link by GET changes nothing; a POST turns it into a guest visit, proved by a cookie as
a visit is. Link and registration are asked again at every request: whoever revokes a link closes
its visits too.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from flask import g
from sqlalchemy import insert, update
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from lti_tool.audit.operations import record
from lti_tool.core import clock
from lti_tool.core.errors import Conflict
from lti_tool.core.identifiers import digest, keyed, random_token, same
from lti_tool.db.statements import AnyRow, count_changed
from lti_tool.people.guest_links import LINK, LinkOver, why_closed
from lti_tool.people.models import GuestLink, GuestVisit
from lti_tool.settings import Settings
from lti_tool.web import cookies

LASTS = timedelta(hours=8)
COOKIE = "guest"


class GuestVisitOver(Conflict):
    """There is no such guest visit, it has ended, or this browser did not begin it."""


@dataclass(frozen=True, slots=True)
class CurrentGuest:
    """Who is here by a link, and what the link is for."""

    id: int
    handle: str
    secret_digest: str
    guest_id: int
    name: str
    link_id: int
    purpose: str
    subject_kind: str
    subject_id: int
    registration_id: int
    expires_at: datetime


def begin(session: Session, link: AnyRow) -> tuple[str, str]:
    """Turn a link into a guest visit.

    :return: the handle for the address and the secret for the cookie.
    :raises LinkOver: it was used up in between.
    """
    if link.uses_left is not None and not count_changed(
        session,
        update(GuestLink)
        .where(GuestLink.id == link.id, GuestLink.uses_left > 0)
        .values(uses_left=GuestLink.uses_left - 1),
    ):
        raise LinkOver("This link has been used up. Ask for a new one.", link)
    handle, secret = random_token(22), random_token()
    now = clock.now()
    session.execute(
        insert(GuestVisit).values(
            handle=handle,
            secret_digest=digest(secret),
            guest_link_id=link.id,
            started_at=now,
            ends_at=min(now + LASTS, link.expires_at),
        )
    )
    record(session, "guest link opened", ("guest_link", link.id), actor="guest")
    return handle, secret


_VISIT = LINK.add_columns(
    GuestVisit.id.label("visit_id"),
    GuestVisit.handle,
    GuestVisit.secret_digest,
    GuestVisit.ends_at,
).join(GuestVisit, GuestVisit.guest_link_id == GuestLink.id)


def load(session: Session, handle: str, secret: str | None) -> CurrentGuest:
    """The guest visit a handle selects, proved by its cookie.

    :raises GuestVisitOver: there is none, or it has ended; alike for all that is not proved.
    """
    known_shape = handle.isascii() and handle.isalnum() and len(handle) <= 40
    row = (
        session.execute(_VISIT.where(GuestVisit.handle == handle)).first() if known_shape else None
    )
    if row is None or secret is None or not same(digest(secret), row.secret_digest):
        raise GuestVisitOver("This page is not open in this browser.")
    closed = why_closed(row, is_used=True)
    if closed is not None or row.ends_at <= clock.now():
        raise GuestVisitOver(closed or "This page was open for a long time and has closed.")
    return CurrentGuest(
        id=row.visit_id,
        handle=row.handle,
        secret_digest=row.secret_digest,
        guest_id=row.guest_id,
        name=row.name,
        link_id=row.id,
        purpose=row.purpose,
        subject_kind=row.subject_kind,
        subject_id=row.subject_id,
        registration_id=row.registration_id,
        expires_at=row.expires_at,
    )


def current() -> CurrentGuest:
    """The guest of this request; only under routes whose policy asks for one."""
    return cast(CurrentGuest, g.guest)


def set_cookie(response: Response, handle: str, secret: str) -> None:
    """Give the browser the proof of a guest visit: for its own path, never in a frame."""
    cookies.keep(response, COOKIE, secret, f"/g/{handle}/", samesite="Lax")


def form_token(settings: Settings, guest: CurrentGuest) -> str:
    """The hidden field that proves a form was ours: tied to the guest visit."""
    return keyed(settings.secret_key, f"guest-form:{guest.id}:{guest.secret_digest}").hex()
