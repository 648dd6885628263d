"""Links for guests: named outsiders without an account, who reach one thing by an address.

A link is a row, and its address the row's number signed with the tool's secret, so the address
is kept nowhere. What a link opens is in `guests.py`.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from lti_tool.audit.operations import record
from lti_tool.core import clock
from lti_tool.core.errors import Conflict
from lti_tool.core.identifiers import digest, random_token, same
from lti_tool.core.signed_links import guest_address, guest_token, read_guest_token
from lti_tool.db.statements import AnyRow, count_changed, insert_if_missing
from lti_tool.lti.models import Registration
from lti_tool.people.models import Guest, GuestLink, GuestVisit
from lti_tool.settings import Settings

EXAMINER = "examiner"
"""The purpose of a link: what it is given for."""


class LinkOver(Conflict):
    """A link opens nothing any more: expired, revoked or used up."""

    def __init__(self, sentence: str, link: AnyRow) -> None:
        super().__init__(sentence)
        self.link = link


@dataclass(frozen=True, slots=True)
class LinkRead:
    """A link as those who gave it see it."""

    id: int
    guest_id: int
    name: str
    email: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    opened: int
    """How often it was opened."""
    last_opened_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether it still opens something."""
        return self.revoked_at is None and self.expires_at > clock.now()


def keep_guest(
    session: Session, registration_id: int, name: str, email: str, *, renames: bool = True
) -> int:
    """The row number of a guest by e-mail, made where they are new; the newest name stays.

    :param renames: False where whoever gives the name may not change that of a known guest.
    """
    values = {"registration_id": registration_id, "email": email.lower(), "name": name}
    made = insert_if_missing(
        session, Guest, ["registration_id", "email"], {**values, "created_at": clock.now()}
    )
    if made is not None:
        return made
    known = (Guest.registration_id == registration_id, Guest.email == email.lower())
    if renames:
        session.execute(update(Guest).where(*known).values(name=name))
    return session.scalars(select(Guest.id).where(*known)).one()


def give_link(
    session: Session,
    settings: Settings,
    guest_id: int,
    *,
    purpose: str,
    subject: tuple[str, int],
    expires_at: datetime,
    actor_id: int | None,
    context_id: int | None,
    uses_left: int | None = None,
) -> int:
    """A new link for a guest to one thing.

    :param subject: kind and row number of what it opens, such as ("assignment", 3).
    :param actor_id: who gave it; None where a guest asked for it or the tool gave it by itself.
    :param uses_left: how often it may be turned into a guest visit; None for any number.
    :return: the link's number; `address_of` makes its address.
    """
    link = GuestLink(
        guest_id=guest_id,
        token_digest=random_token(),
        purpose=purpose,
        subject_kind=subject[0],
        subject_id=subject[1],
        uses_left=uses_left,
        expires_at=expires_at,
        created_at=clock.now(),
    )
    session.add(link)
    session.flush()  # the address is made of the number
    link.token_digest = digest(guest_token(settings.secret_key, link.id))
    session.flush()
    record(
        session,
        "guest link given",
        ("guest_link", link.id),
        actor="tool" if actor_id is None else "person",
        actor_id=actor_id,
        context_id=context_id,
        became={
            "guest": guest_id,
            "purpose": purpose,
            subject[0]: subject[1],
            "expires_at": expires_at.isoformat(),
        },
    )
    return link.id


def address_of(settings: Settings, link_id: int) -> str:
    """The address of a link, made again whenever it is needed."""
    return guest_address(settings.base_url, settings.secret_key, link_id)


def address_for_message(session: Session, settings: Settings, about: dict[str, Any]) -> str | None:
    """The address for a message that is about to leave, or None where the link is closed by now.

    :param about: what the message is about; "link" is the link's number.
    """
    row = session.execute(LINK.where(GuestLink.id == about.get("link"))).first()
    if row is None or why_closed(row) is not None:
        return None
    return address_of(settings, row.id)


def list_links(session: Session, purpose: str, subject: tuple[str, int]) -> list[LinkRead]:
    """The links to one thing, the newest first."""
    rows = session.execute(
        select(
            GuestLink.id,
            GuestLink.guest_id,
            Guest.name,
            Guest.email,
            GuestLink.created_at,
            GuestLink.expires_at,
            GuestLink.revoked_at,
            func.count(GuestVisit.id),
            func.max(GuestVisit.started_at),
        )
        .join(Guest, Guest.id == GuestLink.guest_id)
        .outerjoin(GuestVisit, GuestVisit.guest_link_id == GuestLink.id)
        .where(
            GuestLink.purpose == purpose,
            GuestLink.subject_kind == subject[0],
            GuestLink.subject_id == subject[1],
        )
        .group_by(GuestLink.id, Guest.id)
        .order_by(GuestLink.id.desc())
    )
    return [LinkRead(*row) for row in rows]


def revoke(
    session: Session,
    link_id: int,
    *,
    actor_id: int | None,
    context_id: int | None,
) -> bool:
    """Close a link and all that was opened by it, from the next request on.

    :param actor_id: who closed it; None where it followed from something else.
    :return: whether it was open until now.
    """
    changed = count_changed(
        session,
        update(GuestLink)
        .where(GuestLink.id == link_id, GuestLink.revoked_at.is_(None))
        .values(revoked_at=clock.now()),
    )
    if changed:
        record(
            session,
            "guest link revoked",
            ("guest_link", link_id),
            actor="tool" if actor_id is None else "person",
            actor_id=actor_id,
            context_id=context_id,
        )
    return bool(changed)


LINK = (
    select(
        GuestLink.id,
        GuestLink.token_digest,
        GuestLink.guest_id,
        GuestLink.purpose,
        GuestLink.subject_kind,
        GuestLink.subject_id,
        GuestLink.uses_left,
        GuestLink.expires_at,
        GuestLink.revoked_at,
        Guest.name,
        Guest.registration_id,
        Registration.is_enabled,
    )
    .join(Guest, Guest.id == GuestLink.guest_id)
    .join(Registration, Registration.id == Guest.registration_id)
)
"""A link with its guest; `people/guests.py` joins visits to it."""


def why_closed(row: AnyRow, *, is_used: bool = False) -> str | None:
    """Why a link opens nothing any more, or None where it does.

    :param is_used: whether somebody came by it already, so that no further use is asked for.
    """
    if row.revoked_at is not None or not row.is_enabled:
        return "This link was taken back by those who gave it to you. Ask them for a new one."
    if row.expires_at <= clock.now():
        return f"This link expired on {clock.day(row.expires_at)}. Ask for a new one."
    if not is_used and row.uses_left is not None and row.uses_left < 1:
        return "This link has been used up. Ask for a new one."
    return None


def find_link(session: Session, settings: Settings, token: str) -> AnyRow | None:
    """The link of an address, or None where no such link was ever given. Changes nothing.

    :raises LinkOver: it was given, and opens nothing any more; the sentence says why.
    """
    link_id = read_guest_token(settings.secret_key, token) if len(token) <= 200 else None
    if link_id is None:
        return None
    row = session.execute(LINK.where(GuestLink.id == link_id)).first()
    if row is None or not same(digest(token), row.token_digest):
        return None
    closed = why_closed(row)
    if closed is not None:
        raise LinkOver(closed, row)
    return row
