"""What of a placement log can be offered as evidence for outcomes: visits made, and meetings.

Two queries. The host school is named: the participant, their tutors and leaders read it.
"""

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.activities.placement_log import states
from lti_tool.activities.placement_log.models import Meeting, PartnerVisit
from lti_tool.catalogue.contract import Offer
from lti_tool.core import clock
from lti_tool.coursework.models import Assignment
from lti_tool.programme.models import School

_MADE = (states.DONE, states.CONFIRMED, states.ACCEPTED)


def _visits(session: Session, context_ids: Sequence[int], person_id: int) -> list[Offer]:
    rows = session.execute(
        select(
            PartnerVisit.id,
            PartnerVisit.assignment_id,
            PartnerVisit.number,
            PartnerVisit.visit_on,
            PartnerVisit.state,
            School.name,
        )
        .join(Assignment, Assignment.id == PartnerVisit.assignment_id)
        .outerjoin(School, School.id == PartnerVisit.school_id)
        .where(
            Assignment.context_id.in_(context_ids),
            PartnerVisit.person_id == person_id,
            PartnerVisit.state.in_(_MADE),
            PartnerVisit.removed_at.is_(None),
        )
        .order_by(PartnerVisit.visit_on, PartnerVisit.id)
    )
    return [
        Offer(
            "visit",
            {"assignment_id": row.assignment_id, "visit_id": row.id},
            f"Partner-school visit to {row.name or 'a school'}"
            + (f" on {clock.plain_day(row.visit_on)}" if row.visit_on else ""),
            states.STANDS[row.state],
            "placement_log.visit",
            {"number": row.number},
        )
        for row in rows
    ]


def _meetings(session: Session, context_ids: Sequence[int], person_id: int) -> list[Offer]:
    rows = session.execute(
        select(
            Meeting.id, Meeting.assignment_id, Meeting.kind, Meeting.held_on, Meeting.confirmed_at
        )
        .join(Assignment, Assignment.id == Meeting.assignment_id)
        .where(
            Assignment.context_id.in_(context_ids),
            Meeting.person_id == person_id,
            Meeting.removed_at.is_(None),
        )
        .order_by(Meeting.held_on, Meeting.id)
    )
    what = {"mentor": "Meeting with the mentor", "tutorial": "Tutorial"}
    return [
        Offer(
            "meeting",
            {"assignment_id": row.assignment_id, "meeting_id": row.id},
            f"{what.get(row.kind, 'Meeting')} on {clock.plain_day(row.held_on)}",
            "confirmed by both sides" if row.confirmed_at else "not yet confirmed",
            "placement_log.meetings",
        )
        for row in rows
    ]


def evidence(
    session: Session, _config_dir: Path, context_ids: Sequence[int], person_id: int
) -> list[Offer]:
    """Visits that were made and meetings that were held, by day."""
    visits = _visits(session, context_ids, person_id)
    return [*visits, *_meetings(session, context_ids, person_id)]
