"""Comments that markers keep, by criterion, to be used again: their own, and those that other
markers of the course share. A comment is taken out of use and never deleted."""

from dataclasses import dataclass

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from lti_tool.audit.operations import record
from lti_tool.core import clock
from lti_tool.core.errors import NotFound, Unusable
from lti_tool.db.statements import count_changed
from lti_tool.marking.models import BankedComment
from lti_tool.marking.remarks import LONGEST
from lti_tool.marking.rubrics import Rubric

MOST = 200
"""Comments one marker can keep for a rubric in a course."""


@dataclass(frozen=True, slots=True)
class Banked:
    """A kept comment as a marker sees it."""

    id: int
    criterion_id: str
    text: str
    is_shared: bool
    is_own: bool


def list_comments(
    session: Session, context_id: int, rubric_key: str, marker_id: int
) -> list[Banked]:
    """The comments a marker can use: their own first, then what others share."""
    rows = session.execute(
        select(
            BankedComment.id,
            BankedComment.criterion_id,
            BankedComment.text,
            BankedComment.is_shared,
            BankedComment.owner_id,
        )
        .where(
            BankedComment.context_id == context_id,
            BankedComment.rubric_key == rubric_key,
            BankedComment.removed_at.is_(None),
            or_(BankedComment.owner_id == marker_id, BankedComment.is_shared),
        )
        .order_by(BankedComment.owner_id != marker_id, BankedComment.id)
    )
    return [
        Banked(row.id, row.criterion_id, row.text, row.is_shared, row.owner_id == marker_id)
        for row in rows
    ]


def keep_comment(
    session: Session,
    context_id: int,
    rubric: Rubric,
    criterion_id: str,
    text: str,
    *,
    is_shared: bool,
    marker_id: int,
) -> bool:
    """Keep a comment for a criterion.

    :return: False where the marker has the very same one already.
    :raises Unusable: there is nothing to keep, it is too long, there is no such criterion, or too
        many are kept.
    """
    if criterion_id not in {one.id for one in rubric.criteria}:
        raise Unusable("The rubric has no such criterion.")
    if not text.strip():
        raise Unusable("Write the comment first, then keep it.")
    if len(text) > LONGEST:
        raise Unusable(
            f"This comment is longer than {LONGEST:,} characters. Shorten it, then keep it."
        )
    own = [one for one in list_comments(session, context_id, rubric.key, marker_id) if one.is_own]
    if any((one.criterion_id, one.text) == (criterion_id, text) for one in own):
        return False
    if len(own) >= MOST:
        raise Unusable(f"You keep {MOST} comments already. Take some out of use first.")
    kept = BankedComment(
        context_id=context_id,
        owner_id=marker_id,
        rubric_key=rubric.key,
        criterion_id=criterion_id,
        text=text,
        is_shared=is_shared,
        created_at=clock.now(),
    )
    session.add(kept)
    session.flush()
    record(
        session,
        "comment kept",
        ("banked_comment", kept.id),
        actor_id=marker_id,
        context_id=context_id,
        became={"criterion": criterion_id, "is_shared": is_shared},
    )
    return True


def remove_comment(session: Session, context_id: int, comment_id: int, *, marker_id: int) -> None:
    """Take one of one's own comments out of use.

    :raises NotFound: it is not there, or somebody else's.
    """
    done = count_changed(
        session,
        update(BankedComment)
        .where(
            BankedComment.id == comment_id,
            BankedComment.context_id == context_id,
            BankedComment.owner_id == marker_id,
            BankedComment.removed_at.is_(None),
        )
        .values(removed_at=clock.now()),
    )
    if not done:
        raise NotFound("This comment is not among yours any more.")
    record(
        session,
        "comment taken out of use",
        ("banked_comment", comment_id),
        actor_id=marker_id,
        context_id=context_id,
    )
