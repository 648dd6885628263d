"""Asking a host: sending the link, showing the code, sending again, withdrawing.

A visit has one open asking at most; a new one closes the one before. Whoever calls holds the
visit's row (`find_visit(lock=True)`), so that two tabs never ask twice.
"""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from lti_tool.activities.placement_log import states
from lti_tool.activities.placement_log.confirming.codes import free_code_digest
from lti_tool.activities.placement_log.confirming.confirmation import (
    EXPIRED,
    REPLACED,
    WITHDRAWN,
    ConfirmationRead,
)
from lti_tool.activities.placement_log.confirming.queries import list_of_visit
from lti_tool.activities.placement_log.confirming.visit_rows import Course, course_of, find_visit
from lti_tool.activities.placement_log.models import Confirmation
from lti_tool.activities.placement_log.numbers import load_numbers
from lti_tool.activities.placement_log.visit_reads import VisitRead
from lti_tool.audit.operations import record
from lti_tool.audit.queries import list_since
from lti_tool.core import clock
from lti_tool.core.errors import Conflict
from lti_tool.mail.outbox import tell
from lti_tool.people import guest_links
from lti_tool.programme.school_days import end_of_school_days, load_terms
from lti_tool.settings import Settings

HOST = "host"
"""The purpose of a host's link."""
HOST_ASKED, HOST_REMINDED, HOST_ANSWERED = "host_asked", "host_reminded", "host_answered"
"""Kinds of messages: to the host, twice; to the participant, what came of it."""
ASKED = "host asked"
_DAY = timedelta(days=1)


class TooOften(Conflict):
    """This visit's host was written to often enough today."""


class NotWaiting(Conflict):
    """The visit waits for no host now."""


@dataclass(frozen=True, slots=True)
class Asked:
    """An asking that was begun."""

    confirmation_id: int


def require_waiting(session: Session, visit_id: int) -> VisitRead:
    """The visit, held until the transaction ends.

    :raises NotWaiting: it is not done yet, or confirmed, or gone.
    """
    visit = find_visit(session, visit_id, lock=True)
    if visit is None or visit.state != states.DONE:
        raise NotWaiting(
            "A host can be asked once the visit is marked as done, and while it is not confirmed."
        )
    return visit


def find_open(session: Session, visit_id: int) -> ConfirmationRead | None:
    """The asking that has neither an answer nor an end, run out or not."""
    return next(
        (
            one
            for one in list_of_visit(session, visit_id)
            if one.answered_at is None and one.closed_at is None
        ),
        None,
    )


def _require_not_too_often(session: Session, settings: Settings, visit_id: int) -> int:
    """:return: how often the host was written to within 24 hours, this time included."""
    most = load_numbers(settings.config_dir).most_sends_a_day
    about = ("partner_visit", visit_id)
    sent = len(list_since(session, about, ASKED, clock.now() - _DAY, most))
    if sent >= most:
        raise TooOften(
            f"The host of this visit was written to {most} times within a day, which is the most. "
            "Try again tomorrow, or show the code."
        )
    return sent + 1


def close(
    session: Session, one: ConfirmationRead, why: str, *, actor_id: int | None, context_id: int
) -> None:
    """End an asking without an answer: its link and its code open nothing any more."""
    session.execute(
        update(Confirmation)
        .where(
            Confirmation.id == one.id,
            Confirmation.answered_at.is_(None),
            Confirmation.closed_at.is_(None),
        )
        .values(closed_at=clock.now(), why_closed=why, code_digest=None)
    )
    if one.guest_link_id is not None:
        guest_links.revoke(session, one.guest_link_id, actor_id=actor_id, context_id=context_id)


def _begin(
    session: Session,
    settings: Settings,
    visit: VisitRead,
    guest_id: int | None,
    course: Course,
    actor_id: int | None,
    passed_from_id: int | None,
) -> Confirmation:
    numbers = load_numbers(settings.config_dir)
    now = clock.now()
    one = Confirmation(
        visit_id=visit.id,
        guest_id=guest_id,
        asked_at=now,
        expires_at=end_of_school_days(
            now, numbers.link_school_days, load_terms(settings.config_dir)
        ),
        passed_from_id=passed_from_id,
    )
    session.add(one)
    session.flush()  # link and code are made of the number
    one.code_digest = free_code_digest(session, settings, one.id)
    if guest_id is not None:
        one.guest_link_id = guest_links.give_link(
            session,
            settings,
            guest_id,
            purpose=HOST,
            subject=("confirmation", one.id),
            expires_at=one.expires_at,
            actor_id=actor_id,
            context_id=course.context_id,
        )
    session.flush()
    return one


