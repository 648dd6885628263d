"""Reminding heads who have not answered: once for each link, after so many school days."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.core import clock
from lti_tool.db import Database
from lti_tool.db.rounds import Rounds
from lti_tool.mail.models import Message
from lti_tool.mail.outbox import once_key, tell
from lti_tool.programme.agreements import AgreementRead, list_waiting
from lti_tool.programme.asking import HEAD_REMINDER
from lti_tool.programme.numbers import load_programme_numbers
from lti_tool.programme.school_days import load_terms, school_days_between
from lti_tool.settings import Settings

_rounds = Rounds(timedelta(hours=1))


def _once(one: AgreementRead) -> str:
    return f"link:{one.link_id}"


def _list_due(session: Session, settings: Settings) -> list[AgreementRead]:
    days = load_programme_numbers(settings.config_dir).reminder_school_days
    terms = load_terms(settings.config_dir)
    today = clock.in_london(clock.now()).date()
    found = [
        one
        for one in list_waiting(session)
        if one.sent_at is not None
        and school_days_between(clock.in_london(one.sent_at).date(), today, terms) >= days
    ]
    promised = set(
        session.scalars(
            select(Message.once_key).where(
                Message.kind == HEAD_REMINDER,
                Message.guest_id.in_({one.guest_id for one in found}),
            )
        )
    )
    return [
        one
        for one in found
        if once_key(HEAD_REMINDER, _once(one), None, one.guest_id) not in promised
    ]


def remind_heads(database: Database, settings: Settings) -> None:
    """Promise the reminders that are due, at most once an hour in a process; none where no mail is
    sent."""
    if not settings.mail_url or not _rounds.begin(database):
        return
    with database.read() as session:
        due = _list_due(session, settings)
    if not due:
        return
    with database.write() as session:
        for one in due:
            tell(
                session,
                HEAD_REMINDER,
                once=_once(one),
                guest_id=one.guest_id,
                context_id=one.context_id,
                assignment_id=one.assignment_id,
                about={"link": one.link_id, "agreement": one.id},
            )
