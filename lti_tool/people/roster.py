"""A context's roster as a job: asked for, claimed, settled. One row a context; the row is the
truth, and losing the queue loses nothing.

Who is on it stands in `membership`; what a page changes is in `members.py`, the reading itself
in `roster_worker.py`. A reading that fails leaves everything as the last good one had it.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lti_tool.core import clock
from lti_tool.db.statements import AnyRow, count_changed, insert_if_missing
from lti_tool.jobs.queue import wake
from lti_tool.lti.errors import ServiceFailed
from lti_tool.lti.models import Context, Deployment, Registration
from lti_tool.people.models import Roster

FRESH_FOR = timedelta(hours=1)
WHOLE_FOR = timedelta(days=1)
"""How long changes alone are asked for; then the whole is read again, to mend what was missed."""
_NOT_WANTED = datetime(9999, 1, 1, tzinfo=UTC)
OPEN = Roster.due_at < _NOT_WANTED
"""Which rows a worker may claim: those somebody asked for."""
PASSING = frozenset(
    {
        "busy",
        "failing",
        "timeout",
        "unreachable",
        "certificate_untrusted",
        "answer_unreadable",
        "our_fault",
    }
)
"""Problems that may be over in a minute."""
MOST_TRIES = 3
_PAUSE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class RosterStanding:
    """What is known of a context's roster."""

    is_offered: bool
    """Whether the course site named an address for it at the last launch."""
    read_at: datetime | None
    people_count: int
    problem: str | None
    is_wanted: bool
    is_being_read: bool


def get_standing(session: Session, context_id: int) -> RosterStanding:
    """Where a context's roster stands, for its tutors."""
    row = session.execute(
        select(
            Context.memberships_url,
            Roster.read_at,
            Roster.people_count,
            Roster.problem,
            Roster.due_at,
            Roster.leased_until,
        )
        .outerjoin(Roster, Roster.context_id == Context.id)
        .where(Context.id == context_id)
    ).one()
    return RosterStanding(
        is_offered=row.memberships_url is not None,
        read_at=row.read_at,
        people_count=row.people_count or 0,
        problem=row.problem,
        is_wanted=row.due_at is not None and row.due_at < _NOT_WANTED,
        is_being_read=row.leased_until is not None and row.leased_until > clock.now(),
    )


def ask_for_reading(session: Session, context_id: int) -> None:
    """Have the roster read as soon as a worker is free. Safe to ask several times."""
    now = clock.now()
    fresh = {"context_id": context_id, "due_at": now, "tries": 0, "people_count": 0}
    if insert_if_missing(session, Roster, ["context_id"], fresh) is None:
        session.execute(
            update(Roster)
            .where(Roster.context_id == context_id, Roster.due_at > now)
            .values(due_at=now, tries=0)
            .execution_options(synchronize_session=False)
        )
    wake(session)


def ask_if_stale(session: Session, context_id: int) -> None:
    """Have the roster read if that is more than an hour ago, and nobody has asked yet."""
    row = session.execute(
        select(Roster.read_at, Roster.due_at, Roster.problem).where(Roster.context_id == context_id)
    ).first()
    if row is not None:
        is_fresh = row.read_at is not None and row.read_at > clock.now() - FRESH_FOR
        if row.due_at < _NOT_WANTED or (is_fresh and row.problem is None):
            return
    ask_for_reading(session, context_id)


@dataclass(frozen=True, slots=True)
class Source:
    """All that reading one roster needs, read before any call is made."""

    roster: AnyRow
    context: AnyRow
    registration: AnyRow
    deployment: AnyRow


def get_source(session: Session, roster_id: int) -> Source:
    """Read a claimed roster with its context and registration."""
    roster = session.execute(select(*Roster.__table__.c).where(Roster.id == roster_id)).one()
    context = session.execute(
        select(Context.id, Context.memberships_url, Context.deployment_id).where(
            Context.id == roster.context_id
        )
    ).one()
    registration = session.execute(
        select(*Registration.__table__.c)
        .join(Deployment, Deployment.registration_id == Registration.id)
        .where(Deployment.id == context.deployment_id)
    ).one()
    deployment = session.execute(
        select(Deployment.is_enabled).where(Deployment.id == context.deployment_id)
    ).one()
    return Source(roster, context, registration, deployment)


def keep_hold(session: Session, roster: AnyRow, lease_for: timedelta, count: int) -> bool:
    """Between two pages: hold the claim for longer and say how many were read so far.

    :return: whether the claim is still ours.
    """
    held = count_changed(
        session,
        update(Roster)
        .where(Roster.id == roster.id, Roster.lease == roster.lease)
        .values(leased_until=clock.now() + lease_for, people_count=count)
        .execution_options(synchronize_session=False),
    )
    return bool(held)


def differences_of(roster: AnyRow) -> str | None:
    """Where to ask for changes alone; None where the whole roster is to be read."""
    is_recent = roster.whole_at is not None and roster.whole_at > clock.now() - WHOLE_FOR
    return roster.differences_url if is_recent and roster.problem is None else None


def settle_good(
    session: Session, roster: AnyRow, count: int, differences_url: str | None, *, is_whole: bool
) -> None:
    """The roster was read to its end.

    :param differences_url: where the platform will tell what changes from now on, if anywhere.
    :param is_whole: whether all of it was read, not only what had changed.
    """
    now = clock.now()
    _settle(
        session,
        roster,
        read_at=now,
        people_count=count,
        problem=None,
        differences_url=differences_url,
        whole_at=now if is_whole else roster.whole_at,
    )


def settle_failed(session: Session, roster: AnyRow, failure: ServiceFailed) -> None:
    """It was not. A passing problem is tried again by itself a few times, others when somebody
    asks or a tutor comes again."""
    again = _NOT_WANTED
    if failure.reason in PASSING and roster.tries < MOST_TRIES:
        wait = max(_PAUSE * roster.tries, timedelta(seconds=failure.retry_after or 0))
        again = clock.now() + wait
    _settle(
        session,
        roster,
        problem=failure.reason,
        people_count=roster.people_count,
        due_at=again,
        **({"tries": roster.tries} if again < _NOT_WANTED else {}),
    )


def _settle(session: Session, roster: AnyRow, **values: object) -> None:
    ended = {"due_at": _NOT_WANTED, "tries": 0, "lease": None, "leased_until": None}
    session.execute(
        update(Roster)
        .where(Roster.id == roster.id, Roster.lease == roster.lease)
        .values({**ended, **values})
        .execution_options(synchronize_session=False)
    )
