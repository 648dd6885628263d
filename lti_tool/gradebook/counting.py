"""How the marks of gradebook columns stand, counted by the database."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from lti_tool.gradebook import findings
from lti_tool.gradebook.models import Delivery, LineItem, ShownResult
from lti_tool.gradebook.states import COURSE_RESET, DELIVERED, NEEDS_PERSON, SUPERSEDED, WAITING


@dataclass(frozen=True, slots=True)
class Counts:
    """How a column's marks stand; each is counted once."""

    there: int
    on_the_way: int
    needs_you: int
    theirs: int
    """Marks that somebody decided to leave as the gradebook has them."""

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(*(sum(two) for two in zip(astuple(self), astuple(other), strict=True)))


NONE = Counts(0, 0, 0, 0)


_SETTLED = or_(ShownResult.decision.is_not(None), ShownResult.finding.not_in(findings.DIFFERENCES))
_IS_FRESH = or_(Delivery.delivered_at.is_(None), Delivery.delivered_at <= ShownResult.read_at)
ASKS = or_(
    Delivery.state == NEEDS_PERSON,
    and_(Delivery.state == DELIVERED, ShownResult.id.is_not(None), ~_SETTLED, _IS_FRESH),
)
"""Whether a row of a delivery, joined with what is shown, needs a person."""
_IS_THEIRS = or_(
    Delivery.state == SUPERSEDED,
    and_(
        Delivery.state == DELIVERED,
        ShownResult.id.is_not(None),
        ShownResult.decision.is_not(None),
        ShownResult.finding.in_(findings.DIFFERENCES),
        _IS_FRESH,
    ),
)


def count_columns(session: Session, context_ids: Sequence[int] | None) -> dict[int, Counts]:
    """How marks stand, by column; one query.

    :param context_ids: only of these contexts; None for all, which is for operators.
    """
    query = (
        select(
            Delivery.line_item_id,
            func.count().filter(Delivery.state == DELIVERED, ~ASKS, ~_IS_THEIRS).label("there"),
            func.count().filter(Delivery.state == WAITING).label("on_the_way"),
            func.count().filter(ASKS).label("needs_you"),
            func.count().filter(_IS_THEIRS).label("theirs"),
        )
        .join(LineItem, LineItem.id == Delivery.line_item_id)
        .outerjoin(
            ShownResult,
            (ShownResult.line_item_id == Delivery.line_item_id)
            & (ShownResult.person_id == Delivery.person_id),
        )
        .where(or_(Delivery.reason.is_(None), Delivery.reason != COURSE_RESET))
        .group_by(Delivery.line_item_id)
    )
    if context_ids is not None:
        query = query.where(LineItem.context_id.in_(context_ids))
    return {
        row.line_item_id: Counts(row.there, row.on_the_way, row.needs_you, row.theirs)
        for row in session.execute(query)
    }


def add_up(counts: dict[int, Counts]) -> Counts:
    """The same over several columns."""
    return sum(counts.values(), NONE)
