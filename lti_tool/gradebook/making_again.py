"""Making a deleted gradebook column again, on a tutor's word."""

from collections.abc import Sequence

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session

from lti_tool.audit.operations import record
from lti_tool.core.errors import Conflict, NotFound
from lti_tool.gradebook import outbox
from lti_tool.gradebook.models import Comparison, Delivery, LineItem
from lti_tool.gradebook.states import COURSE_RESET, DELIVERED, NEEDS_PERSON


def _forget_the_old(session: Session, line_item_id: int) -> None:
    session.execute(
        update(LineItem)
        .where(LineItem.id == line_item_id)
        .values(url=None, gone_at=None, told_label=None, told_maximum=None)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(Comparison)
        .where(Comparison.line_item_id == line_item_id, Comparison.problem == "column_gone")
        .values(problem=None)
        .execution_options(synchronize_session=False)
    )


def make_column_again(
    session: Session, assignment_id: int, *, context_ids: Sequence[int], actor_id: int
) -> int:
    """A tutor wants a deleted column made again. It is looked for once more, then made, and all
    marks that waited for it or stood in it are sent.

    :return: how many marks are on their way.
    :raises NotFound: there is no such column in these contexts.
    :raises Conflict: the column is not gone.
    """
    row = session.execute(
        select(LineItem.id, LineItem.gone_at, LineItem.context_id)
        .where(LineItem.assignment_id == assignment_id, LineItem.context_id.in_(context_ids))
        .with_for_update()
    ).first()
    if row is None:
        raise NotFound("There is no such gradebook column in this course.")
    if row.gone_at is None:
        raise Conflict("The gradebook column is there. Nothing was changed.")
    _forget_the_old(session, row.id)
    ids = session.scalars(
        select(Delivery.id)
        .where(
            Delivery.line_item_id == row.id,
            or_(
                Delivery.state == DELIVERED,
                and_(Delivery.state == NEEDS_PERSON, Delivery.reason == "column_gone"),
            ),
            or_(Delivery.reason.is_(None), Delivery.reason != COURSE_RESET),
            Delivery.clears.is_(False),
        )
        .order_by(Delivery.id)
        .with_for_update()
    ).all()
    for delivery_id in ids:
        outbox.send_again(session, delivery_id, looks_anew=False)
    record(
        session,
        "gradebook column made again",
        ("line_item", row.id),
        actor_id=actor_id,
        context_id=row.context_id,
        became={"marks": len(ids)},
    )
    return len(ids)
