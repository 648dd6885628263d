"""Sending messages: claim one under a lease, commit, send, settle.

No transaction is open while a mail server is talked to. A message that nobody knows the end of
(its worker vanished, or the server never confirmed it) becomes *unsure* and is not sent again
by itself: a person may ask for it. In a process one thread at a time sends, so that a slow mail
server never keeps marks waiting.
"""

from collections.abc import Callable
from threading import Lock

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lti_tool.core import clock
from lti_tool.db import Database
from lti_tool.db.statements import AnyRow
from lti_tool.jobs.leasing import bring_back, claim, next_due
from lti_tool.mail import folder, smtp
from lti_tool.mail.choices import list_unwanted
from lti_tool.mail.letters import BadAddress, Facts, FindFacts, write_letter
from lti_tool.mail.models import Message
from lti_tool.mail.outbox import CANCELLED, UNSURE, UNWANTED, WAITING
from lti_tool.mail.posts import Folder, Post, read_post
from lti_tool.mail.settling import note_verdict, settle
from lti_tool.mail.verdicts import LOST, REFUSED, WAIT, Verdict
from lti_tool.mail.words import load_messages
from lti_tool.settings import Settings
from lti_tool.web.logs import log

LEASE_FOR = smtp.LONGEST_TRY * 2
_AT_ONCE = 10
_SHORTEST_SLEEP_S, _BUSY_S = 0.2, 1.0
_sending = Lock()
_open = Message.state == WAITING
_untaken = _open & Message.lease.is_(None)


def _drop_all(session: Session) -> None:
    """With no mail server nothing is promised: what waits is closed, and never sent later."""
    session.execute(
        update(Message)
        .where(_open, Message.lease.is_(None))
        .values(state=UNWANTED, reason="no_mail")
        .execution_options(synchronize_session=False)
    )


def _doubt_lapsed(session: Session) -> None:
    """A claim that ran out: its worker may or may not have sent the message. The claim stays
    written, so that the worker may still settle it if it comes back with the truth."""
    session.execute(
        update(Message)
        .where(_open, Message.leased_until <= clock.now())
        .values(state=UNSURE, reason="worker_lost")
        .execution_options(synchronize_session=False)
    )


def _claim_one(database: Database) -> AnyRow | None:
    with database.write() as session:
        _doubt_lapsed(session)
        _, ids = claim(session, Message, _untaken, lease_for=LEASE_FOR, limit=1)
        return session.execute(select(*Message.__table__.c).where(Message.id.in_(ids))).first()


def _unwritten(session: Session, row: AnyRow, facts: Facts) -> tuple[str, str] | None:
    """State and reason of a message that is not to leave, or None."""
    if facts.is_moot:
        return CANCELLED, "moot"
    if row.person_id is not None and row.kind in list_unwanted(session, row.person_id):
        return UNWANTED, "not_wanted"
    return None if facts.address else (UNWANTED, "no_address")


def _post(post: Post, row: AnyRow, sender: str, recipient: str, message: bytes) -> Verdict:
    """Hand it over; a fault of ours in between leaves nobody knowing whether it left."""
    try:
        if isinstance(post, Folder):
            return folder.write(post, f"message-{row.id}", message)
        return smtp.send(post, sender, recipient, message)
    except Exception as error:
        log.error("sending met a fault of ours", message=row.id, kind=type(error).__name__)
        return Verdict(LOST, "our_fault")


def _send(
    database: Database, settings: Settings, post: Post, find_facts: FindFacts, row: AnyRow
) -> Verdict | None:
    """One try.

    :return: what came of it, or None where the message is not to leave, which is then settled.
    """
    try:
        with database.read() as session:
            facts = find_facts(session, settings, row)
            closed = _unwritten(session, row, facts)
        if closed is not None:
            with database.write() as session:
                settle(session, row, *closed)
            return None
        texts = load_messages(settings.config_dir)
        parcel = write_letter(settings, texts, texts.kinds[row.kind], row, facts)
    except BadAddress:
        return Verdict(REFUSED, "bad_address")
    except Exception as error:
        log.error("writing met a fault of ours", message=row.id, kind=type(error).__name__)
        return Verdict(WAIT, "our_fault")
    return _post(post, row, *parcel)


def _work(
    database: Database,
    settings: Settings,
    post: Post,
    find_facts: FindFacts,
    is_ending: Callable[[], bool],
) -> float | None:
    for _ in range(_AT_ONCE):
        row = None if is_ending() else _claim_one(database)
        if row is None:
            break
        verdict = _send(database, settings, post, find_facts, row)
        if verdict is None:
            continue
        with database.write() as session:
            state = note_verdict(session, row, verdict)
        log.info(
            "message tried",
            message=row.id,
            kind=row.kind,
            state=state,
            reason=verdict.reason,
            smtp_code=verdict.code,
            tries=row.tries,
        )
        if verdict.is_server:
            break
    else:
        return 0.0
    with database.read() as session:
        due = next_due(session, Message, _open)
    return None if due is None else max((due - clock.now()).total_seconds(), _SHORTEST_SLEEP_S)


def _never() -> bool:
    return False


def send_due(
    database: Database,
    settings: Settings,
    find_facts: FindFacts,
    is_ending: Callable[[], bool] = _never,
) -> float | None:
    """Send a first few messages that are due.

    :param find_facts: looks up what a message tells of, and where it goes.
    :return: 0 where more may be due, else seconds until something falls due, or None.
    """
    if not _sending.acquire(blocking=False):
        return _BUSY_S
    try:
        bring_back(database, Message, _untaken)
        with database.read() as session:
            due = next_due(session, Message, _open)
        if due is None:
            return None
        post = read_post(settings)
        if post is None:
            with database.write() as session:
                _drop_all(session)
            return None
        wait_s = (due - clock.now()).total_seconds()
        if wait_s > 0:
            return max(wait_s, _SHORTEST_SLEEP_S)
        return _work(database, settings, post, find_facts, is_ending)
    finally:
        _sending.release()
