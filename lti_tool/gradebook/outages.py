"""A platform in trouble is asked by one delivery at a time; its other deliveries wait for that one.

So an outage costs a worker one slow call per pause, however many marks wait, and other
registrations are not kept waiting. Whether a platform is in trouble is read from the rows
themselves, so that all workers agree: one of its deliveries waits for such a reason.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, case, func, or_, select, update
from sqlalchemy.orm import Session

from lti_tool.core import clock
from lti_tool.db.statements import count_changed
from lti_tool.gradebook.models import Delivery, LineItem
from lti_tool.gradebook.states import WAITING
from lti_tool.gradebook.verdicts import ASKED_TO_WAIT, FIRST_HOUR, LONGEST_EARLY_PAUSE_S, TROUBLE
from lti_tool.jobs.queue import wake
from lti_tool.lti.models import Context

_AT_MOST = timedelta(seconds=LONGEST_EARLY_PAUSE_S)
_JUST_BEFORE = timedelta(milliseconds=50)


@dataclass(frozen=True, slots=True)
class Trouble:
    """Until when a platform's other deliveries wait, and why."""

    until: datetime
    reason: str
    tries: int
    is_long: bool
    """Whether only deliveries as old wait for it: a fresh one has shorter pauses."""


def columns_of(registration_id: int) -> Select[int]:
    """The columns of a registration."""
    return select(LineItem.id).where(LineItem.registration_id == registration_id)


def is_young() -> ColumnElement[bool]:
    """A condition on deliveries: in its first hour of trying."""
    return or_(
        Delivery.first_tried_at.is_(None), Delivery.first_tried_at > clock.now() - FIRST_HOUR
    )


def is_in_trouble(session: Session, registration_id: int) -> bool:
    """Whether anything of a registration waits because the platform as a whole is in trouble."""
    found = session.scalar(
        select(Delivery.id)
        .where(
            Delivery.line_item_id.in_(columns_of(registration_id)),
            Delivery.state == WAITING,
            Delivery.reason.in_(TROUBLE),
        )
        .limit(1)
    )
    return found is not None


def find_trouble(session: Session, registration_id: int) -> Trouble | None:
    """What a registration's deliveries have to wait for, or None where one may be tried now.

    A delivery in its first hour waits for no pause longer than its own would be, unless the
    platform asked for it: an older delivery may be in pauses of ten minutes.
    """
    now = clock.now()
    found = session.execute(
        select(Delivery.due_at, Delivery.reason, Delivery.tries)
        .where(
            Delivery.line_item_id.in_(columns_of(registration_id)),
            Delivery.state == WAITING,
            Delivery.reason.in_(TROUBLE),
            Delivery.due_at > now,
        )
        .order_by(case((Delivery.reason == ASKED_TO_WAIT, 0), else_=1), Delivery.due_at)
        .limit(1)
    ).first()
    if found is None:
        return None
    is_long = found.reason != ASKED_TO_WAIT and found.due_at > now + _AT_MOST
    until = min(found.due_at - _JUST_BEFORE, now + _AT_MOST)
    return Trouble(until, found.reason, found.tries, is_long)


def _of_deployment(deployment_id: int) -> ColumnElement[bool]:
    return Delivery.line_item_id.in_(
        select(LineItem.id)
        .join(Context, Context.id == LineItem.context_id)
        .where(Context.deployment_id == deployment_id)
    )


def put_off(
    session: Session,
    registration_id: int,
    lease: str | None,
    until: datetime,
    reason: str,
    tries: int = 0,
    *,
    deployment_id: int | None = None,
) -> None:
    """Let all of a registration's deliveries wait that no other worker holds.

    They fall due just before the one that met the trouble, so that another is tried next and
    one bad delivery cannot hold up the rest.

    :param lease: the caller's own; what it holds is let go.
    :param tries: how often the platform was tried, so that pauses go on growing.
    :param deployment_id: only the deliveries of this deployment, by its row number.
    """
    now = clock.now()
    which = (
        Delivery.line_item_id.in_(columns_of(registration_id))
        if deployment_id is None
        else _of_deployment(deployment_id)
    )
    session.execute(
        update(Delivery)
        .where(
            which,
            Delivery.state == WAITING,
            Delivery.due_at < until,
            or_(
                Delivery.leased_until.is_(None),
                Delivery.leased_until <= now,
                Delivery.lease == lease,
            ),
        )
        .values(
            due_at=until,
            reason=reason,
            tries=case((Delivery.tries < tries, tries), else_=Delivery.tries),
            first_tried_at=func.coalesce(Delivery.first_tried_at, now),
            lease=None,
            leased_until=None,
        )
        .execution_options(synchronize_session=False)
    )


def bring_forward(session: Session, registration_id: int) -> None:
    """The platform answers again: all that waited for it is due now."""
    now = clock.now()
    moved = count_changed(
        session,
        update(Delivery)
        .where(
            Delivery.line_item_id.in_(columns_of(registration_id)),
            Delivery.state == WAITING,
            Delivery.reason.in_(TROUBLE),
            or_(Delivery.leased_until.is_(None), Delivery.leased_until <= now),
        )
        .values(due_at=now, reason=None)
        .execution_options(synchronize_session=False),
    )
    if moved:
        wake(session)
