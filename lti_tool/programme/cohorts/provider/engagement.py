"""What somebody did last in a cohort's courses, by what counts as engagement.

Saving is read from the work itself; all else leaves an entry in the audit trail with who did it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from lti_tool.audit.models import AuditEntry
from lti_tool.coursework.models import Assignment, HandedInCopy, Submission
from lti_tool.programme.cohorts.provider.columns import HANDED_IN, RECORDED, SAVED


@dataclass(frozen=True, slots=True)
class Engaged:
    """The last time that somebody did what counts."""

    at: datetime
    by: str
    """saved, handed_in or recorded."""


def _saved(context_ids: Sequence[int]) -> Select[*tuple[Any, ...]]:
    """By person; a draft that was carried into the course for them and lies as it came is none
    of their doing."""
    carried = select(AuditEntry.subject_id).where(
        AuditEntry.subject_kind == "submission",
        AuditEntry.act == "draft carried forward",
        AuditEntry.context_id.in_(context_ids),
    )
    return (
        select(Submission.person_id, func.max(Submission.updated_at))
        .join(Assignment, Assignment.id == Submission.assignment_id)
        .where(
            Assignment.context_id.in_(context_ids),
            or_(Submission.revision > 1, Submission.id.not_in(carried)),
        )
        .group_by(Submission.person_id)
    )


def _handed_in(context_ids: Sequence[int]) -> Select[*tuple[Any, ...]]:
    return (
        select(Submission.person_id, func.max(HandedInCopy.handed_in_at))
        .join(HandedInCopy, HandedInCopy.submission_id == Submission.id)
        .join(Assignment, Assignment.id == Submission.assignment_id)
        .where(Assignment.context_id.in_(context_ids))
        .group_by(Submission.person_id)
    )


def _recorded(context_ids: Sequence[int]) -> Select[*tuple[Any, ...]]:
    return (
        select(AuditEntry.actor_id, func.max(AuditEntry.at))
        .where(
            AuditEntry.context_id.in_(context_ids),
            AuditEntry.actor_id.is_not(None),
            AuditEntry.act != "work handed in",
        )
        .group_by(AuditEntry.actor_id)
    )


def last_engaged(
    session: Session, context_ids: Sequence[int], counts: Collection[str]
) -> dict[int, Engaged]:
    """The last engagement in these courses, by person. A query for each thing that counts.

    :param counts: which of saved, handed_in and recorded count.
    """
    queries: dict[str, Select[*tuple[Any, ...]]] = {
        HANDED_IN: _handed_in(context_ids),
        SAVED: _saved(context_ids),
        RECORDED: _recorded(context_ids),
    }
    found: dict[int, Engaged] = {}
    for key in (one for one in queries if one in counts):
        for person_id, at in session.execute(queries[key]):
            if person_id is not None and (person_id not in found or at > found[person_id].at):
                found[person_id] = Engaged(at, key)
    return found
