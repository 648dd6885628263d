"""Step 6 of a grade, first half: claiming marks in lanes, so many at once for each platform.

A lane is one lease: a few marks of one registration that one thread sends one after another. A
registration has as many lanes as `parallel_calls` says, over all workers on all machines, since
the leases in the database are counted and no process keeps a count of its own. Opening a lane
holds the registration's row, so that two workers never count the same free place.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, case, distinct, func, literal, or_, select
from sqlalchemy.orm import Session

from lti_tool.core import clock
from lti_tool.db.statements import AnyRow, run
from lti_tool.gradebook import outages
from lti_tool.gradebook.models import Delivery, LineItem
from lti_tool.gradebook.states import CANCELLED, WAITING
from lti_tool.jobs.leasing import claim
from lti_tool.lti.models import Deployment, Registration

BATCH = 20
"""Marks a lane takes at a time at the most: one transaction settles them and takes the next."""
_SWITCHED_OFF_PAUSE = timedelta(seconds=60)
OPEN = Delivery.state == WAITING


@dataclass(frozen=True, slots=True)
class Lane:
    """Marks that one thread sends one after another."""

    registration_id: int
    lease: str
    ids: Sequence[int]
    begun_at: datetime
    is_probe: bool = False
    """Whether it asks a platform in trouble with a single mark, for all others."""


_FREE = or_(Delivery.leased_until.is_(None), Delivery.leased_until <= outages.NOW)
_DUE = and_(OPEN, Delivery.due_at <= outages.NOW, _FREE)
_MINE = LineItem.registration_id == bindparam("registration")
_WANTED = and_(
    OPEN,
    Delivery.line_item_id.in_(select(LineItem.id).where(_MINE)),
)
_own_time = case(
    (Delivery.leased_until > Delivery.due_at, Delivery.leased_until), else_=Delivery.due_at
)
_READY_AT = case(
    (
        and_(outages.WAITS_FOR_PAUSE, Registration.paused_until > _own_time),
        Registration.paused_until,
    ),
    else_=_own_time,
)
_NEXT = (
    select(
        LineItem.registration_id,
        func.min(_READY_AT).label("ready_at"),
        func.max(_own_time).label("latest"),
    )
    .select_from(Delivery)
    .join(LineItem, LineItem.id == Delivery.line_item_id)
    .join(Registration, Registration.id == LineItem.registration_id)
    .where(OPEN)
    .group_by(LineItem.registration_id)
    .order_by("ready_at")
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A registration with marks that wait, and when the first of them can be claimed."""

    registration_id: int
    ready_at: datetime
    latest: datetime
    """When the last of them can be: hours ahead where a clock was wrong."""


def list_waiting(session: Session) -> list[Waiting]:
    """Registrations with marks to send, the one whose turn is first before the others.

    Each mark counts from its due time, the end of its lease or its platform's pause, whichever
    is latest: one that another worker holds must not hide one that falls due sooner.
    """
    return [Waiting(row.registration_id, row.ready_at, row.latest) for row in run(session, _NEXT)]


_SOME_DUE = select(func.count()).select_from(
    select(literal(1)).select_from(Delivery).where(_DUE).limit(BATCH + 1).subquery()
)


def is_much_due(session: Session) -> bool:
    """Whether more marks are due, and held by nobody, than one lane takes."""
    return int(run(session, _SOME_DUE).scalar_one()) > BATCH


_HOLD = (
    select(
        Registration.id,
        Registration.is_enabled,
        Registration.parallel_calls,
        Registration.paused_until,
        Registration.pause_reason,
        Registration.pause_tries,
        Registration.troubled_since,
    )
    .where(Registration.id == bindparam("registration"))
    .with_for_update(key_share=True)
)


def hold_registration(session: Session, registration_id: int) -> AnyRow:
    """Hold the registration's row until the commit: lanes open, settle and refill in turn."""
    return run(session, _HOLD, registration=registration_id).one()


