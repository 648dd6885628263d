"""A participant's own work: the draft in hand, and the copy in force if it is handed in.

Read by the visit's own assignment and person, so no address can name somebody else's.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from lti_tool.coursework.models import HandedInCopy, Submission
from lti_tool.db.statements import run_once


@dataclass(frozen=True, slots=True)
class Work:
    """A person's work on an assignment: the draft in hand and the copy in force, if any."""

    submission_id: int | None
    attempt: int
    document: dict[str, Any]
    revision: int
    updated_at: datetime | None
    copy_id: int | None
    receipt: str | None
    handed_in_at: datetime | None

    @property
    def is_handed_in(self) -> bool:
        """Whether a copy is in force; the draft is then closed to changes."""
        return self.copy_id is not None


LATEST = (
    select(
        Submission.id,
        Submission.attempt,
        Submission.document,
        Submission.revision,
        Submission.updated_at,
        HandedInCopy.id.label("copy_id"),
        HandedInCopy.receipt,
        HandedInCopy.handed_in_at,
    )
    .outerjoin(
        HandedInCopy,
        (HandedInCopy.submission_id == Submission.id) & HandedInCopy.taken_back_at.is_(None),
    )
    .where(
        Submission.assignment_id == bindparam("its_assignment"),
        Submission.person_id == bindparam("its_person"),
    )
    .order_by(Submission.attempt.desc())
    .limit(1)
)


def get_work(session: Session, assignment_id: int, person_id: int, empty: dict[str, Any]) -> Work:
    """A person's own work: the latest attempt, or an empty one that nothing was written to.

    :param empty: the document of work not begun.
    """
    row = run_once(session, LATEST, its_assignment=assignment_id, its_person=person_id).first()
    if row is None:
        return Work(None, 1, empty, 0, None, None, None, None)
    return Work(*tuple(row))
