"""What of people stands in the tables of mail."""

from sqlalchemy import ColumnElement

from lti_tool.mail.models import MailChoice, Message
from lti_tool.mail.outbox import CANCELLED, FAILED, UNSURE, WAITING
from lti_tool.privacy.holdings import Emptied, Goes, Holding, Keeps, Stays, hold


def _may_leave() -> ColumnElement[bool]:
    return Message.state.in_((WAITING, UNSURE, FAILED))


def _is_over() -> ColumnElement[bool]:
    return Message.state.not_in((WAITING, UNSURE, FAILED))


def _waits_for_nothing() -> ColumnElement[bool]:
    return Message.state != WAITING


_SHOWN = ("kind", "state", "reason", "created_at", "sent_at")
_KEEPS = Keeps("messages", "created_at", where=_waits_for_nothing)
_STOPPED = {"state": CANCELLED, "reason": "erased", "lease": None, "leased_until": None}
_CANCELLED = Emptied(_STOPPED, "nothing more is sent; the rest of the row is numbers")
_PAST = Stays("it holds numbers, no address and no text, and goes by its time")

hold(
    Holding(Message, "Messages not sent yet", "person_id", _CANCELLED, _may_leave, _SHOWN),
    Holding(Message, "Messages", "person_id", _PAST, _is_over, _SHOWN, keeps=_KEEPS),
    Holding(Message, "Messages to those you brought", "guest_id", _CANCELLED, _may_leave, _SHOWN),
    Holding(Message, "Earlier messages to those you brought", "guest_id", _PAST, _is_over, _SHOWN),
    Holding(MailChoice, "Which messages you want", "person_id", Goes()),
)
