"""How far people have got with their work: for the tutor's page of people and for reviews.

Reads only, in a fixed number of queries, of any number of people. What is in the work stays out.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool.coursework.models import Assignment, Candidate, HandedInCopy, Submission
from lti_tool.people.models import Membership
from lti_tool.people.queries import is_participant


@dataclass(frozen=True, slots=True)
class Standing:
    """One person's latest attempt at one assignment."""

    submission_id: int
    updated_at: datetime
    handed_in_at: datetime | None
    candidate_code: str | None


_STANDINGS = (
    select(
        Submission.assignment_id,
        Submission.person_id,
        Submission.id,
        Submission.updated_at,
        HandedInCopy.handed_in_at,
        Candidate.code,
    )
    .join(Assignment, Assignment.id == Submission.assignment_id)
    .outerjoin(
        HandedInCopy,
        (HandedInCopy.submission_id == Submission.id) & HandedInCopy.taken_back_at.is_(None),
    )
    .outerjoin(
        Candidate,
        (Candidate.assignment_id == Submission.assignment_id)
        & (Candidate.person_id == Submission.person_id),
    )
    .order_by(Submission.attempt)
)


def list_standings_of(
    session: Session, context_ids: Sequence[int], person_ids: Iterable[int] | None = None
) -> dict[tuple[int, int], Standing]:
    """Where people stand, by (assignment, person); who has not begun is not there.

    :param person_ids: of whom; of everybody in these courses where left out.
    """
    query = _STANDINGS.where(Assignment.context_id.in_(context_ids))
    if person_ids is not None:
        query = query.where(Submission.person_id.in_(set(person_ids)))
    rows = session.execute(query)
    return {(row.assignment_id, row.person_id): Standing(*row[2:]) for row in rows}


def find_standing(
    session: Session, assignment_id: int, person_id: int, context_ids: Sequence[int]
) -> Standing | None:
    """Where one person stands, or None where they have not begun."""
    found = list_standings_of(session, context_ids, (person_id,))
    return found.get((assignment_id, person_id))


def count_begun(session: Session, context_ids: Sequence[int]) -> dict[int, int]:
    """How many of those who take part now have begun, by assignment."""
    rows = session.execute(
        select(Submission.assignment_id, func.count(func.distinct(Submission.person_id)))
        .join(Assignment, Assignment.id == Submission.assignment_id)
        .join(
            Membership,
            (Membership.context_id == Assignment.context_id)
            & (Membership.person_id == Submission.person_id),
        )
        .where(Assignment.context_id.in_(context_ids), is_participant())
        .group_by(Submission.assignment_id)
    )
    return {assignment_id: count for assignment_id, count in rows}


def count_in_hand(session: Session, context_ids: Sequence[int]) -> dict[int, int]:
    """How many people have work begun but not handed in, by assignment."""
    in_force = (
        select(HandedInCopy.id)
        .where(HandedInCopy.submission_id == Submission.id, HandedInCopy.taken_back_at.is_(None))
        .exists()
    )
    rows = session.execute(
        select(Submission.assignment_id, func.count())
        .join(Assignment, Assignment.id == Submission.assignment_id)
        .where(Assignment.context_id.in_(context_ids), ~in_force)
        .group_by(Submission.assignment_id)
    )
    return {assignment_id: count for assignment_id, count in rows}
