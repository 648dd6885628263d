"""Promising a message, in the transaction of what it tells of.

The text is made when the message is sent, from `config/words/messages.yaml`; here stand only
whom it goes to and the row numbers it needs.
"""

from typing import Any

from sqlalchemy.orm import Session

from lti_tool.core import clock
from lti_tool.db.statements import insert_if_missing
from lti_tool.jobs.queue import wake
from lti_tool.mail.models import Message

WAITING, SENT, UNSURE = "waiting", "sent", "unsure"
FAILED, UNWANTED, CANCELLED = "failed", "unwanted", "cancelled"

HANDED_IN, RELEASED, RETURNED, DUE_SOON = "handed_in", "mark_released", "returned", "due_soon"
NEEDS_PERSON = "delivery_needs_person"
EXAMINER_LINK = "examiner_link"


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
    recipient = f"p{person_id}" if person_id is not None else f"g{guest_id}"
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
            "once_key": f"{kind}:{recipient}:{once}",
            "about": about or {},
            "state": WAITING,
            "created_at": now,
            "due_at": now,
            "tries": 0,
        },
    )
    if made is not None:
        wake(session)
    return made
