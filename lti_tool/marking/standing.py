"""Whether a mark can still be changed by marking: not once a board has recorded its result.

Afterwards only a recorded decision of a board, an appeal or a misconduct panel changes it.
"""

from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool.core.errors import Conflict
from lti_tool.coursework.models import HandedInCopy
from lti_tool.coursework.queries import HandedIn
from lti_tool.marking.models import Outcome
from lti_tool.marking.queries import lock_submission

PROVISIONAL, CONFIRMED = "provisional", "confirmed"
MARKING, BOARD, APPEAL, MISCONDUCT = "marking", "board", "appeal", "misconduct"
SETTLED = (
    "The assessment board’s result for this work is recorded. Only a decision of a board, an "
    "appeal or a misconduct panel changes it now: your programme leader can record one."
)


class Settled(Conflict):
    """A board's result is recorded, so marking no longer changes this mark."""


class TakenBack(Conflict):
    """The copy that a marker has before them is no longer in the tutor's hands."""


def list_confirmed(session: Session, submission_ids: Iterable[int]) -> set[int]:
    """Which of these submissions have a recorded result of a board."""
    newest = (
        select(Outcome.submission_id, func.max(Outcome.number).label("number"))
        .where(Outcome.submission_id.in_(set(submission_ids)))
        .group_by(Outcome.submission_id)
        .subquery()
    )
    return set(
        session.scalars(
            select(Outcome.submission_id)
            .join(
                newest,
                (Outcome.submission_id == newest.c.submission_id)
                & (Outcome.number == newest.c.number),
            )
            .where(Outcome.standing == CONFIRMED)
        )
    )


def require_unsettled(session: Session, submission_id: int) -> None:
    """Refuse what marking may no longer do.

    :raises Settled: a board's result is recorded.
    """
    if list_confirmed(session, (submission_id,)):
        raise Settled(SETTLED)


def lock_in_hand(session: Session, work: HandedIn) -> None:
    """Hold a submission's row for this transaction, if the copy that the marker saw is still the
    one handed in: its author may have taken it back a moment ago.

    :raises TakenBack: it is not.
    """
    lock_submission(session, work.submission_id)
    taken_back_at = session.scalar(
        select(HandedInCopy.taken_back_at).where(HandedInCopy.id == work.copy_id)
    )
    if taken_back_at is not None:
        raise TakenBack("This work was taken back by its author, so nothing was saved.")
