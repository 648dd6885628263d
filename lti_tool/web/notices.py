"""What just happened, said once on the next page.

A redirect carries a short code (`?done=handed-in`) and the words are looked up here, so that
no session is needed and an address holds nothing but the code.
"""

from dataclasses import dataclass

from flask import request

from lti_tool.core.errors import Unusable


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence for the top of a page."""

    kind: str
    """success, info, warning or danger."""
    text: str


_known: dict[str, Notice] = {}


def register(**notices: tuple[str, str]) -> None:
    """Make codes known: `handed_in=("success", "Your work is handed in.")`.

    :raises Unusable: another folder uses a code for other words.
    """
    for code, words in notices.items():
        if _known.setdefault(code, Notice(*words)) != Notice(*words):
            raise Unusable(f"Two notices are called “{code}”.")


def current() -> list[Notice]:
    """Notices of this request."""
    if not request.query_string:
        return []
    found = _known.get(request.args.get("done", "").replace("-", "_"))
    return [found] if found else []
