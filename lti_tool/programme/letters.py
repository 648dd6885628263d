"""What messages to heads and about their answers tell of, looked up when they leave."""

from sqlalchemy.orm import Session

from lti_tool.core import clock
from lti_tool.db.statements import AnyRow
from lti_tool.mail import kinds
from lti_tool.people import guest_links
from lti_tool.people.queries import names_of
from lti_tool.programme.agreements import WAITING, find_by_id
from lti_tool.programme.asking import HEAD_ANSWERED, HEAD_LINK, HEAD_REMINDER
from lti_tool.settings import Settings

_TO_HEAD = frozenset({"link", "expires_at", "participant"})


def _to_head(session: Session, settings: Settings, row: AnyRow) -> dict[str, str] | None:
    """The head's link, unless they have answered, were asked no longer, or got a fresh link."""
    asked = find_by_id(session, row.about["agreement"])
    if asked is None or asked.state != WAITING or asked.link_id != row.about["link"]:
        return None
    link = guest_links.address_for_message(session, settings, row.about)
    if link is None or asked.expires_at is None:
        return None
    return {
        "link": link,
        "expires_at": clock.day_and_time(asked.expires_at),
        "participant": names_of(session, [asked.person_id])[asked.person_id],
    }


def _answered(session: Session, settings: Settings, row: AnyRow) -> dict[str, str] | None:
    """There is an answer that still counts; what it says stands on the page alone."""
    asked = find_by_id(session, row.about["agreement"])
    return None if asked is None or asked.answered_at is None or asked.closed_at else {}


def declare_kinds() -> None:
    """Bring these kinds of messages; `duties.py` calls it before texts are read."""
    kinds.declare(HEAD_LINK, _TO_HEAD, _to_head)
    kinds.declare(HEAD_REMINDER, _TO_HEAD, _to_head)
    kinds.declare(HEAD_ANSWERED, frozenset(), _answered)
