"""Reads of what was sent to the gradebook and what it answered, for the history of marks."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from lti_tool.db.statements import AnyRow
from lti_tool.gradebook.models import Delivery, DeliveryAttempt, LineItem


def delivery_ids(assignment_id: int, person_id: int | None = None) -> Select[int]:
    """The row numbers of an assignment's deliveries, as a part of another query."""
    query = (
        select(Delivery.id)
        .join(LineItem, LineItem.id == Delivery.line_item_id)
        .where(LineItem.assignment_id == assignment_id)
    )
    return query if person_id is None else query.where(Delivery.person_id == person_id)


def people_of(session: Session, delivery_ids: Iterable[int]) -> dict[int, int]:
    """Whose mark a delivery carries, by delivery."""
    rows = session.execute(
        select(Delivery.id, Delivery.person_id).where(Delivery.id.in_(set(delivery_ids)))
    )
    return {number: person_id for number, person_id in rows}


def list_tries(
    session: Session,
    context_ids: Sequence[int],
    assignment_id: int,
    person_id: int | None = None,
    *,
    before: int | None = None,
    limit: int,
) -> list[AnyRow]:
    """Tries to send an assignment's marks, newest first.

    :param before: only tries with a lower number than this one.
    """
    query = (
        select(
            DeliveryAttempt.id,
            DeliveryAttempt.ended_at.label("at"),
            DeliveryAttempt.score_given,
            Delivery.score_maximum,
            DeliveryAttempt.verdict,
            DeliveryAttempt.reason,
            Delivery.person_id,
        )
        .join(Delivery, Delivery.id == DeliveryAttempt.delivery_id)
        .join(LineItem, LineItem.id == Delivery.line_item_id)
        .where(LineItem.assignment_id == assignment_id, LineItem.context_id.in_(context_ids))
    )
    if person_id is not None:
        query = query.where(Delivery.person_id == person_id)
    if before is not None:
        query = query.where(DeliveryAttempt.id < before)
    return list(session.execute(query.order_by(DeliveryAttempt.id.desc()).limit(limit)))
