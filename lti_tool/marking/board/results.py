"""The results that are out, as a board looks at them: raw, penalty, cap and final apart."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.marking.models import Outcome, Release


@dataclass(frozen=True, slots=True)
class BoardResult:
    """A released result of one submission."""

    submission_id: int
    release_id: int
    """Later releases have higher ones."""
    raw: Decimal
    penalty: Decimal
    cap: Decimal | None
    final: Decimal
    standing: str
    """provisional or confirmed."""


_RESULT: tuple[Any, ...] = (
    Outcome.submission_id,
    Release.id,
    Outcome.raw,
    Outcome.penalty,
    Outcome.cap,
    Outcome.final,
    Outcome.standing,
)


def list_results(session: Session, submission_ids: Iterable[int]) -> dict[int, BoardResult]:
    """The released result in force, by submission. One query."""
    rows = session.execute(
        select(*_RESULT)
        .join(Release, Release.outcome_id == Outcome.id)
        .where(
            Outcome.submission_id.in_(set(submission_ids)),
            Release.taken_back_at.is_(None),
        )
        .order_by(Release.id)
    )
    return {row.submission_id: BoardResult(*tuple(row)) for row in rows}
