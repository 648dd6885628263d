"""Promising a message, in the transaction of what it tells of.

The text is made when the message is sent, from `config/words/messages.yaml`; here stand only
whom it goes to and the row numbers it needs.
"""

from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from lti_tool.core import clock
from lti_tool.db.statements import count_changed, insert_if_missing
from lti_tool.jobs.queue import MAIL, wake
from lti_tool.mail.models import Message

WAITING, SENT, UNSURE = "waiting", "sent", "unsure"
FAILED, UNWANTED, CANCELLED = "failed", "unwanted", "cancelled"

HANDED_IN, TAKEN_BACK = "handed_in", "taken_back"
"""The participant handed work in; took it back to go on with it."""
RELEASED, RELEASE_WITHDRAWN = "mark_released", "release_withdrawn"
"""There is a result to be seen; a result that could be seen was taken back for now."""
RETURNED = "returned"
"""The work is open for the participant again: a further attempt, or to put something right."""
EXTENDED, DUE_SOON = "extended", "due_soon"
"""A later date was agreed; the date is near and nothing is handed in."""
NEEDS_PERSON = "delivery_needs_person"
"""To markers: a mark could not be put into the gradebook."""
EXAMINER_LINK = "examiner_link"
"""To a guest: the link by which they see what they are asked to look at."""


def once_key(kind: str, once: str, person_id: int | None, guest_id: int | None = None) -> str:
    """What makes a message the same message: its kind, its recipient and what it tells of."""
    recipient = f"p{person_id}" if person_id is not None else f"g{guest_id}"
    return f"{kind}:{recipient}:{once}"


def tell(
    session: Session,
    kind: str,
    *,
    once: str,
    person_id: int | None = None,
    guest_id: int | None = None,
    context_id: int | None = None,
    assignment_id: int | None = None,
    about: dict[str, Any] | None = None,
) -> int | None:
    """Promise a message to one person or one guest.

    :param kind: what it tells of; one of the names above.
    :param once: what makes it the same message, such as "released:17"; with the kind and the
        recipient it is unique, and a second promise of the same is not written.
    :param about: row numbers, codes and times the text needs; never a name or a mark.
    :return: the message's row number, or None where it was promised before.
    """
    now = clock.now()
    made = insert_if_missing(
        session,
        Message,
        ["once_key"],
        {
            "kind": kind,
            "person_id": person_id,
            "guest_id": guest_id,
            "context_id": context_id,
            "assignment_id": assignment_id,
            "once_key": once_key(kind, once, person_id, guest_id),
            "about": about or {},
            "state": WAITING,
            "created_at": now,
            "due_at": now,
            "tries": 0,
        },
    )
    if made is not None:
        wake(session, MAIL)
    return made


def withdraw(session: Session, kind: str, *, once: str, person_id: int) -> bool:
    """Cancel a promised message that is no longer true, if it has not left yet.

    :return: whether it was cancelled; False where it has left, or is being sent this moment.
    """
    cancelled = count_changed(
        session,
        update(Message)
        .where(
            Message.once_key == once_key(kind, once, person_id),
            Message.state == WAITING,
            Message.lease.is_(None),
        )
        .values(state=CANCELLED, reason="withdrawn")
        .execution_options(synchronize_session=False),
    )
    return bool(cancelled)
