"""Reads of what was sent to the gradebook and what it answered, for the history of marks."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from lti_tool.db.statements import AnyRow
from lti_tool.gradebook.models import Delivery, DeliveryAttempt, LineItem, ShownResult


def subject_ids(assignment_id: int, person_id: int | None = None) -> dict[str, Select[int]]:
    """The rows of the gradebook that belong to an assignment, or to one person's mark of it:
    row numbers by kind of subject, as parts of another query."""
    columns = select(LineItem.id).where(LineItem.assignment_id == assignment_id)
    sent = select(Delivery.id).where(Delivery.line_item_id.in_(columns))
    shown = select(ShownResult.id).where(ShownResult.line_item_id.in_(columns))
    if person_id is None:
        return {"line_item": columns, "delivery": sent, "shown_result": shown}
    return {
        "delivery": sent.where(Delivery.person_id == person_id),
        "shown_result": shown.where(ShownResult.person_id == person_id),
    }


def people_of(
    session: Session, deliveries: Iterable[int], shown_results: Iterable[int]
) -> dict[tuple[str, int], int]:
    """Whose mark a row of the gradebook is about, by kind and number of the row."""
    found = {}
    for kind, table, ids in (
        ("delivery", Delivery, set(deliveries)),
        ("shown_result", ShownResult, set(shown_results)),
    ):
        rows = session.execute(select(table.id, table.person_id).where(table.id.in_(ids)))
        found.update({(kind, number): person_id for number, person_id in rows})
    return found


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
