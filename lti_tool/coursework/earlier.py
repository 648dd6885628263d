"""Earlier drafts of a person's work: kept before larger changes and now and then, brought back.

Everything is reached through the visit's own work, so no address names somebody else's drafts.
`operations.save_work` keeps a draft; this module says when one is due, and thins them out.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from lti_tool.core import clock
from lti_tool.core.errors import NotFound
from lti_tool.coursework.models import EarlierDraft
from lti_tool.coursework.own_work import Work

MOST_DRAFTS = 40
BETWEEN = timedelta(minutes=30)
NOW_AND_THEN = "while you were working"


@dataclass(frozen=True, slots=True)
class Draft:
    """A kept draft: the revision it was, why and when it was kept, and the document."""

    revision: int
    why: str
    kept_at: datetime
    document: dict[str, Any]


def list_drafts(session: Session, work: Work) -> list[Draft]:
    """The drafts kept of this work, the latest first."""
    rows = session.execute(
        select(EarlierDraft.revision, EarlierDraft.why, EarlierDraft.kept_at, EarlierDraft.document)
        .where(EarlierDraft.submission_id == work.submission_id)
        .order_by(EarlierDraft.revision.desc())
    )
    return [Draft(*tuple(row)) for row in rows]


def get_draft(session: Session, work: Work, revision: int) -> Draft:
    """One draft of this work.

    :raises NotFound: it is not kept any more, or never was.
    """
    row = session.execute(
        select(
            EarlierDraft.revision, EarlierDraft.why, EarlierDraft.kept_at, EarlierDraft.document
        ).where(EarlierDraft.submission_id == work.submission_id, EarlierDraft.revision == revision)
    ).first()
    if row is None:
        raise NotFound("This earlier draft is not kept any more.")
    return Draft(*tuple(row))


def why_now(session: Session, work: Work) -> str | None:
    """Why the state before the next save is worth keeping, if it is: half an hour has passed
    since a draft was kept last, or since the work was begun."""
    if work.submission_id is None:
        return None
    last = session.scalar(
        select(func.max(EarlierDraft.kept_at)).where(
            EarlierDraft.submission_id == work.submission_id
        )
    )
    return NOW_AND_THEN if last is None or clock.now() - last >= BETWEEN else None


def thin_out(session: Session, submission_id: int) -> None:
    """Let go of the oldest drafts over the limit: those kept now and then before all others."""
    kept = session.execute(
        select(EarlierDraft.id, EarlierDraft.why)
        .where(EarlierDraft.submission_id == submission_id)
        .order_by(EarlierDraft.revision)
    ).all()
    over = len(kept) - MOST_DRAFTS
    if over <= 0:
        return
    in_order = sorted(kept[:-1], key=lambda one: one.why != NOW_AND_THEN)
    ids = [one.id for one in in_order[:over]]
    session.execute(delete(EarlierDraft).where(EarlierDraft.id.in_(ids)))
