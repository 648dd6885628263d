"""What the worker does now and then: remind hosts once, end what has run out, ask anew where a
visit was changed after it was confirmed."""

from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lti_tool.activities.placement_log import states
from lti_tool.activities.placement_log.confirming.answering import tell_participant
from lti_tool.activities.placement_log.confirming.confirmation import EXPIRED
from lti_tool.activities.placement_log.confirming.operations import (
    HOST_REMINDED,
    NotWaiting,
    TooOften,
    ask,
    close,
)
from lti_tool.activities.placement_log.confirming.queries import find_confirmation
from lti_tool.activities.placement_log.confirming.visit_rows import course_of, find_visit
from lti_tool.activities.placement_log.models import Confirmation, PartnerVisit
from lti_tool.activities.placement_log.numbers import load_numbers
from lti_tool.activities.placement_log.visit_reads import VisitRead
from lti_tool.core import clock
from lti_tool.db import Database
from lti_tool.db.rounds import Rounds
from lti_tool.mail.outbox import tell
from lti_tool.programme.school_days import load_terms, school_days_between
from lti_tool.settings import Settings

_QUIET = timedelta(minutes=15)
"""How long after a change the host is asked anew, so that it can be finished first."""
_GIVEN_UP = timedelta(days=30)
_AT_ONCE = 200
_rounds = Rounds(timedelta(minutes=5))
_is_open = Confirmation.answered_at.is_(None) & Confirmation.closed_at.is_(None)


def list_run_out(session: Session) -> list[int]:
    """Askings whose time is over and that nobody ended."""
    return list(
        session.scalars(
            select(Confirmation.id)
            .where(_is_open, Confirmation.expires_at <= clock.now())
            .order_by(Confirmation.id)
            .limit(_AT_ONCE)
        )
    )


def end_run_out(session: Session, confirmation_id: int) -> None:
    """End an asking whose time is over, and tell the participant."""
    one = find_confirmation(session, confirmation_id)
    visit = find_visit(session, one.visit_id, lock=True) if one is not None else None
    one = find_confirmation(session, confirmation_id)
    if one is None or visit is None or one.standing != EXPIRED or one.closed_at is not None:
        return
    context_id = course_of(session, visit.assignment_id).context_id
    close(session, one, EXPIRED, actor_id=None, context_id=context_id)
    if visit.state == states.DONE:
        tell_participant(session, visit, one.id, EXPIRED)


def list_to_remind(session: Session, settings: Settings) -> list[int]:
    """Askings by e-mail that were never reminded of and have waited so many school days."""
    days = load_numbers(settings.config_dir).reminder_school_days
    if not days or not settings.mail_url:
        return []
    now, terms = clock.now(), load_terms(settings.config_dir)
    rows = session.execute(
        select(Confirmation.id, Confirmation.asked_at)
        .join(PartnerVisit, PartnerVisit.id == Confirmation.visit_id)
        .where(
            _is_open,
            Confirmation.guest_id.is_not(None),
            Confirmation.reminded_at.is_(None),
            Confirmation.expires_at > now,
            Confirmation.asked_at <= now - timedelta(days=days),
            PartnerVisit.state == states.DONE,
            PartnerVisit.removed_at.is_(None),
        )
        .order_by(Confirmation.id)
    )
    today = clock.in_london(now).date()
    waited = [
        row.id
        for row in rows
        if school_days_between(clock.in_london(row.asked_at).date(), today, terms) >= days
    ]
    return waited[:_AT_ONCE]


def remind(session: Session, confirmation_id: int) -> None:
    """Promise the one reminder; the message looks again whether it is still true."""
    one = find_confirmation(session, confirmation_id)
    visit = find_visit(session, one.visit_id) if one is not None else None
    if one is None or visit is None or one.guest_id is None or one.reminded_at is not None:
        return
    session.execute(
        update(Confirmation).where(Confirmation.id == one.id).values(reminded_at=clock.now())
    )
    tell(
        session,
        HOST_REMINDED,
        once=f"{one.id}",
        guest_id=one.guest_id,
        context_id=course_of(session, visit.assignment_id).context_id,
        assignment_id=visit.assignment_id,
        about={"confirmation": one.id},
    )


def list_to_ask_anew(session: Session) -> list[int]:
    """The broken confirmations that came by a link, of visits that wait for a host and have not
    asked one since."""
    now = clock.now()
    later = (
        select(Confirmation.id)
        .where(Confirmation.visit_id == PartnerVisit.id, Confirmation.asked_at > now - _GIVEN_UP)
        .correlate(PartnerVisit)
    )
    broken = Confirmation.__table__.alias()
    return list(
        session.scalars(
            select(broken.c.id)
            .join(PartnerVisit, PartnerVisit.id == broken.c.visit_id)
            .where(
                broken.c.broken_at <= now - _QUIET,
                broken.c.broken_at > now - _GIVEN_UP,
                broken.c.guest_id.is_not(None),
                PartnerVisit.state == states.DONE,
                PartnerVisit.removed_at.is_(None),
                ~later.where(Confirmation.asked_at >= broken.c.broken_at).exists(),
            )
            .order_by(broken.c.id)
            .limit(_AT_ONCE)
        )
    )


def ask_anew(session: Session, settings: Settings, confirmation_id: int) -> None:
    """Ask the same host again about a visit that was changed after they confirmed it."""
    one = find_confirmation(session, confirmation_id)
    visit: VisitRead | None = find_visit(session, one.visit_id) if one is not None else None
    if one is None or visit is None or not one.guest_email:
        return
    try:
        ask(
            session,
            settings,
            visit,
            name=one.guest_name or "",
            email=one.guest_email,
            actor_id=None,
        )
    except (NotWaiting, TooOften):
        return  # the participant moved on, or will ask tomorrow


def sweep(database: Database, settings: Settings) -> None:
    """All three, at most every five minutes in a process; each asking in a transaction of its
    own, so that one that cannot be done holds up no other."""
    if not _rounds.begin(database):
        return
    with database.read() as session:
        over, waiting = list_run_out(session), list_to_remind(session, settings)
        anew = list_to_ask_anew(session)
    for confirmation_id in over:
        with database.write() as session:
            end_run_out(session, confirmation_id)
    for confirmation_id in waiting:
        with database.write() as session:
            remind(session, confirmation_id)
    for confirmation_id in anew:
        with database.write() as session:
            ask_anew(session, settings, confirmation_id)
