"""Who of the staff may sign in: named by an operator, nobody by themselves.

Being known to the university's provider lets nobody in, since every student is. An address counts
only where the provider says that it is verified, and only until its owner has signed in once:
from then on the provider's own id does, so that an address given to somebody else opens nothing.
"""

from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lti_tool.audit.operations import OPERATOR, by_staff, record
from lti_tool.core import clock
from lti_tool.core.errors import Conflict, NotFound, Unusable
from lti_tool.db.statements import AnyRow
from lti_tool.staff import sessions
from lti_tool.staff.models import StaffMember

ADMINISTRATOR, TECHNOLOGIST = "administrator", "technologist"
ROLES = (ADMINISTRATOR, TECHNOLOGIST)
"""An administrator may do everything; a technologist looks, checks connections and sends again."""
_LONGEST_SUBJECT, _LONGEST_EMAIL = 255, 320


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom the provider has signed in."""

    issuer: str
    subject: str
    email: str | None
    """In small letters; None where the provider gives none or has not verified it."""


def _is_text(value: str | None, longest: int) -> bool:
    return bool(value and len(value) <= longest and value.isprintable() and value == value.strip())


def add_member(
    session: Session,
    issuer: str,
    role: str,
    *,
    subject: str | None = None,
    email: str | None = None,
) -> int:
    """Let somebody in, by the provider's id of them or by their address; or change their role.

    :return: the number of their entry.
    :raises Unusable: neither or both are given, or it cannot be one.
    """
    if role not in ROLES:
        raise Unusable(f"There is no role {role}. Use {' or '.join(ROLES)}.")
    if (subject is None) == (email is None):
        raise Unusable("Give either the provider’s id of the person or their e-mail address.")
    if subject is not None and not _is_text(subject, _LONGEST_SUBJECT):
        raise Unusable("A person’s id has 1 to 255 characters on one line.")
    if email is not None and not (_is_text(email, _LONGEST_EMAIL) and email.count("@") == 1):
        raise Unusable(f"“{email}” is no e-mail address.")
    email = email.lower() if email else None
    which = StaffMember.subject == subject if subject else StaffMember.email == email
    there = session.scalar(
        select(StaffMember)
        .where(StaffMember.issuer == issuer, StaffMember.removed_at.is_(None), which)
        .with_for_update()
    )
    was = {"role": there.role} if there else None
    if there is None:
        there = StaffMember(issuer=issuer, subject=subject, email=email, added_at=clock.now())
        session.add(there)
    there.role = role
    session.flush()
    if was != {"role": role}:
        about = ("staff_member", there.id)
        record(session, "staff named", about, was=was, became={"role": role}, **OPERATOR)
    return there.id


def remove_member(session: Session, number: int) -> None:
    """Let somebody in no more, and end their sessions at once.

    :raises NotFound: there is nobody with this number.
    """
    gone = session.scalar(
        select(StaffMember)
        .where(StaffMember.id == number, StaffMember.removed_at.is_(None))
        .with_for_update()
    )
    if gone is None:
        raise NotFound(f"There is no staff entry {number}. `lti-tool staff list` shows them.")
    gone.removed_at = clock.now()
    sessions.end_all(session, number)
    record(session, "staff removed", ("staff_member", number), was={"role": gone.role}, **OPERATOR)


def list_members(session: Session) -> list[AnyRow]:
    """Who is let in, by number."""
    return list(
        session.execute(
            select(*StaffMember.__table__.c)
            .where(StaffMember.removed_at.is_(None))
            .order_by(StaffMember.id)
        )
    )


def recognise(session: Session, identity: Identity) -> int | None:
    """The entry of somebody who has just signed in, or None where they are not let in.

    :raises Conflict: somebody else is signing in by the same address at this moment.
    """
    here = select(StaffMember.id).where(
        StaffMember.issuer == identity.issuer, StaffMember.removed_at.is_(None)
    )
    found = session.scalar(here.where(StaffMember.subject == identity.subject))
    if found is None and identity.email is not None:
        found = session.scalar(
            here.where(StaffMember.email == identity.email, StaffMember.subject.is_(None))
        )
    if found is None:
        return None
    bound = session.execute(
        update(StaffMember)
        .where(
            StaffMember.id == found,
            StaffMember.removed_at.is_(None),
            StaffMember.subject.is_(None) | (StaffMember.subject == identity.subject),
        )
        .values(subject=identity.subject, signed_in_at=clock.now())
        .returning(StaffMember.id)
    ).scalar()
    if bound is None:
        raise Conflict("Your entry was changed while you signed in. Sign in again.")
    record(session, "staff signed in", ("staff_member", found), **by_staff(found))
    return found
