"""The copies of one person's work before the one in hand, and every piece of an assignment that
a tutor may see: what a comparison is made of."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.coursework.models import HandedInCopy, Submission
from lti_tool.coursework.queries import AssignmentRead, HandedIn, list_handed_in
from lti_tool.marking.desk.reach import people_in_reach
from lti_tool.people.visits import CurrentVisit


@dataclass(frozen=True, slots=True)
class EarlierCopy:
    """A copy handed in before: taken back since, or of an earlier attempt."""

    id: int
    attempt: int
    handed_in_at: datetime
    taken_back_at: datetime | None


_COPY: tuple[Any, ...] = (
    HandedInCopy.id,
    Submission.attempt,
    HandedInCopy.handed_in_at,
    HandedInCopy.taken_back_at,
)


def list_earlier(session: Session, work: HandedIn) -> list[EarlierCopy]:
    """The copies this person handed in before this one, the latest first."""
    rows = session.execute(
        select(*_COPY)
        .join(Submission, Submission.id == HandedInCopy.submission_id)
        .where(
            Submission.assignment_id == work.assignment_id,
            Submission.person_id == work.person_id,
            HandedInCopy.id < work.copy_id,
        )
        .order_by(HandedInCopy.id.desc())
    )
    return [EarlierCopy(*tuple(row)) for row in rows]


def find_earlier(session: Session, work: HandedIn) -> EarlierCopy | None:
    """The copy this person handed in last before this one, or None."""
    return next(iter(list_earlier(session, work)), None)


def list_documents(
    session: Session, visit: CurrentVisit, assignment: AssignmentRead
) -> list[dict[str, Any]]:
    """The work of everybody this tutor may see: each person's latest handed-in copy, and nothing
    of whose it is. A fixed number of queries."""
    reach = people_in_reach(session, visit, assignment.id)
    copies = [
        one.copy_id
        for one in list_handed_in(session, (assignment.context_id,))
        if one.assignment_id == assignment.id and (reach is None or one.person_id in reach)
    ]
    rows = session.scalars(
        select(HandedInCopy.document)
        .where(HandedInCopy.id.in_(copies))
        .order_by(HandedInCopy.document_digest)
    )
    return [dict(one) for one in rows]
