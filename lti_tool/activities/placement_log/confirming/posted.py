"""What became of the messages to hosts, in words."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.activities.placement_log.confirming.confirmation import ConfirmationRead
from lti_tool.activities.placement_log.confirming.operations import HOST_ASKED, HOST_REMINDED
from lti_tool.core import clock
from lti_tool.db.statements import AnyRow
from lti_tool.mail.models import Message
from lti_tool.mail.outbox import CANCELLED, FAILED, SENT, UNSURE, WAITING

_WORDS = {
    WAITING: "The message is on its way to the mail server.",
    UNSURE: "We cannot tell whether the message arrived. Send it again, or show the code.",
    FAILED: "The message could not be delivered. Check the address.",
    CANCELLED: "The message did not leave, because the request ended before.",
}
_NONE = "No message was sent: this installation sends none."


def _in_words(row: AnyRow) -> str:
    if row.state == SENT and row.sent_at is not None:
        return f"The message left on {clock.day_and_time(row.sent_at)}."
    return _WORDS.get(row.state, _NONE)


def letters_of(session: Session, asked: Iterable[ConfirmationRead]) -> dict[int, str]:
    """What became of the latest message of each asking, by its row number; nothing for those that
    were asked by a code, or so long ago that the record of messages is gone."""
    ids = {one.id: one.guest_id for one in asked if one.guest_id is not None}
    rows = session.execute(
        select(Message.state, Message.sent_at, Message.about)
        .where(
            Message.kind.in_((HOST_ASKED, HOST_REMINDED)),
            Message.guest_id.in_(set(ids.values())),
        )
        .order_by(Message.id)
    )
    return {
        row.about["confirmation"]: _in_words(row)
        for row in rows
        if row.about["confirmation"] in ids
    }
