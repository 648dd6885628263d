"""What a message tells of, looked up when it leaves: the address, the course, the activity as
the course site names it, and the receipt or date it speaks of.

Mail itself knows none of these tables; the worker hands it this function.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.core import clock
from lti_tool.coursework.models import Assignment, Extension, FurtherAttempt, HandedInCopy
from lti_tool.coursework.reminders import is_still_due
from lti_tool.db.statements import AnyRow
from lti_tool.lti.models import Context, ResourceLink
from lti_tool.mail import kinds, links, outbox
from lti_tool.mail.letters import Facts
from lti_tool.people.models import Guest, GuestLink, Person
from lti_tool.settings import Settings

Values = dict[str, str] | None
"""What fills a text's placeholders; None where the message is no longer true."""


def _address(session: Session, row: AnyRow) -> str | None:
    if row.guest_id is not None:
        return session.scalar(select(Guest.email).where(Guest.id == row.guest_id))
    return session.scalar(select(Person.email).where(Person.id == row.person_id))


def _titles(session: Session, row: AnyRow) -> tuple[str, str]:
    """Course and activity as people see them on their course site."""
    course = session.scalar(select(Context.title).where(Context.id == row.context_id))
    link = session.scalar(
        select(ResourceLink.title)
        .where(
            ResourceLink.assignment_id == row.assignment_id,
            ResourceLink.context_id == row.context_id,
            ResourceLink.title != "",
        )
        .order_by(ResourceLink.id.desc())
        .limit(1)
    )
    own = session.scalar(select(Assignment.title).where(Assignment.id == row.assignment_id))
    return course or "your course", link or own or "the activity"


def _of_copy(session: Session, row: AnyRow) -> Values:
    copy = session.execute(
        select(HandedInCopy.receipt, HandedInCopy.handed_in_at, HandedInCopy.taken_back_at).where(
            HandedInCopy.id == row.about["copy"]
        )
    ).first()
    if copy is None or copy.taken_back_at is not None:
        return None
    return {"receipt": copy.receipt, "handed_in_at": clock.day_and_time(copy.handed_in_at)}


def _of_extension(session: Session, row: AnyRow) -> Values:
    if "extension" not in row.about:
        return _of_times(row)
    due_at = session.scalar(
        select(Extension.due_at).where(
            Extension.id == row.about["extension"], Extension.withdrawn_at.is_(None)
        )
    )
    return None if due_at is None else {"due_at": clock.day_and_time(due_at)}


def _of_attempt(session: Session, row: AnyRow) -> Values:
    """The date of the further attempt that was opened."""
    if "attempt" not in row.about:
        return _of_times(row)
    due_at = session.scalar(
        select(FurtherAttempt.due_at).where(
            FurtherAttempt.assignment_id == row.assignment_id,
            FurtherAttempt.person_id == row.person_id,
            FurtherAttempt.attempt == row.about["attempt"],
        )
    )
    return None if due_at is None else {"due_at": clock.day_and_time(due_at)}


def _of_times(row: AnyRow) -> dict[str, str]:
    return {
        name: clock.day_and_time(datetime.fromisoformat(row.about[name]))
        for name in ("due_at", "expires_at")
        if name in row.about
    }


def _of_link(session: Session, settings: Settings, row: AnyRow) -> Values:
    """The link's address, if it still opens something."""
    is_open = session.scalar(
        select(GuestLink.id).where(
            GuestLink.id == row.about["link"],
            GuestLink.revoked_at.is_(None),
            GuestLink.expires_at > clock.now(),
        )
    )
    if is_open is None:
        return None
    link = links.make_link(session, settings, row.kind, row.about)
    return None if link is None else {**_of_times(row), "link": link}


def _values(session: Session, settings: Settings, row: AnyRow) -> Values:
    brought = kinds.find_declared(row.kind)
    if brought is not None:
        return brought.find_values(session, settings, row)
    if row.kind == outbox.HANDED_IN:
        return _of_copy(session, row)
    if row.kind == outbox.EXTENDED:
        return _of_extension(session, row)
    if row.kind == outbox.RETURNED:
        return _of_attempt(session, row)
    if row.kind == outbox.EXAMINER_LINK:
        return _of_link(session, settings, row)
    if row.kind == outbox.DUE_SOON and not is_still_due(session, row):
        return None
    return _of_times(row)


def find_facts(session: Session, settings: Settings, row: AnyRow) -> Facts:
    """What a message tells of.

    :param row: the message, all its columns.
    """
    values = _values(session, settings, row)
    if values is None:
        return Facts(None, is_moot=True)
    course, activity = _titles(session, row)
    return Facts(_address(session, row), course, activity, values)
