"""Messages to a participant about a visit: approved, returned, accepted.

The day of the visit is all that is named of it; what to put right is read on the page.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.activities.placement_log import states
from lti_tool.activities.placement_log.models import PartnerVisit
from lti_tool.activities.placement_log.visits.days import in_words
from lti_tool.activities.placement_log.visits.queries import VisitRead, latest_steps
from lti_tool.coursework.queries import AssignmentRead
from lti_tool.db.statements import AnyRow
from lti_tool.mail import kinds, outbox
from lti_tool.settings import Settings

APPROVED, RETURNED, ACCEPTED = "visit_approved", "visit_returned", "visit_accepted"
_STATES = {APPROVED: states.APPROVED, RETURNED: states.RETURNED, ACCEPTED: states.ACCEPTED}


def tell_participant(
    session: Session, assignment: AssignmentRead, visit: VisitRead, kind: str
) -> None:
    """Promise a message about the move that was just made."""
    step = latest_steps(session, [visit.id])[visit.id]
    outbox.tell(
        session,
        kind,
        once=f"{visit.id}:{step.id}",
        person_id=visit.person_id,
        context_id=assignment.context_id,
        assignment_id=assignment.id,
        about={"visit": visit.id},
    )


def find_values(session: Session, settings: Settings, row: AnyRow) -> dict[str, str] | None:
    """What fills a message about a visit, or None where it no longer stands so."""
    visit = session.execute(
        select(PartnerVisit.visit_on, PartnerVisit.state).where(
            PartnerVisit.id == row.about["visit"], PartnerVisit.removed_at.is_(None)
        )
    ).first()
    if visit is None or visit.state != _STATES[row.kind]:
        return None
    return {"visit_on": in_words(visit.visit_on) if visit.visit_on else "a day not yet chosen"}


def declare_kinds() -> None:
    """Bring these kinds of messages; called when the activity is joined together."""
    for kind in _STATES:
        kinds.declare(kind, frozenset({"visit_on"}), find_values)
