"""The messages of confirming: to the host, once more after some days, and to the participant.

The texts stand in `config/words/messages.yaml`; here is what fills them in when one leaves. A
host's message names the participant, whom they met, in its body and never in its subject.
"""

from sqlalchemy.orm import Session

from lti_tool.activities.placement_log import states
from lti_tool.activities.placement_log.confirming import proofs
from lti_tool.activities.placement_log.confirming.codes import code_of
from lti_tool.activities.placement_log.confirming.confirmation import OPEN, YES
from lti_tool.activities.placement_log.confirming.operations import (
    HOST_ANSWERED,
    HOST_ASKED,
    HOST_REMINDED,
)
from lti_tool.activities.placement_log.confirming.queries import find_confirmation
from lti_tool.activities.placement_log.confirming.shown import (
    day_in_words,
    school_in_words,
    what_is_shown,
)
from lti_tool.activities.placement_log.confirming.visit_rows import course_of, find_visit
from lti_tool.activities.placement_log.confirming.words import load_wording
from lti_tool.core import clock
from lti_tool.db.statements import AnyRow
from lti_tool.mail import kinds
from lti_tool.people import guest_links
from lti_tool.people.queries import names_of
from lti_tool.settings import Settings

_TO_HOST = frozenset(
    {
        *("participant", "university", "school", "visit_on", "expires_at"),
        *("link", "code", "code_page"),
    }
)
_TO_PARTICIPANT = frozenset({"visit_on", "school", "outcome"})


def address_of_codes(settings: Settings) -> str:
    """The page where a code is typed."""
    return f"{settings.base_url.rstrip('/')}/confirm"


def _for_host(session: Session, settings: Settings, row: AnyRow) -> dict[str, str] | None:
    """None where the link is not waiting any more."""
    one = find_confirmation(session, int(row.about["confirmation"]))
    if one is None or one.standing != OPEN or one.guest_link_id is None:
        return None
    visit = find_visit(session, one.visit_id)
    code = code_of(session, settings, one.id)
    if visit is None or visit.state != states.DONE or code is None:
        return None
    shown = what_is_shown(session, settings.config_dir, visit)
    return {
        "participant": names_of(session, [visit.person_id])[visit.person_id],
        "university": course_of(session, visit.assignment_id).university,
        "school": school_in_words(shown),
        "visit_on": day_in_words(shown),
        "expires_at": clock.day_and_time(one.expires_at),
        "link": guest_links.address_of(settings, one.guest_link_id),
        "code": proofs.in_groups(code),
        "code_page": address_of_codes(settings),
    }


def _for_participant(session: Session, settings: Settings, row: AnyRow) -> dict[str, str] | None:
    """None where the visit is gone, or the confirmation it speaks of stands no more."""
    one = find_confirmation(session, int(row.about["confirmation"]))
    visit = find_visit(session, one.visit_id) if one is not None else None
    if one is None or visit is None or (one.answer == YES and not one.stands):
        return None
    shown = one.shown or what_is_shown(session, settings.config_dir, visit)
    return {
        "visit_on": day_in_words(shown),
        "school": school_in_words(shown),
        "outcome": load_wording(settings.config_dir).outcomes[str(row.about["what"])],
    }


def declare_kinds() -> None:
    """Bring the kinds of messages."""
    kinds.declare(HOST_ASKED, _TO_HOST, _for_host)
    kinds.declare(HOST_REMINDED, _TO_HOST, _for_host)
    kinds.declare(HOST_ANSWERED, _TO_PARTICIPANT, _for_participant)
