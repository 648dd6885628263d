"""Who has begun a log: what people enter lives in tables of this folder, not in a draft."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.activities.placement_log.models import Meeting, PartnerVisit


def begun(session: Session, assignment_ids: Sequence[int]) -> set[tuple[int, int]]:
    """Who has entered a visit or a meeting, as (assignment, person). One query."""
    visits = select(PartnerVisit.assignment_id, PartnerVisit.person_id).where(
        PartnerVisit.assignment_id.in_(assignment_ids), PartnerVisit.removed_at.is_(None)
    )
    meetings = select(Meeting.assignment_id, Meeting.person_id).where(
        Meeting.assignment_id.in_(assignment_ids), Meeting.removed_at.is_(None)
    )
    return {(row[0], row[1]) for row in session.execute(visits.union(meetings))}
