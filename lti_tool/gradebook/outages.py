"""A platform in trouble is asked by one delivery at a time; its other deliveries wait for that one.

So an outage costs a worker one slow call per pause, however many marks wait, and other
registrations are not kept waiting. The pause stands in the registration's row, so that all
workers agree and no waiting mark is rewritten; who changes it holds that row.
"""

from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import (
    ColumnElement,
    Select,
    Table,
    and_,
    bindparam,
    case,
    func,
    join,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session

from lti_tool.core import clock
from lti_tool.db.statements import AnyRow, run
from lti_tool.db.types import Moment
from lti_tool.gradebook.models import Delivery, LineItem
from lti_tool.gradebook.states import WAITING
from lti_tool.gradebook.verdicts import (
    ASKED_TO_WAIT,
    FIRST_HOUR,
    LONGEST_EARLY_PAUSE_S,
    TROUBLE,
    Verdict,
    pause,
)
from lti_tool.jobs.leasing import LONGEST_PAUSE
from lti_tool.jobs.queue import SCORES, wake
from lti_tool.lti.models import Context, Registration

_AT_MOST = timedelta(seconds=LONGEST_EARLY_PAUSE_S)
_A_MINUTE = timedelta(minutes=1)
"""A pause that ended is still why marks wait until its one try is through."""


_SHIFTS = {
    "now": timedelta(),
    "soon": _AT_MOST,
    "an_hour_ago": -FIRST_HOUR,
    "too_far_off": LONGEST_PAUSE,
    "lately": -_A_MINUTE,
}


def _time(name: str) -> ColumnElement[datetime]:
    """The moment a statement runs, or so long before or after it."""
    return bindparam(name, callable_=lambda: clock.now() + _SHIFTS[name], type_=Moment)


def times() -> dict[str, datetime]:
    """The same moments for a statement that is built once, as `run` must be given them."""
    now = clock.now()
    return {name: now + shift for name, shift in _SHIFTS.items()}


NOW, SOON = _time("now"), _time("soon")
_AN_HOUR_AGO = _time("an_hour_ago")

IS_YOUNG = (
    func.coalesce(
        Delivery.first_tried_at,
        case(
            (Registration.troubled_since > Delivery.updated_at, Registration.troubled_since),
            else_=Delivery.updated_at,
        ),
    )
    > _AN_HOUR_AGO
)
"""A condition on deliveries, joined with their registration: in the first hour of waiting for
the platform."""
IS_PAUSED = and_(
    Registration.paused_until > NOW,
    Registration.paused_until <= _time("too_far_off"),
)
"""A condition on registrations: the platform is left alone now. A pause further off was set by
a wrong clock."""
_IS_LONG = and_(Registration.paused_until > SOON, Registration.pause_reason != ASKED_TO_WAIT)
WAITS_FOR_PAUSE = and_(IS_PAUSED, or_(~_IS_LONG, ~IS_YOUNG))
"""A condition on deliveries, joined with their registration: no try before the pause is over.
One in its first hour waits for no pause longer than its own would be, unless the platform asked
for it."""
_HELD_UP = and_(Delivery.state == WAITING, Registration.paused_until > _time("lately"))
REASON_NOW = func.coalesce(
    Delivery.reason, case((_HELD_UP, Registration.pause_reason), else_=None)
).label("reason")
"""Why a mark waits, joined with its registration: its own reason, else the platform's trouble."""
DUE_NOW = case(
    (and_(_HELD_UP, Registration.paused_until > Delivery.due_at), Registration.paused_until),
    else_=Delivery.due_at,
).label("due_at")
"""When a mark is tried next, joined with its registration."""


WITH_REGISTRATION = join(
    join(Delivery, LineItem, LineItem.id == Delivery.line_item_id),
    Registration,
    Registration.id == LineItem.registration_id,
)


def columns_of(registration_id: int) -> Select[int]:
    """The columns of a registration."""
    return select(LineItem.id).where(LineItem.registration_id == registration_id)


def is_paused(registration: AnyRow) -> bool:
    """The same as `IS_PAUSED`, of a registration's row that is held."""
    until, now = registration.paused_until, clock.now()
    return until is not None and now < until <= now + LONGEST_PAUSE


def lets_young_by(registration: AnyRow) -> bool:
    """Whether a pause is so long that deliveries in their first hour need not wait for it."""
    is_long: bool = registration.paused_until > clock.now() + _AT_MOST
    return is_long and registration.pause_reason != ASKED_TO_WAIT


_registrations = cast(Table, Registration.__table__)
_SET_PAUSE = (
    update(_registrations)
    .where(_registrations.c.id == bindparam("registration"))
    .values(
        paused_until=bindparam("until"),
        pause_reason=bindparam("reason"),
        pause_tries=bindparam("tries"),
        troubled_since=bindparam("since"),
    )
)
_SET_END = (
    update(_registrations)
    .where(_registrations.c.id == bindparam("registration"))
    .values(paused_until=bindparam("until"))
)


def waiting_since(delivery: AnyRow, registration: AnyRow) -> datetime:
    """Since when a mark waits for its platform: its first try; else the trouble's begin, or its
    own promise where that came later."""
    if delivery.first_tried_at is not None:
        first: datetime = delivery.first_tried_at
        return first
    troubled_since: datetime | None = registration.troubled_since
    return max(troubled_since, delivery.updated_at) if troubled_since else clock.now()


def note_trouble(
    session: Session, registration: AnyRow, delivery: AnyRow, verdict: Verdict, *, is_probe: bool
) -> None:
    """A delivery met trouble that lies with the platform: leave the platform alone for a while.
    The caller holds the registration.

    :param is_probe: it was tried for all, so what it met takes the place of the last pause.
    """
    now = clock.now()
    tries = max(delivery.tries, registration.pause_tries + is_probe)
    own = pause(tries, now - waiting_since(delivery, registration))
    until, reason = now + timedelta(seconds=max(own, verdict.wait_s or 0.0)), verdict.reason
    if is_paused(registration) and not is_probe:
        is_asked, was_asked = reason == ASKED_TO_WAIT, registration.pause_reason == ASKED_TO_WAIT
        if was_asked and not is_asked:
            return
        if was_asked == is_asked:
            sooner_or_later = max if is_asked else min
            until = sooner_or_later(until, registration.paused_until)
    run(
        session,
        _SET_PAUSE,
        registration=registration.id,
        until=until,
        reason=reason,
        tries=tries,
        since=registration.troubled_since or now,
    )


def begin_probe(session: Session, registration_id: int) -> None:
    """One delivery is tried for all; no other meanwhile."""
    run(session, _SET_END, registration=registration_id, until=clock.now() + _AT_MOST)


def end_pause(session: Session, registration_id: int) -> None:
    """The delivery that was to be tried for all told nothing of the platform: another may."""
    run(session, _SET_END, registration=registration_id, until=clock.now())


def _of_deployment(deployment_id: int) -> ColumnElement[bool]:
    return Delivery.line_item_id.in_(
        select(LineItem.id)
        .join(Context, Context.id == LineItem.context_id)
        .where(Context.deployment_id == deployment_id)
    )


def put_off(
    session: Session, registration_id: int, until: datetime, *, deployment_id: int | None = None
) -> None:
    """Let all deliveries of a registration wait that is switched off, where no worker holds them.

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
            or_(Delivery.leased_until.is_(None), Delivery.leased_until <= now),
        )
        .values(
            due_at=until,
            reason="switched_off",
            first_tried_at=func.coalesce(Delivery.first_tried_at, now),
            lease=None,
            leased_until=None,
        )
        .execution_options(synchronize_session=False)
    )


def forget(session: Session, registration_id: int) -> None:
    """The platform is not in trouble, or no longer: nothing of its pause is kept."""
    run(
        session,
        _SET_PAUSE,
        registration=registration_id,
        until=None,
        reason=None,
        tries=0,
        since=None,
    )


def bring_forward(session: Session, registration_id: int) -> None:
    """The platform answers again: all that waited for it is due now, those too that met the
    trouble themselves and are in pauses of their own. The caller holds the registration."""
    now = clock.now()
    forget(session, registration_id)
    session.execute(
        update(Delivery)
        .where(
            Delivery.line_item_id.in_(columns_of(registration_id)),
            Delivery.state == WAITING,
            Delivery.due_at > now,
            Delivery.reason.in_(TROUBLE),
            or_(Delivery.leased_until.is_(None), Delivery.leased_until <= now),
        )
        .values(due_at=now, reason=None)
        .execution_options(synchronize_session=False)
    )
    wake(session, SCORES)
