"""The history of one mark's way to the gradebook: every try, for the tutor who asks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.core.errors import NotFound
from lti_tool.core.numerals import plain
from lti_tool.db.statements import AnyRow
from lti_tool.gradebook.models import Delivery, DeliveryAttempt, LineItem
from lti_tool.gradebook.queries import Standing, standing_of
from lti_tool.gradebook.states import (
    CANCELLED,
    REASONS,
    WITHDRAWN_ON_ITS_WAY,
    WITHDRAWN_STANDS,
)
from lti_tool.people.queries import names_of


@dataclass(frozen=True, slots=True)
class Tries:
    """The history of one mark's way."""

    name: str
    assignment_id: int
    title: str
    standing: Standing
    tries: tuple[tuple[datetime, str, str], ...]
    """When, which mark, what came of it; the latest first."""
    may_be_cleared: bool
    """Whether the release was taken back while the gradebook may still show the mark."""


def get_tries(session: Session, delivery_id: int, context_ids: Sequence[int]) -> Tries:
    """Every try to send one person's mark, the latest 200.

    :raises NotFound: there is no such mark in these contexts.
    """
    row = session.execute(
        select(*Delivery.__table__.c, LineItem.assignment_id, LineItem.label)
        .join(LineItem, LineItem.id == Delivery.line_item_id)
        .where(Delivery.id == delivery_id, LineItem.context_id.in_(context_ids))
    ).first()
    if row is None:
        raise NotFound("There is no such mark in this course.")
    tries = session.execute(
        select(*DeliveryAttempt.__table__.c)
        .where(DeliveryAttempt.delivery_id == delivery_id)
        .order_by(DeliveryAttempt.id.desc())
        .limit(200)
    ).all()
    return Tries(
        names_of(session, [row.person_id])[row.person_id],
        row.assignment_id,
        row.label,
        standing_of(row),
        tuple((one.ended_at, plain(one.score_given), _came_of(one)) for one in tries),
        may_be_cleared=row.state == CANCELLED
        and row.reason in (WITHDRAWN_STANDS, WITHDRAWN_ON_ITS_WAY),
    )


def _came_of(one: AnyRow) -> str:
    if one.verdict == "landed":
        return "The gradebook took it."
    return REASONS.get(one.reason or "", "It was not taken.")
