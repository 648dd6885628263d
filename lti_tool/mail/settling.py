"""What becomes of a message after a try, and what a person may ask for afterwards."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from lti_tool.audit.operations import record
from lti_tool.core import clock
from lti_tool.core.errors import Conflict
from lti_tool.db.statements import AnyRow, count_changed
from lti_tool.jobs.queue import MAIL, wake
from lti_tool.mail.models import Message
from lti_tool.mail.outbox import CANCELLED, FAILED, SENT, UNSURE, WAITING
from lti_tool.mail.verdicts import LOST, REFUSED, MessageNotFound, Verdict, pause_s
from lti_tool.mail.verdicts import SENT as ARRIVED

GIVE_UP_AFTER = timedelta(days=5)


def settle(session: Session, row: AnyRow, state: str, reason: str | None, **more: Any) -> None:
    """Close a claimed message, if its claim is still the one we hold. One that was doubted
    meanwhile is settled too: whoever held the claim knows the truth."""
    session.execute(
        update(Message)
        .where(
            Message.id == row.id,
            Message.lease == row.lease,
            Message.state.in_((WAITING, UNSURE)),
        )
        .values(state=state, reason=reason, lease=None, leased_until=None, **more)
        .execution_options(synchronize_session=False)
    )


def _promised_at(row: AnyRow) -> datetime:
    """When it was promised, or when a person last asked for it."""
    again: str | None = row.about.get("asked_again_at")
    created: datetime = row.created_at
    return datetime.fromisoformat(again) if again else created


def _put_off(session: Session, until: datetime, reason: str | None) -> None:
    """Let all others wait too: they would meet the same server."""
    session.execute(
        update(Message)
        .where(Message.state == WAITING, Message.lease.is_(None), Message.due_at < until)
        .values(due_at=until, reason=reason)
        .execution_options(synchronize_session=False)
    )


def note_verdict(session: Session, row: AnyRow, verdict: Verdict) -> str:
    """Settle a message after a try.

    :return: its new state.
    """
    now = clock.now()
    if verdict.kind == ARRIVED:
        settle(session, row, SENT, None, sent_at=now)
        return SENT
    if verdict.kind == REFUSED:
        settle(session, row, FAILED, verdict.reason)
        return FAILED
    if verdict.kind == LOST:
        settle(session, row, UNSURE, verdict.reason)
        return UNSURE
    if now - _promised_at(row) > GIVE_UP_AFTER:
        settle(session, row, FAILED, "gave_up")
        return FAILED
    until = now + timedelta(seconds=pause_s(row.tries))
    settle(session, row, WAITING, verdict.reason, due_at=until)
    if verdict.is_server:
        _put_off(session, until, verdict.reason)
    return WAITING


def doubt_waiting(session: Session) -> int:
    """After a restore: whether what waited in the backup has left since, nobody here knows.

    :return: how many messages became unsure.
    """
    return count_changed(
        session,
        update(Message)
        .where(Message.state == WAITING)
        .values(state=UNSURE, reason="restored", lease=None, leased_until=None)
        .execution_options(synchronize_session=False),
    )


def _needing_a_person(session: Session, message_id: int) -> AnyRow:
    """A message that failed or is unsure, locked.

    :raises MessageNotFound: there is none with this number.
    :raises Conflict: it waits, was sent, or was not wanted.
    """
    row = session.execute(
        select(Message.state, Message.about, Message.context_id)
        .where(Message.id == message_id)
        .with_for_update()
    ).first()
    if row is None:
        raise MessageNotFound(
            f"There is no message {message_id}. `lti-tool mail status` lists those that need a "
            "person."
        )
    if row.state not in (FAILED, UNSURE):
        raise Conflict(
            f"Message {message_id} is {row.state}. This is for one that failed or is unsure."
        )
    return row


def _note(session: Session, act: str, message_id: int, row: AnyRow) -> None:
    record(
        session,
        act,
        ("message", message_id),
        actor="operator",
        context_id=row.context_id,
        was={"state": row.state},
    )


def send_again(session: Session, message_id: int) -> None:
    """A person asks for a message to be sent, though it failed or nobody knows its end.

    :raises MessageNotFound: there is none with this number.
    :raises Conflict: it waits, was sent, or was not wanted.
    """
    row = _needing_a_person(session, message_id)
    now = clock.now()
    session.execute(
        update(Message)
        .where(Message.id == message_id)
        .values(
            state=WAITING,
            reason=None,
            lease=None,
            leased_until=None,
            tries=0,
            due_at=now,
            about={**row.about, "asked_again_at": now.isoformat()},
        )
        .execution_options(synchronize_session=False)
    )
    _note(session, "message sent again", message_id, row)
    wake(session, MAIL)


def leave(session: Session, message_id: int) -> None:
    """A person lets a message be, that failed or is unsure: it needs nobody any more.

    :raises MessageNotFound: there is none with this number.
    :raises Conflict: it waits, was sent, or was not wanted.
    """
    row = _needing_a_person(session, message_id)
    session.execute(
        update(Message)
        .where(Message.id == message_id)
        .values(state=CANCELLED, reason="left", lease=None, leased_until=None)
        .execution_options(synchronize_session=False)
    )
    _note(session, "message left", message_id, row)


def count_by_state(session: Session) -> dict[str, int]:
    """How many messages stand in each state."""
    rows = session.execute(select(Message.state, func.count()).group_by(Message.state))
    return {state: count for state, count in rows}


def list_for_a_person(session: Session) -> list[AnyRow]:
    """Messages that failed or are unsure, oldest first; numbers only, no addresses."""
    return list(
        session.execute(
            select(Message.id, Message.kind, Message.state, Message.reason, Message.created_at)
            .where(Message.state.in_((FAILED, UNSURE)))
            .order_by(Message.id)
            .limit(500)
        )
    )
