"""Releasing an assignment's marks at a set time: set by a tutor, done by a worker, once.

The worker releases what is ready at that moment, each piece in a transaction of its own; what is
held back then stays, with the reason. Killed midway, it goes on where it stopped.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lti_tool.audit.operations import record
from lti_tool.core import clock
from lti_tool.core.errors import Conflict
from lti_tool.coursework.copying import lock_assignment
from lti_tool.coursework.models import Assignment
from lti_tool.coursework.queries import AssignmentRead, get_assignment
from lti_tool.coursework.resetting import require_open
from lti_tool.db import Database
from lti_tool.db.statements import count_changed
from lti_tool.jobs.leasing import claim, let_go, next_due
from lti_tool.jobs.queue import wake
from lti_tool.marking.cohort import HELD_BACK, READY, list_cohort, release_chosen
from lti_tool.marking.models import ScheduledRelease
from lti_tool.marking.terms import get_terms
from lti_tool.settings import Settings

_LEASE = timedelta(minutes=5)
_OPEN = ScheduledRelease.done_at.is_(None) & ScheduledRelease.cancelled_at.is_(None)
_TAKEN_BACK = "This result was taken back. Release it by hand if it should go out again."


@dataclass(frozen=True, slots=True)
class ScheduledRead:
    """A time at which marks are released, were released, or would have been."""

    id: int
    due_at: datetime
    set_by_id: int
    cancelled_at: datetime | None
    done_at: datetime | None
    result: dict[str, Any] | None

    @property
    def is_open(self) -> bool:
        """Whether it is still to come, or going on."""
        return self.done_at is None and self.cancelled_at is None


_SCHEDULED: tuple[Any, ...] = (
    ScheduledRelease.id,
    ScheduledRelease.due_at,
    ScheduledRelease.set_by_id,
    ScheduledRelease.cancelled_at,
    ScheduledRelease.done_at,
    ScheduledRelease.result,
)


def list_scheduled(session: Session, assignment_id: int) -> list[ScheduledRead]:
    """Every time that was set for an assignment, the newest first."""
    rows = session.execute(
        select(*_SCHEDULED)
        .where(ScheduledRelease.assignment_id == assignment_id)
        .order_by(ScheduledRelease.id.desc())
    )
    return [ScheduledRead(*tuple(row)) for row in rows]


def schedule(session: Session, assignment: AssignmentRead, at: datetime, *, actor_id: int) -> None:
    """Set a time at which all marks that are ready then are released.

    :raises Conflict: the time has passed, or one is set already.
    """
    require_open(assignment)
    if at <= clock.now():
        raise Conflict("This time has passed. Choose a later one, or release now.")
    lock_assignment(session, assignment.id)  # two tutors take turns
    if any(one.is_open for one in list_scheduled(session, assignment.id)):
        raise Conflict("A time is set already. Cancel it first.")
    scheduled = ScheduledRelease(
        assignment_id=assignment.id,
        set_by_id=actor_id,
        created_at=clock.now(),
        due_at=at,
        tries=0,
    )
    session.add(scheduled)
    session.flush()
    record(
        session,
        "release scheduled",
        ("assignment", assignment.id),
        actor_id=actor_id,
        context_id=assignment.context_id,
        became={"at": at.isoformat()},
    )
    wake(session)


def cancel(session: Session, assignment: AssignmentRead, number: int, *, actor_id: int) -> None:
    """Cancel a release that was set for later. What is out already stays out.

    :raises Conflict: it is done or cancelled already.
    """
    done = count_changed(
        session,
        update(ScheduledRelease)
        .where(
            ScheduledRelease.id == number, ScheduledRelease.assignment_id == assignment.id, _OPEN
        )
        .values(cancelled_at=clock.now()),
    )
    if not done:
        raise Conflict("This release is done or cancelled already.")
    record(
        session,
        "scheduled release cancelled",
        ("assignment", assignment.id),
        actor_id=actor_id,
        context_id=assignment.context_id,
    )


def _is_wanted(session: Session, number: int, lease: str) -> bool:
    found = session.scalar(
        select(ScheduledRelease.id).where(
            ScheduledRelease.id == number, ScheduledRelease.lease == lease, _OPEN
        )
    )
    return found is not None


def _keep(database: Database, number: int, lease: str, values: dict[str, Any]) -> None:
    """Write how far it has got, and hold the lease on; only its holder may."""
    with database.write() as session:
        session.execute(
            update(ScheduledRelease)
            .where(ScheduledRelease.id == number, ScheduledRelease.lease == lease)
            .values(**{"leased_until": clock.now() + _LEASE, **values})
        )


def _release_all(
    database: Database,
    settings: Settings,
    number: int,
    lease: str,
    is_ending: Callable[[], bool],
) -> bool:
    """Release what is ready; False where it was cancelled or the worker ends."""
    with database.read() as session:
        row = session.get_one(ScheduledRelease, number)
        context_id = session.get_one(Assignment, row.assignment_id).context_id
        assignment = get_assignment(session, row.assignment_id, (context_id,))
        terms = get_terms(session, settings.config_dir, assignment)
        lines = list_cohort(session, assignment, terms)
        out = int((row.result or {}).get("out", 0))
        actor_id = row.set_by_id
    kept = {line.work.candidate_code: line.why for line in lines if line.state == HELD_BACK}
    kept |= {line.work.candidate_code: _TAKEN_BACK for line in lines if line.was_taken_back}
    ready = [line for line in lines if line.state == READY and not line.was_taken_back]
    for line in ready:
        with database.read() as session:
            if is_ending() or not _is_wanted(session, number, lease):
                return False
        tried = release_chosen(
            database,
            settings.config_dir,
            assignment.id,
            (context_id,),
            [(line.work.candidate_code, line.number)],
            actor_id=actor_id,
        )
        out, kept = out + len(tried.out), kept | tried.kept
        _keep(
            database,
            number,
            lease,
            {"result": {"out": out, "of": len(ready), "kept": kept}},
        )
    result = {"out": out, "of": out, "kept": kept}
    done = {"result": result, "done_at": clock.now(), "lease": None, "leased_until": None}
    _keep(database, number, lease, done)
    return True


def release_due(
    database: Database, settings: Settings, is_ending: Callable[[], bool]
) -> float | None:
    """Release what is due. For a worker; several may run.

    :return: seconds until the next is due; None where none is set.
    """
    with database.write() as session:
        lease, numbers = claim(session, ScheduledRelease, _OPEN, lease_for=_LEASE, limit=5)
    for number in numbers:
        _release_all(database, settings, number, lease, is_ending)
    with database.write() as session:
        let_go(session, ScheduledRelease, lease)
        due_at = next_due(session, ScheduledRelease, _OPEN)
    if due_at is None:
        return None
    return max((due_at - clock.now()).total_seconds(), 0.0)
