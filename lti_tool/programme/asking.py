"""Asking a head: sending the link, sending it again, withdrawing it."""

from datetime import timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from lti_tool.audit.operations import record
from lti_tool.core import clock
from lti_tool.core.errors import Conflict
from lti_tool.db.statements import count_changed
from lti_tool.mail.outbox import tell
from lti_tool.people import guest_links
from lti_tool.people.models import GuestLink, Person
from lti_tool.programme.agreements import AGREED, HEAD, SUBJECT, AgreementRead, find_agreement
from lti_tool.programme.mentors import By
from lti_tool.programme.models import SchoolAgreement
from lti_tool.programme.numbers import load_programme_numbers
from lti_tool.programme.school_days import end_of_school_days, load_terms
from lti_tool.settings import Settings

HEAD_LINK, HEAD_REMINDER = "head_link", "head_reminder"
HEAD_ANSWERED = "head_answered"
"""Kinds of messages: to the head, with the link; to the head, once; to the participant."""
_DAY = timedelta(days=1)


class SentTooOften(Conflict):
    """The link was sent as often as a day allows."""


class AgreedAlready(Conflict):
    """The school has agreed, so that nobody needs to be asked."""


class NothingToSend(Conflict):
    """Nothing is waiting for the head's answer any more."""


def _require_few(session: Session, settings: Settings, person_id: int) -> None:
    """Links of a head for one participant are counted, not messages: each goes with one."""
    most = load_programme_numbers(settings.config_dir).most_sends_a_day
    sent = session.scalar(
        select(func.count(GuestLink.id))
        .join(SchoolAgreement, SchoolAgreement.id == GuestLink.subject_id)
        .where(
            GuestLink.purpose == HEAD,
            GuestLink.subject_kind == SUBJECT,
            SchoolAgreement.person_id == person_id,
            GuestLink.created_at > clock.now() - _DAY,
        )
    )
    if (sent or 0) >= most:
        times = "once" if most == 1 else f"{most} times"
        raise SentTooOften(
            f"The link was sent {times} within a day, which is the most. Send it again tomorrow, "
            "or ask the head to look among unwanted mail."
        )


def _send(session: Session, settings: Settings, agreement_id: int, guest_id: int, by: By) -> None:
    """Give the head a fresh link and promise the message with it."""
    days = load_programme_numbers(settings.config_dir).agreement_school_days
    terms = load_terms(settings.config_dir)
    link_id = guest_links.give_link(
        session,
        settings,
        guest_id,
        purpose=HEAD,
        subject=(SUBJECT, agreement_id),
        expires_at=end_of_school_days(clock.now(), days, terms),
        actor_id=by.person_id,
        context_id=by.context_id,
    )
    session.execute(
        update(SchoolAgreement)
        .where(SchoolAgreement.id == agreement_id)
        .values(guest_link_id=link_id)
    )
    tell(
        session,
        HEAD_LINK,
        once=f"link:{link_id}",
        guest_id=guest_id,
        context_id=by.context_id,
        assignment_id=by.assignment_id,
        about={"link": link_id, "agreement": agreement_id},
    )


def ask_head(
    session: Session,
    settings: Settings,
    person_id: int,
    school_id: int,
    *,
    registration_id: int,
    name: str,
    email: str,
    by: By,
) -> int:
    """Ask the head of somebody's school to agree; who was asked before is asked no longer.

    :return: the number of what was asked.
    :raises AgreedAlready: the school has agreed.
    :raises SentTooOften: the link was sent as often as a day allows.
    """
    session.execute(select(Person.id).where(Person.id == person_id).with_for_update())  # two tabs
    before = find_agreement(session, person_id)
    if before is not None and before.state == AGREED:
        raise AgreedAlready("The school has agreed already: there is nothing to ask for.")
    _require_few(session, settings, person_id)
    if before is not None:
        close(session, before, by=by, why="the head was asked anew")
    guest_id = guest_links.keep_guest(session, registration_id, name, email)
    asked = SchoolAgreement(
        person_id=person_id,
        context_id=by.context_id,
        assignment_id=by.assignment_id,
        school_id=school_id,
        guest_id=guest_id,
        source="school",
        asked_at=clock.now(),
        answer={},
    )
    session.add(asked)
    session.flush()
    record(
        session,
        "head asked to agree",
        (SUBJECT, asked.id),
        actor_id=by.person_id,
        context_id=by.context_id,
        became={"person": person_id, "school": school_id, "guest": guest_id},
    )
    _send(session, settings, asked.id, guest_id, by)
    return asked.id


def send_again(session: Session, settings: Settings, person_id: int, *, by: By) -> None:
    """Send the head a fresh link, which works for the whole time again; the one before ends.

    :raises NothingToSend: the head has answered, or was never asked.
    :raises SentTooOften: it was sent as often as a day allows.
    """
    found = find_agreement(session, person_id)
    if found is None or found.answered_at is not None or found.guest_id is None:
        raise NothingToSend(
            "There is no question waiting for the head’s answer. Look at the page again."
        )
    _require_few(session, settings, person_id)
    _revoke(session, found, by)
    _send(session, settings, found.id, found.guest_id, by)


def withdraw(session: Session, person_id: int, *, by: By) -> None:
    """Take the question back: the head's link opens nothing from now on.

    :raises NothingToSend: the head has answered, or was never asked.
    """
    found = find_agreement(session, person_id)
    if found is None or found.answered_at is not None:
        raise NothingToSend(
            "There is nothing to withdraw: the head has answered, or was not asked. Look at the "
            "page again."
        )
    close(session, found, by=by, why="withdrawn")


def close(session: Session, found: AgreementRead, *, by: By, why: str) -> None:
    """Close what was asked or agreed: it counts no longer, and its link ends."""
    changed = count_changed(
        session,
        update(SchoolAgreement)
        .where(SchoolAgreement.id == found.id, SchoolAgreement.closed_at.is_(None))
        .values(closed_at=clock.now()),
    )
    if not changed:
        return
    _revoke(session, found, by)
    record(
        session,
        "school’s agreement closed",
        (SUBJECT, found.id),
        actor=by.actor,
        actor_id=by.person_id,
        context_id=by.context_id,
        reason=why,
    )


def _revoke(session: Session, found: AgreementRead, by: By) -> None:
    if found.link_id is not None:
        guest_links.revoke(session, found.link_id, actor_id=by.person_id, context_id=by.context_id)
