"""Whose marks a reader may not see yet, because they are to judge the same work blind.

A moderator of a blind round, until they have looked; a second or third marker, until they have
saved marks of their own.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.coursework.models import Submission
from lti_tool.marking.models import Allocation, Judgement, Moderation, ModerationPiece


def list_hidden(session: Session, assignment_id: int, reader_id: int) -> set[int]:
    """Row numbers of the submissions whose marks this reader must not see yet."""
    to_moderate = (
        select(ModerationPiece.submission_id)
        .join(Moderation, Moderation.id == ModerationPiece.moderation_id)
        .where(
            Moderation.assignment_id == assignment_id,
            Moderation.moderator_id == reader_id,
            Moderation.is_blind,
            Moderation.decision.is_(None),
            ModerationPiece.seen_at.is_(None),
        )
    )
    own = select(Judgement.id).where(
        Judgement.submission_id == Submission.id,
        Judgement.marker_id == reader_id,
        Judgement.kind == Allocation.kind,
    )
    to_mark = (
        select(Submission.id)
        .join(
            Allocation,
            (Allocation.assignment_id == Submission.assignment_id)
            & (Allocation.person_id == Submission.person_id),
        )
        .where(
            Submission.assignment_id == assignment_id,
            Allocation.marker_id == reader_id,
            Allocation.kind.in_(("second", "third")),
            Allocation.ended_at.is_(None),
            ~own.exists(),
        )
    )
    return set(session.scalars(to_moderate.union(to_mark)))
