"""Who makes the address in a message that carries one.

A link's secret is kept nowhere: whoever keeps the link's row makes the address anew when the
message leaves. `app.py` registers the makers, so that mail imports none of them.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from lti_tool.settings import Settings

MakeLink = Callable[[Session, Settings, dict[str, Any]], str | None]
"""Told what a message is about, gives the address, or None where the link holds no longer."""

_makers: dict[str, MakeLink] = {}


def register(kind: str, make: MakeLink) -> None:
    """Say who makes the address in messages of a kind."""
    _makers[kind] = make


def make_link(session: Session, settings: Settings, kind: str, about: dict[str, Any]) -> str | None:
    """The address for a message, or None where there is none to give."""
    make = _makers.get(kind)
    return None if make is None else make(session, settings, about)
