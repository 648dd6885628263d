"""What a person can offer as evidence from what the tool holds, as the activities announce it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool.catalogue.contract import Offer
from lti_tool.catalogue.register import list_activities
from lti_tool.core import clock
from lti_tool.core.digests import document_digest
from lti_tool.coursework.models import Assignment, HandedInCopy, Submission
from lti_tool.lti.models import Context
from lti_tool.programme.outcomes.words import ASSIGNMENT


@dataclass(frozen=True, slots=True)
class Offered:
    """An offer with the key that forms name it by."""

    key: str
    offer: Offer


def key_of(kind: str, reference: dict[str, Any]) -> str:
    """What names a piece of work in forms: a digest, so that no form can name another's row."""
    return document_digest({"kind": kind, "of": reference})[:20]


def _handed_in(session: Session, context_ids: Sequence[int], person_id: int) -> list[Offer]:
    rows = session.execute(
        select(
            Assignment.id,
            Assignment.title,
            Context.title.label("course"),
            func.max(HandedInCopy.handed_in_at).label("at"),
        )
        .join(Submission, Submission.assignment_id == Assignment.id)
        .join(HandedInCopy, HandedInCopy.submission_id == Submission.id)
        .join(Context, Context.id == Assignment.context_id)
        .where(
            Assignment.context_id.in_(context_ids),
            Submission.person_id == person_id,
            HandedInCopy.taken_back_at.is_(None),
        )
        .group_by(Assignment.id, Assignment.title, Context.title)
        .order_by(Assignment.id)
    )
    return [
        Offer(
            ASSIGNMENT,
            {"assignment_id": row.id},
            f"{row.title}, {row.course}",
            f"handed in on {clock.day(row.at)}",
        )
        for row in rows
    ]


def list_offers(
    session: Session, config_dir: Path, context_ids: Sequence[int], person_id: int
) -> list[Offered]:
    """Everything a person did in these courses that can be evidence: work handed in first, then
    what each activity announces."""
    found = _handed_in(session, context_ids, person_id)
    for activity in list_activities():
        found += activity.evidence(session, config_dir, context_ids, person_id)
    return [Offered(key_of(one.kind, one.reference), one) for one in found]
