"""Which kinds of messages other folders bring: what their texts may name, and who fills it in.

A folder above declares its kinds when it is imported, so that mail imports none of them. The
texts stand in `config/words/messages.yaml` like all others.
"""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from lti_tool.core.errors import Unusable
from lti_tool.db.statements import AnyRow
from lti_tool.settings import Settings

FindValues = Callable[[Session, Settings, AnyRow], dict[str, str] | None]
"""Told a message's row, gives what fills its placeholders besides course and activity, or None
where the message is no longer true."""


@dataclass(frozen=True, slots=True)
class Declared:
    """A kind of message that another folder brings."""

    placeholders: frozenset[str]
    find_values: FindValues


_declared: dict[str, Declared] = {}


def declare(kind: str, placeholders: frozenset[str], find_values: FindValues) -> None:
    """Bring a kind of message.

    :param placeholders: what its text may name besides course and activity; never a mark, and
        no name of a person but the recipient's or one the recipient knows already.
    :raises Unusable: two folders bring the same kind.
    """
    known = _declared.get(kind)
    if known is not None and known.find_values is not find_values:
        raise Unusable(f"Two kinds of messages are called “{kind}”.")
    _declared[kind] = Declared(placeholders, find_values)


def find_declared(kind: str) -> Declared | None:
    """A kind that another folder brought, or None."""
    return _declared.get(kind)


def list_declared() -> dict[str, frozenset[str]]:
    """The placeholders of every kind that was brought."""
    return {kind: one.placeholders for kind, one in sorted(_declared.items())}