def _note_asked(
    session: Session, visit: VisitRead, confirmation_id: int, course: Course, actor_id: int | None
) -> None:
    record(
        session,
        ASKED,
        ("partner_visit", visit.id),
        actor="person" if actor_id is not None else "tool",
        actor_id=actor_id,
        context_id=course.context_id,
        became={"confirmation": confirmation_id},
    )


def _write(
    session: Session,
    visit: VisitRead,
    confirmation_id: int,
    guest_id: int,
    course: Course,
    once: str,
) -> None:
    tell(
        session,
        HOST_ASKED,
        once=f"{confirmation_id}:{once}",
        guest_id=guest_id,
        context_id=course.context_id,
        assignment_id=visit.assignment_id,
        about={"confirmation": confirmation_id},
    )


def ask(
    session: Session,
    settings: Settings,
    visit: VisitRead,
    *,
    name: str,
    email: str,
    actor_id: int | None,
    passed_from_id: int | None = None,
) -> Asked:
    """Ask somebody at the host school by a link in a message; who was asked before no longer is.
    The same person again is sent the same link.

    :param actor_id: the participant; None where a host passes it on, or the tool asks again.
    :raises NotWaiting: the visit waits for no host.
    :raises TooOften: the host was written to often enough today.
    """
    visit = require_waiting(session, visit.id)
    course = course_of(session, visit.assignment_id)
    guest_id = guest_links.keep_guest(session, course.registration_id, name, email, renames=False)
    before = find_open(session, visit.id)
    if before is not None and before.guest_id == guest_id and before.expires_at > clock.now():
        send_again(session, settings, visit, actor_id=actor_id)
        return Asked(before.id)
    _require_not_too_often(session, settings, visit.id)
    if before is not None:
        why = REPLACED if before.expires_at > clock.now() else EXPIRED
        close(session, before, why, actor_id=actor_id, context_id=course.context_id)
    one = _begin(session, settings, visit, guest_id, course, actor_id, passed_from_id)
    _note_asked(session, visit, one.id, course, actor_id)
    _write(session, visit, one.id, guest_id, course, "1")
    return Asked(one.id)


def show_code(session: Session, settings: Settings, visit: VisitRead, *, actor_id: int) -> Asked:
    """Begin an asking by a code alone, for the participant's phone; one that is open stays.

    :raises NotWaiting: the visit waits for no host.
    """
    visit = require_waiting(session, visit.id)
    course = course_of(session, visit.assignment_id)
    before = find_open(session, visit.id)
    if before is not None:
        if before.expires_at > clock.now():
            return Asked(before.id)
        close(session, before, EXPIRED, actor_id=actor_id, context_id=course.context_id)
    one = _begin(session, settings, visit, None, course, actor_id, None)
    record(
        session,
        "code shown",
        ("partner_visit", visit.id),
        actor_id=actor_id,
        context_id=course.context_id,
        became={"confirmation": one.id},
    )
    return Asked(one.id)


def send_again(
    session: Session, settings: Settings, visit: VisitRead, *, actor_id: int | None
) -> None:
    """Send the open link once more, to the same person.

    :raises NotWaiting: nobody is asked by e-mail now.
    :raises TooOften: the host was written to often enough today.
    """
    visit = require_waiting(session, visit.id)
    one = find_open(session, visit.id)
    if one is None or one.guest_id is None or one.expires_at <= clock.now():
        raise NotWaiting("Nobody is asked by e-mail at the moment. Ask the host first.")
    _require_not_too_often(session, settings, visit.id)
    course = course_of(session, visit.assignment_id)
    _note_asked(session, visit, one.id, course, actor_id)
    _write(session, visit, one.id, one.guest_id, course, clock.now().isoformat())


def withdraw(session: Session, visit: VisitRead, *, actor_id: int, why: str = WITHDRAWN) -> bool:
    """Take an asking back: the link and the code open nothing any more, and a message that has
    not left does not leave.

    :param why: also CHANGED, where the visit itself is no longer waiting.
    :return: whether there was one.
    """
    find_visit(session, visit.id, lock=True)
    one = find_open(session, visit.id)
    if one is None:
        return False
    course = course_of(session, visit.assignment_id)
    close(session, one, why, actor_id=actor_id, context_id=course.context_id)
    record(
        session,
        "host no longer asked",
        ("partner_visit", visit.id),
        actor_id=actor_id,
        context_id=course.context_id,
        became={"confirmation": one.id},
        reason=why,
    )
    return True