_MOST_DUE = 1000
"""Counting further would change no lane's share, and would cost more the more marks wait."""
_of_mine = select(Delivery.id).join(LineItem, LineItem.id == Delivery.line_item_id).where(_MINE)
_LOOK = select(
    select(Deployment.id)
    .where(
        Deployment.registration_id == bindparam("registration"), Deployment.is_enabled.is_(False)
    )
    .exists()
    .label("has_closed"),
    _of_mine.with_only_columns(func.count(distinct(Delivery.lease)))
    .where(Delivery.state.in_((WAITING, CANCELLED)), Delivery.leased_until > outages.NOW)
    .scalar_subquery()
    .label("lanes"),
    select(func.count())
    .select_from(_of_mine.where(_DUE).limit(_MOST_DUE).subquery())
    .scalar_subquery()
    .label("due"),
)
"""Asked after the registration is held, never with it: what it counts must be later."""


def _look(session: Session, registration_id: int) -> tuple[int, int]:
    """How many lanes are open now, and how many marks are due.

    Marks of a deployment that is switched off wait; the registration's others go on.
    """
    look = run(session, _LOOK, registration=registration_id).one()
    if look.has_closed:
        _hold_closed_deployments(session, registration_id)
        look = run(session, _LOOK, registration=registration_id).one()
    return look.lanes, look.due


def _take(
    session: Session,
    registration_id: int,
    lease_for: timedelta,
    limit: int,
    lease: str | None = None,
    *,
    is_probe: bool = False,
    young_only: bool = False,
) -> Lane | None:
    begun_at = clock.now()
    lease, ids = claim(
        session,
        Delivery,
        _WANTED_YOUNG if young_only else _WANTED,
        lease_for=lease_for,
        limit=limit,
        lease=lease,
        registration=registration_id,
    )
    return Lane(registration_id, lease, ids, begun_at, is_probe) if ids else None


_WANTED_YOUNG = and_(
    _WANTED,
    select(literal(1))
    .select_from(Registration)
    .where(Registration.id == bindparam("registration"), outages.IS_YOUNG)
    .correlate(Delivery)
    .exists(),
)


def _open_probe(session: Session, held: AnyRow, lease_for: timedelta) -> list[Lane]:
    """A platform in trouble is asked with one mark, once its pause is over."""
    is_paused = outages.is_paused(held)
    if is_paused and not outages.lets_young_by(held):
        return []
    lane = _take(session, held.id, lease_for, 1, is_probe=True, young_only=is_paused)
    if lane is None:
        return []
    outages.begin_probe(session, held.id)
    return [lane]


def _hold_closed_deployments(session: Session, registration_id: int) -> None:
    closed = session.scalars(
        select(Deployment.id).where(
            Deployment.registration_id == registration_id, Deployment.is_enabled.is_(False)
        )
    )
    for deployment_id in closed.all():
        until = clock.now() + _SWITCHED_OFF_PAUSE
        outages.put_off(session, registration_id, until, deployment_id=deployment_id)


def open_lanes(
    session: Session, registration_id: int, lease_for: timedelta, most: int, batch: int
) -> list[Lane]:
    """Claim what is due in as many lanes as the registration has free, `most` at the most.

    :param lease_for: how long a claim holds if its worker is never heard of again.
    :param batch: how many marks a lane takes at the most.
    """
    held = hold_registration(session, registration_id)
    if not held.is_enabled:
        outages.put_off(session, registration_id, clock.now() + _SWITCHED_OFF_PAUSE)
        return []
    there, due = _look(session, registration_id)
    if held.pause_reason is not None:
        return [] if there else _open_probe(session, held, lease_for)
    lanes: list[Lane] = []
    for places in range(min(held.parallel_calls - there, most), 0, -1):
        share = min(batch, -(-due // places))
        lane = _take(session, registration_id, lease_for, share) if share else None
        if lane is None:
            break
        due -= len(lane.ids)
        lanes.append(lane)
    return lanes


def refill(
    session: Session,
    lane: Lane,
    held: AnyRow,
    lease_for: timedelta,
    gives_up: Callable[[int], bool],
    batch: int,
) -> Lane | None:
    """The lane's next marks, under the same lease and in the transaction that settled the
    last; None where there are none, or where its place is no longer there.

    :param held: the registration's row as it stands, which the caller holds.
    :param gives_up: told how many places the registration has; whether to leave this one to
        another process.
    :param batch: how many marks it takes at the most.
    """
    if held.pause_reason is not None or not held.is_enabled:
        return None
    there, due = _look(session, lane.registration_id)
    if not due or there >= held.parallel_calls:
        return None
    if due > BATCH and gives_up(held.parallel_calls):
        return None
    share = min(batch, -(-due // held.parallel_calls))
    return _take(session, lane.registration_id, lease_for, share, lane.lease)
