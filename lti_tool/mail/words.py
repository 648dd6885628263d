"""The texts of messages, from `config/words/messages.yaml`, checked when the tool starts.

Which placeholders a kind may use stands here, because somebody has to fill them; none of them
is a mark or a name, so no text can hold one.
"""

import string
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from lti_tool.core.errors import Unusable
from lti_tool.core.yaml_text import read_config
from lti_tool.mail import kinds, outbox

MEMBER, GUEST = "member", "guest"
PARTICIPANT, TUTOR = "participant", "tutor"
_ALWAYS = frozenset({"course", "activity"})
PLACEHOLDERS: dict[str, frozenset[str]] = {
    outbox.HANDED_IN: _ALWAYS | {"receipt", "handed_in_at"},
    outbox.TAKEN_BACK: _ALWAYS,
    outbox.RELEASED: _ALWAYS,
    outbox.RELEASE_WITHDRAWN: _ALWAYS,
    outbox.RETURNED: _ALWAYS | {"due_at"},
    outbox.EXTENDED: _ALWAYS | {"due_at"},
    outbox.DUE_SOON: _ALWAYS | {"due_at"},
    outbox.NEEDS_PERSON: _ALWAYS,
    outbox.EXAMINER_LINK: _ALWAYS | {"link", "expires_at"},
}
"""What a kind's text may name; kinds of the floors above are brought by `kinds.declare`."""


def placeholders() -> dict[str, frozenset[str]]:
    """What the text of every kind there is may name."""
    brought = {kind: _ALWAYS | names for kind, names in kinds.list_declared().items()}
    return PLACEHOLDERS | brought


@dataclass(frozen=True, slots=True)
class Kind:
    """The text of one kind of message."""

    key: str
    choice: str | None
    """The tick's label; None where nobody may choose."""
    audience: str
    """participant, tutor or guest."""
    subject: str
    body: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Messages:
    """All texts."""

    kinds: dict[str, Kind]
    closing: dict[str, tuple[str, ...]]

    def closing_of(self, kind: Kind) -> tuple[str, ...]:
        """The paragraphs below a message of this kind."""
        return self.closing[GUEST if kind.audience == GUEST else MEMBER]

    def choices_for(self, audiences: frozenset[str]) -> list[Kind]:
        """The kinds that these may choose, in the file's order."""
        return [kind for kind in self.kinds.values() if kind.choice and kind.audience in audiences]


def _wrong(path: Path, sentence: str) -> Unusable:
    return Unusable(f"{path}: {sentence}")


def _text(path: Path, where: str, value: Any, allowed: frozenset[str]) -> str:
    """One text, with no placeholder that nobody fills."""
    if not isinstance(value, str) or not value.strip():
        raise _wrong(path, f"{where} needs a text.")
    try:
        found = list(string.Formatter().parse(value))
    except ValueError:
        raise _wrong(path, f"{where} has a brace without its partner.") from None
    for _, name, form, conversion in found:
        if name is None:
            continue
        if name not in allowed or form or conversion:
            known = ", ".join("{" + one + "}" for one in sorted(allowed))
            raise _wrong(path, f"{where} names {{{name}}}; it may name {known}.")
    return " ".join(value.split())


def _texts(path: Path, where: str, value: Any, allowed: frozenset[str]) -> tuple[str, ...]:
    if not isinstance(value, list) or not value:
        raise _wrong(path, f"{where} needs a list of paragraphs.")
    return tuple(_text(path, where, one, allowed) for one in value)


def _kind(path: Path, key: str, given: Any) -> Kind:
    allowed = placeholders()[key]
    if not isinstance(given, dict) or set(given) - {"choice", "for", "subject", "body"}:
        raise _wrong(path, f"{key} holds choice, for, subject and body, and nothing else.")
    audience = given.get("for")
    if audience not in (PARTICIPANT, TUTOR, GUEST):
        raise _wrong(path, f"{key}: “for” is participant, tutor or guest.")
    if (audience == GUEST) == ("choice" in given):
        raise _wrong(path, f"{key}: members have a “choice”, guests have none.")
    return Kind(
        key=key,
        choice=_text(path, f"{key}: choice", given["choice"], frozenset())
        if "choice" in given
        else None,
        audience=audience,
        subject=_text(path, f"{key}: subject", given.get("subject"), _ALWAYS),
        body=_texts(path, f"{key}: body", given.get("body"), allowed),
    )


@cache
def load_messages(config_dir: Path) -> Messages:
    """All texts of messages.

    :raises Unusable: the file cannot be read, a kind is missing or unknown, or a text names
        something that nobody fills in.
    """
    path = config_dir / "words" / "messages.yaml"
    document = read_config(path)
    try:
        given, closing = dict(document["messages"]), dict(document["closing"])
    except (KeyError, TypeError, ValueError):
        raise _wrong(path, "it cannot be read: it needs “messages” and “closing”.") from None
    for key in sorted(set(given) ^ set(placeholders())):
        raise _wrong(path, f"{key} is {'not known' if key in given else 'missing'}.")
    return Messages(
        {key: _kind(path, key, one) for key, one in given.items()},
        {
            whom: _texts(path, f"closing: {whom}", closing.get(whom), _ALWAYS)
            for whom in (MEMBER, GUEST)
        },
    )
