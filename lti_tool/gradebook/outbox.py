"""Step 4 of a grade: promising a score, in the release's own transaction.

Rows are never deleted. What came of sending them is written by `settling.py`.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, cast

from sqlalchemy import Select, Table, and_, bindparam, case, func, select, update
from sqlalchemy.orm import Session

from lti_tool.core import clock
from lti_tool.db.statements import count_changed, insert_if_missing, run
from lti_tool.gradebook.models import Delivery, LineItem
from lti_tool.gradebook.states import CANCELLED, COURSE_RESET, DELIVERED, NEEDS_PERSON, WAITING
from lti_tool.jobs.queue import SCORES, wake
from lti_tool.web.logs import log

_ONE_SECOND = timedelta(seconds=1)


def _later(last: datetime | None) -> datetime:
    """Now in whole seconds, and later than `last` by at least one (AGS 2.0, 3.4.9)."""
    now = clock.whole_second(clock.now())
    return now if last is None else max(now, clock.whole_second(last) + _ONE_SECOND)


_deliveries = cast(Table, Delivery.__table__)
_HOLD = (
    select(Delivery.id, Delivery.scored_at)
    .where(Delivery.line_item_id == bindparam("column"), Delivery.person_id == bindparam("person"))
    .with_for_update()
)
_THERE_SINCE = case(
    (and_(_deliveries.c.clears, _deliveries.c.state == DELIVERED), None),
    else_=_deliveries.c.delivered_at,
)
"""When a mark of ours that the gradebook may still show was put there: none, once taken out."""
_PUT_FRESH = (
    update(_deliveries)
    .where(_deliveries.c.id == bindparam("delivery"))
    .values(revision=_deliveries.c.revision + 1, delivered_at=_THERE_SINCE)
)


def _replace(session: Session, line_item_id: int, person_id: int, fresh: dict[str, Any]) -> int:
    """Put a new score in place of the one that the row held; the row's number."""
    row = run(session, _HOLD, column=line_item_id, person=person_id).one()
    run(session, _PUT_FRESH, delivery=row.id, scored_at=_later(row.scored_at), **fresh)
    return int(row.id)


def enqueue(
    session: Session,
    line_item_id: int,
    person_id: int,
    given: Decimal,
    maximum: Decimal,
    comment: str,
    submitted_at: datetime | None,
    *,
    clears: bool = False,
) -> int:
    """Set the delivery row to a new score: waiting, revision + 1, a later timestamp.

    :param given: the mark, on the scale of `maximum`.
    :param comment: plain text; sent with every score, since leaving it out deletes it on Moodle.
    :param clears: take the mark out instead.
    :return: the delivery's row number.
    """
    now = clock.now()
    fresh = {
        "state": WAITING,
        "clears": clears,
        "score_given": given,
        "score_maximum": maximum,
        "comment": comment,
        "submitted_at": submitted_at,
        "reason": None,
        "due_at": now,
        "updated_at": now,
        "first_tried_at": None,
        "tries": 0,
    }
    made = insert_if_missing(
        session,
        Delivery,
        ["line_item_id", "person_id"],
        {
            **fresh,
            "line_item_id": line_item_id,
            "person_id": person_id,
            "revision": 1,
            "scored_at": _later(None),
            "created_at": now,
        },
    )
    if made is None:
        made = _replace(session, line_item_id, person_id, fresh)
    log.info("delivery promised", delivery=made)
    wake(session, SCORES)
    return made


def hold_columns(session: Session, line_item_ids: Iterable[int] | Select[int]) -> None:
    """Hold columns until the commit. Whoever changes both holds columns before their marks, so
    that no two wait for each other.

    :param line_item_ids: row numbers, or what finds them.
    """
    session.execute(
        select(LineItem.id)
        .where(LineItem.id.in_(line_item_ids))
        .order_by(LineItem.id)
        .with_for_update(key_share=True)
    )


def send_again(session: Session, delivery_id: int, *, looks_anew: bool = True) -> None:
    """Let a delivery go out anew with a later timestamp, because a person asked.

    Where the column was gone, its address is forgotten, so that it is looked for anew, but
    not made: for that a person has a button of its own.

    :param looks_anew: left out where the column is to be made again.
    """
    row = session.execute(
        select(Delivery.scored_at, Delivery.line_item_id, Delivery.reason)
        .where(Delivery.id == delivery_id)
        .with_for_update()
    ).one()
    now = clock.now()
    if row.reason == "column_gone" and looks_anew:
        session.execute(
            update(LineItem)
            .where(LineItem.id == row.line_item_id)
            .values(url=None, gone_at=func.coalesce(LineItem.gone_at, now))
        )
    session.execute(
        update(Delivery)
        .where(Delivery.id == delivery_id)
        .values(
            state=WAITING,
            reason=None,
            due_at=now,
            updated_at=now,
            tries=0,
            first_tried_at=None,
            revision=Delivery.revision + 1,
            scored_at=_later(row.scored_at),
            delivered_at=_THERE_SINCE,
        )
        .execution_options(synchronize_session=False)
    )
    log.info("delivery promised", delivery=delivery_id)
    wake(session, SCORES)


def close_deliveries(session: Session, line_item_id: int) -> int:
    """Cancel what was not delivered yet, and mark all of a column as never to be sent again.

    :return: how many were cancelled.
    """
    now = clock.now()
    mine = Delivery.line_item_id == line_item_id
    cancelled = count_changed(
        session,
        update(Delivery)
        .where(mine, Delivery.state.in_((WAITING, NEEDS_PERSON)))
        .values(state=CANCELLED, updated_at=now, revision=Delivery.revision + 1)
        .execution_options(synchronize_session=False),
    )
    session.execute(
        update(Delivery)
        .where(mine)
        .values(reason=COURSE_RESET)
        .execution_options(synchronize_session=False)
    )
    return cancelled
