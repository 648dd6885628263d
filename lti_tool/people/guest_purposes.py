"""What links are given for: the examiner's, the mentor's, the host's.

The folder whose pages a link opens registers its purpose when it is imported. A purpose's key is
also the policy of its routes, which lie below `/g/<handle>/<key>/`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from lti_tool.core.errors import Unusable
from lti_tool.db.statements import AnyRow

Look = Callable[[AnyRow, str], ResponseReturnValue]
"""The page that a link's address shows when it is opened by GET, given the link and its token.
It changes nothing, since mail scanners follow links."""

Opened = Callable[[Session, AnyRow], None]


@dataclass(frozen=True, slots=True)
class Purpose:
    """One thing that links are given for."""

    key: str
    role_label: str
    """What the guest is, as the top of each page says it."""
    asked: str = ""
    """What they were asked to do, as the usual page for a link that was followed says it: “to
    look at …”."""
    nav: tuple[tuple[str, str], ...] = field(default_factory=tuple)
    """Label and endpoint of its pages; each takes `handle`."""
    look: Look | None = None
    """Its own page for a link that was followed; the usual one with a button where left out."""
    over: Look | None = None
    """Its own page for a link that has expired or was used; the usual sentence where left out."""
    opened: Opened | None = None
    """What follows in the same transaction when a link is turned into a guest visit."""


_purposes: dict[str, Purpose] = {}


def register(purpose: Purpose) -> None:
    """Say what links of a purpose open.

    :raises Unusable: another purpose has the same key, or it says nothing to who follows a link.
    """
    if purpose.look is None and not purpose.asked:
        raise Unusable(f"Links for “{purpose.key}” do not say what one is asked to do.")
    known = _purposes.get(purpose.key)
    if known is not None and known != purpose:
        raise Unusable(f"Two purposes of links are called “{purpose.key}”.")
    _purposes[purpose.key] = purpose


def find_purpose(key: str) -> Purpose | None:
    """The purpose with this key, or None."""
    return _purposes.get(key)


def list_keys() -> frozenset[str]:
    """The keys of all purposes, which are the policies of guests' routes."""
    return frozenset(_purposes)
