"""The way out for schools that sign on paper: a tutor records what they have seen."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from lti_tool.activities.placement_log import states
from lti_tool.activities.placement_log.confirming.answering import (
    Answer,
    keep_answer,
    tell_participant,
)
from lti_tool.activities.placement_log.confirming.confirmation import REPLACED, YES
from lti_tool.activities.placement_log.confirming.operations import (
    close,
    find_open,
    require_waiting,
)
from lti_tool.activities.placement_log.confirming.proofs import PAPER
from lti_tool.activities.placement_log.confirming.shown import what_is_shown
from lti_tool.activities.placement_log.confirming.visit_rows import course_of
from lti_tool.activities.placement_log.models import Confirmation
from lti_tool.activities.placement_log.moving import move
from lti_tool.activities.placement_log.visit_reads import VisitRead
from lti_tool.audit.operations import record
from lti_tool.core import clock
from lti_tool.settings import Settings


@dataclass(frozen=True, slots=True)
class OnPaper:
    """What stands on the paper, and where it is."""

    name: str
    role: str
    signed_on: date
    kept: str
    """Where the paper is kept."""
    reason: str
    """Why it was not done by link or code."""


def record_paper(
    session: Session, settings: Settings, visit: VisitRead, paper: OnPaper, *, actor_id: int
) -> int:
    """Record a confirmation that a host signed on paper; a link that is out ends.

    :return: the confirmation's row number.
    :raises NotWaiting: the visit is not done, or is confirmed already.
    """
    visit = require_waiting(session, visit.id)
    course = course_of(session, visit.assignment_id)
    before = find_open(session, visit.id)
    if before is not None:
        close(session, before, REPLACED, actor_id=actor_id, context_id=course.context_id)
    now = clock.now()
    one = Confirmation(visit_id=visit.id, asked_at=now, expires_at=now)
    session.add(one)
    session.flush()
    shown = what_is_shown(session, settings.config_dir, visit)
    shown["paper"] = {"signed_on": paper.signed_on.isoformat(), "kept": paper.kept}
    given = Answer(YES, name=paper.name, role=paper.role, reason=paper.reason)
    keep_answer(session, one.id, visit, shown, given, PAPER, None, recorded_by_id=actor_id)
    move(session, visit, states.CONFIRMED, person_id=actor_id, comment=paper.reason)
    tell_participant(session, visit, one.id, PAPER)
    record(
        session,
        "confirmed on paper",
        ("partner_visit", visit.id),
        actor_id=actor_id,
        context_id=course.context_id,
        became={"confirmation": one.id},
        reason=paper.reason,
    )
    return one.id
