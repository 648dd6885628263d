"""Released marks of whole courses, to be counted by module and by marker.

A mark that is not released is not read here, so that nothing built on this ties one to a person.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.coursework.models import Assignment, Submission
from lti_tool.marking.models import Judgement, Outcome, Release
from lti_tool.marking.queries import FIRST


@dataclass(frozen=True, slots=True)
class OutMark:
    """The mark of one person's latest attempt that they can see."""

    submission_id: int
    assignment_id: int
    context_id: int
    person_id: int
    attempt: int
    final: Decimal
    released_at: datetime
    marker_id: int | None
    """Who gave the first mark; None where there is none."""


_MARKER = (
    select(Judgement.marker_id)
    .where(Judgement.submission_id == Submission.id, Judgement.kind == FIRST)
    .order_by(Judgement.number.desc())
    .limit(1)
    .correlate(Submission)
    .scalar_subquery()
)


def list_out_marks(
    session: Session, context_ids: Sequence[int], person_ids: Iterable[int]
) -> list[OutMark]:
    """Released marks of these people on the open assignments of these courses. One query."""
    rows = session.execute(
        select(
            Submission.id,
            Submission.assignment_id,
            Assignment.context_id,
            Submission.person_id,
            Submission.attempt,
            Outcome.final,
            Release.released_at,
            _MARKER,
        )
        .select_from(Release)
        .join(Outcome, Outcome.id == Release.outcome_id)
        .join(Submission, Submission.id == Release.submission_id)
        .join(Assignment, Assignment.id == Submission.assignment_id)
        .where(
            Assignment.context_id.in_(context_ids),
            Assignment.closed_at.is_(None),
            Release.taken_back_at.is_(None),
        )
        .order_by(Submission.attempt, Release.id)
    )
    latest: dict[tuple[int, int], OutMark] = {}
    people = set(person_ids)
    for row in rows:
        if row.person_id in people:
            latest[row.assignment_id, row.person_id] = OutMark(*tuple(row))
    return list(latest.values())
