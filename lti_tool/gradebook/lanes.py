"""Step 6 of a grade, first half: claiming marks in lanes, so many at once for each platform.

A lane is one lease: a few marks of one registration that one thread sends one after another. A
registration has as many lanes as `parallel_calls` says, over all workers on all machines, since
the leases in the database are counted and no process keeps a count of its own. Opening a lane
holds the registration's row, so that two workers never count the same free place.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, distinct, func, or_, select
from sqlalchemy.orm import Session

from lti_tool.core import clock
from lti_tool.db.statements import AnyRow
from lti_tool.gradebook import outages
from lti_tool.gradebook.models import Delivery, LineItem
from lti_tool.gradebook.states import WAITING
from lti_tool.jobs.leasing import claim
from lti_tool.lti.models import Deployment, Registration

BATCH = 20
"""Marks a lane takes at a time: one transaction settles them all and takes the next."""
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


def _due(now: datetime) -> ColumnElement[bool]:
    free = or_(Delivery.leased_until.is_(None), Delivery.leased_until <= now)
    return and_(OPEN, Delivery.due_at <= now, free)


def list_due_registrations(session: Session) -> list[int]:
    """Registrations with marks to send now, the one that waits longest first."""
    rows = session.execute(
        select(LineItem.registration_id, func.min(Delivery.due_at).label("first"))
        .join(LineItem, LineItem.id == Delivery.line_item_id)
        .where(_due(clock.now()))
        .group_by(LineItem.registration_id)
        .order_by("first")
    )
    return [row.registration_id for row in rows]


def count_due(session: Session) -> int:
    """How many marks are due that nobody holds."""
    found = session.scalar(select(func.count()).select_from(Delivery).where(_due(clock.now())))
    return found or 0


def hold_registration(session: Session, registration_id: int) -> AnyRow:
    """Hold the registration's row until the commit: lanes open, settle and refill in turn."""
    return session.execute(
        select(Registration.is_enabled, Registration.parallel_calls)
        .where(Registration.id == registration_id)
        .with_for_update(key_share=True)
    ).one()


def _count(session: Session, registration_id: int) -> tuple[int, int]:
    """How many lanes are open now, and how many marks are due."""
    mine = Delivery.line_item_id.in_(outages.columns_of(registration_id))
    now = clock.now()
    lanes = session.scalar(
        select(func.count(distinct(Delivery.lease))).where(mine, Delivery.leased_until > now)
    )
    due = session.scalar(select(func.count()).select_from(Delivery).where(mine, _due(now)))
    return lanes or 0, due or 0


def _take(
    session: Session,
    registration_id: int,
    lease_for: timedelta,
    limit: int,
    lease: str | None = None,
    only: ColumnElement[bool] | None = None,
) -> Lane | None:
    begun_at = clock.now()
    wanted = and_(OPEN, Delivery.line_item_id.in_(outages.columns_of(registration_id)))
    wanted = wanted if only is None else and_(wanted, only)
    lease, ids = claim(session, Delivery, wanted, lease_for=lease_for, limit=limit, lease=lease)
    return Lane(registration_id, lease, ids, begun_at) if ids else None


def _open_probe(session: Session, registration_id: int, lease_for: timedelta) -> list[Lane]:
    """A platform in trouble is asked with one mark, once its pause is over."""
    trouble = outages.find_trouble(session, registration_id)
    only = None
    if trouble is not None:
        only = outages.is_young() if trouble.is_long else None
        if not trouble.is_long or not session.scalar(
            select(func.count())
            .select_from(Delivery)
            .where(
                Delivery.line_item_id.in_(outages.columns_of(registration_id)),
                _due(clock.now()),
                outages.is_young(),
            )
        ):
            outages.put_off(
                session, registration_id, None, trouble.until, trouble.reason, trouble.tries
            )
            return []
    lane = _take(session, registration_id, lease_for, 1, only=only)
    if lane is None:
        return []
    return [Lane(lane.registration_id, lane.lease, lane.ids, lane.begun_at, is_probe=True)]


def _hold_closed_deployments(session: Session, registration_id: int) -> None:
    """Marks of a deployment that is switched off wait; the registration's others go on."""
    closed = session.scalars(
        select(Deployment.id).where(
            Deployment.registration_id == registration_id, Deployment.is_enabled.is_(False)
        )
    )
    for deployment_id in closed.all():
        until = clock.now() + _SWITCHED_OFF_PAUSE
        outages.put_off(
            session, registration_id, None, until, "switched_off", deployment_id=deployment_id
        )


def open_lanes(
    session: Session, registration_id: int, lease_for: timedelta, most: int
) -> list[Lane]:
    """Claim what is due in as many lanes as the registration has free, `most` at the most.

    :param lease_for: how long a claim holds if its worker is never heard of again.
    """
    registration = hold_registration(session, registration_id)
    if not registration.is_enabled:
        until = clock.now() + _SWITCHED_OFF_PAUSE
        outages.put_off(session, registration_id, None, until, "switched_off")
        return []
    _hold_closed_deployments(session, registration_id)
    there, due = _count(session, registration_id)
    if outages.is_in_trouble(session, registration_id):
        return [] if there else _open_probe(session, registration_id, lease_for)
    lanes: list[Lane] = []
    for places in range(min(registration.parallel_calls - there, most), 0, -1):
        share = min(BATCH, -(-due // places))
        lane = _take(session, registration_id, lease_for, share) if share else None
        if lane is None:
            break
        due -= len(lane.ids)
        lanes.append(lane)
    return lanes


def refill(
    session: Session, lane: Lane, lease_for: timedelta, gives_up: Callable[[int], bool]
) -> Lane | None:
    """The lane's next marks, under the same lease and in the transaction that settled the
    last; None where there are none, or where its place is no longer there. The caller holds
    the registration.

    :param gives_up: told how many places the registration has; whether to leave this one to
        another process.
    """
    registration = hold_registration(session, lane.registration_id)
    _hold_closed_deployments(session, lane.registration_id)
    there, due = _count(session, lane.registration_id)
    is_full = there >= registration.parallel_calls
    if not due or is_full or not registration.is_enabled:
        return None
    if outages.is_in_trouble(session, lane.registration_id):
        return None
    if due > BATCH and gives_up(registration.parallel_calls):
        return None
    share = min(BATCH, -(-due // registration.parallel_calls))
    return _take(session, lane.registration_id, lease_for, share, lane.lease)
