"""Which marks are out already, for any number of pieces in one query."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.marking.models import Outcome, Release


@dataclass(frozen=True, slots=True)
class Out:
    """A mark that the participant can see."""

    judgement_id: int
    final: Decimal
    standing: str


def list_out(session: Session, submission_ids: Iterable[int]) -> dict[int, Out]:
    """Released marks by submission, without marks and feedback in full."""
    rows = session.execute(
        select(Release.submission_id, Outcome.judgement_id, Outcome.final, Outcome.standing)
        .join(Outcome, Outcome.id == Release.outcome_id)
        .where(Release.submission_id.in_(set(submission_ids)), Release.taken_back_at.is_(None))
        .order_by(Release.id)
    )
    return {row.submission_id: Out(row.judgement_id, row.final, row.standing) for row in rows}
