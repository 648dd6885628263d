"""Steps 4 and 8 of a grade: promising a score, and settling what came of sending it.

Promised in the release's own transaction; settled only by the holder of the lease, and only if
no newer score was promised meanwhile. Rows are never deleted.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, cast

from sqlalchemy import Table, bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from lti_tool.core import clock
from lti_tool.db.statements import count_changed, insert_if_missing, run, run_many
from lti_tool.gradebook.alarms import tell_markers
from lti_tool.gradebook.models import Delivery, DeliveryAttempt, LineItem
from lti_tool.gradebook.outages import waiting_since
from lti_tool.gradebook.queries import Parcel
from lti_tool.gradebook.states import (
    CANCELLED,
    COURSE_RESET,
    DELIVERED,
    NEEDS_PERSON,
    WAITING,
)
from lti_tool.gradebook.verdicts import ASK, LANDED, Verdict, pause
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
_PUT_FRESH = (
    update(_deliveries)
    .where(_deliveries.c.id == bindparam("delivery"))
    .values(revision=_deliveries.c.revision + 1)
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


def _change(parcel: Parcel, verdict: Verdict) -> dict[str, object]:
    now, row = clock.now(), parcel.delivery
    change: dict[str, object] = {
        "lease": None,
        "leased_until": None,
        "updated_at": now,
        "reason": verdict.reason,
    }
    if verdict.kind == ASK:
        return {**change, "state": NEEDS_PERSON}
    began = waiting_since(row, parcel.registration)
    seconds = max(pause(row.tries, now - began), verdict.wait_s or 0.0)
    if verdict.bump_to is not None:
        change["scored_at"] = verdict.bump_to
    return {
        **change,
        "state": WAITING,
        "first_tried_at": began,
        "due_at": now + timedelta(seconds=seconds),
    }


@dataclass(frozen=True, slots=True)
class Tried:
    """One try to send one mark, and what came of it."""

    parcel: Parcel
    verdict: Verdict
    began_at: datetime


def _attempt(one: Tried, ended_at: datetime) -> dict[str, object]:
    row = one.parcel.delivery
    return {
        "delivery_id": row.id,
        "revision": row.revision,
        "scored_at": row.scored_at,
        "score_given": row.score_given,
        "began_at": one.began_at,
        "ended_at": ended_at,
        "http_status": one.verdict.http_status,
        "verdict": one.verdict.kind,
        "reason": one.verdict.reason,
    }


_SET_LANDED = (
    update(_deliveries)
    .where(
        _deliveries.c.lease == bindparam("held_under"),
        _deliveries.c.revision == bindparam("sent_revision"),
        _deliveries.c.id.in_(bindparam("sent", expanding=True)),
    )
    .values(
        lease=None,
        leased_until=None,
        reason=None,
        state=DELIVERED,
        updated_at=bindparam("now"),
        delivered_at=bindparam("now"),
    )
    .returning(_deliveries.c.id)
)
_KEEP_ATTEMPTS = insert(cast(Table, DeliveryAttempt.__table__))


def _settle_landed(session: Session, landed: Sequence[Tried]) -> set[int]:
    """Those that landed are changed alike, all of a revision at once, and nearly all are of their
    first; the row numbers that were changed."""
    sent: defaultdict[tuple[str, int], list[int]] = defaultdict(list)
    for one in landed:
        row = one.parcel.delivery
        sent[row.lease, row.revision].append(row.id)
    settled: set[int] = set()
    for (lease, revision), ids in sorted(sent.items()):
        values = {"held_under": lease, "sent_revision": revision, "sent": ids}
        settled.update(run(session, _SET_LANDED, now=clock.now(), **values).scalars())
    return settled


def _settle_one(session: Session, one: Tried) -> bool:
    row = one.parcel.delivery
    return bool(
        count_changed(
            session,
            update(Delivery)
            .where(
                Delivery.id == row.id,
                Delivery.lease == row.lease,
                Delivery.revision == row.revision,
            )
            .values(**_change(one.parcel, one.verdict))
            .execution_options(synchronize_session=False),
        )
    )


def settle_all(session: Session, tried: Sequence[Tried]) -> None:
    """Write what came of the tries of one lane.

    An attempt is kept where anything was attempted. A row changes only if its revision is the
    one that was sent; where a newer score was promised meanwhile, it is let go to be sent at
    once.
    """
    now = clock.now()
    attempts = [_attempt(one, now) for one in tried if one.verdict.reason != "column_being_found"]
    if len(attempts) == 1:
        run(session, _KEEP_ATTEMPTS, **attempts[0])
    elif attempts:
        run_many(session, _KEEP_ATTEMPTS, attempts)
    landed = [one for one in tried if one.verdict.kind == LANDED]
    settled = _settle_landed(session, landed)
    settled |= {
        one.parcel.delivery.id
        for one in tried
        if one.verdict.kind != LANDED and _settle_one(session, one)
    }
    asking = {
        one.parcel.delivery.line_item_id
        for one in tried
        if one.verdict.kind == ASK and one.parcel.delivery.id in settled
    }
    for line_item_id in sorted(asking):
        tell_markers(session, line_item_id)
    late = [row for one in tried if (row := one.parcel.delivery).id not in settled]
    if late:
        session.execute(
            update(Delivery)
            .where(Delivery.id.in_([row.id for row in late]), Delivery.lease == late[0].lease)
            .values(lease=None, leased_until=None)
            .execution_options(synchronize_session=False)
        )
        wake(session, SCORES)
