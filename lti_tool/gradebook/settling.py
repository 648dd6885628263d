"""Step 8 of a grade: settling what came of sending it.

Only by the holder of the lease, and only if no newer score was promised meanwhile.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Table, bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from lti_tool.core import clock
from lti_tool.db.statements import AnyRow, count_changed, run, run_many
from lti_tool.gradebook.alarms import tell_markers
from lti_tool.gradebook.columns import note_gone
from lti_tool.gradebook.comparing import ask_to_compare
from lti_tool.gradebook.findings import DIFFERENCES, SEND
from lti_tool.gradebook.models import Delivery, DeliveryAttempt, ShownResult
from lti_tool.gradebook.outages import bring_forward, note_trouble, waiting_since
from lti_tool.gradebook.outbox import hold_columns
from lti_tool.gradebook.queries import Parcel
from lti_tool.gradebook.states import DELIVERED, NEEDS_PERSON, WAITING
from lti_tool.gradebook.verdicts import ASK, LANDED, TROUBLE, Verdict, pause
from lti_tool.jobs.queue import SCORES, wake


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


_deliveries = cast(Table, Delivery.__table__)
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


def _look_whether_it_shows(
    session: Session, landed: Sequence[AnyRow], settled: Collection[int]
) -> None:
    """A mark that somebody sent over the gradebook's own: that it landed is not all. Moodle says
    so and goes on showing a grade that was typed in."""
    again = [row for row in landed if row.revision > 1 and row.id in settled]
    if not again:
        return
    decided = session.execute(
        select(ShownResult.line_item_id, func.max(ShownResult.decided_by_id).label("by"))
        .where(
            ShownResult.line_item_id.in_({row.line_item_id for row in again}),
            ShownResult.person_id.in_({row.person_id for row in again}),
            ShownResult.decision == SEND,
            ShownResult.finding.in_(DIFFERENCES),
        )
        .group_by(ShownResult.line_item_id)
        .order_by(ShownResult.line_item_id)
    ).all()
    for row in decided:
        ask_to_compare(session, row.line_item_id, row.by)


def settle_all(session: Session, tried: Sequence[Tried]) -> None:
    """Write what came of the tries of one lane.

    An attempt is kept where anything was attempted. A row changes only if its revision is the
    one that was sent; where a newer score was promised meanwhile, it is let go to be sent at
    once.
    """
    gone = [one.parcel.line_item.id for one in tried if one.verdict.reason == "column_gone"]
    if gone:
        hold_columns(session, gone)
    now = clock.now()
    attempts = [_attempt(one, now) for one in tried if one.verdict.reason != "column_being_found"]
    if attempts:
        run_many(session, _KEEP_ATTEMPTS, attempts)
    landed = [one for one in tried if one.verdict.kind == LANDED]
    settled = _settle_landed(session, landed)
    settled |= {
        one.parcel.delivery.id
        for one in tried
        if one.verdict.kind != LANDED and _settle_one(session, one)
    }
    _look_whether_it_shows(session, [one.parcel.delivery for one in landed], settled)
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


def tell_others(session: Session, held: AnyRow, tried: Sequence[Tried], *, is_probe: bool) -> None:
    """What the tries of one lane taught about a column or the platform, for all that wait.

    :param held: the registration's row, which the caller holds.
    """
    for one in tried:
        if one.verdict.kind == ASK and one.verdict.reason == "column_gone":
            note_gone(session, one.parcel.line_item)
        if one.verdict.reason in TROUBLE:
            note_trouble(session, held, one.parcel.delivery, one.verdict, is_probe=is_probe)
        elif is_probe and one.verdict.http_status is not None:
            bring_forward(session, held.id)
