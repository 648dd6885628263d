"""Later due dates: for one person with a reason, for all after an outage, or a deferral.

Nothing is deleted: one that was withdrawn stays, with the time. None of them is ever capped.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lti_tool.audit.operations import record
from lti_tool.core import clock
from lti_tool.core.errors import Conflict, NotFound
from lti_tool.coursework.calendar import load_calendar
from lti_tool.coursework.due_dates import due_for
from lti_tool.coursework.lateness import Deadline
from lti_tool.coursework.models import Extension
from lti_tool.coursework.queries import AssignmentRead
from lti_tool.coursework.resetting import require_open
from lti_tool.coursework.rules import get_rules
from lti_tool.db.statements import count_changed
from lti_tool.mail.outbox import EXTENDED, tell

EXTENSION, OUTAGE, DEFERRAL = "extension", "outage", "deferral"
KINDS = (EXTENSION, DEFERRAL, OUTAGE)


@dataclass(frozen=True, slots=True)
class ExtensionRead:
    """A later due date, in force or withdrawn."""

    id: int
    person_id: int | None
    """None for everyone."""
    due_at: datetime
    reason: str
    kind: str
    created_at: datetime
    withdrawn_at: datetime | None


_EXTENSION: tuple[Any, ...] = (
    Extension.id,
    Extension.person_id,
    Extension.due_at,
    Extension.reason,
    Extension.kind,
    Extension.created_at,
    Extension.withdrawn_at,
)


def list_extensions(
    session: Session, assignment_id: int, person_id: int | None = None
) -> list[ExtensionRead]:
    """All later due dates of an assignment, the newest first.

    :param person_id: only those in force that apply to this person.
    """
    query = select(*_EXTENSION).where(Extension.assignment_id == assignment_id)
    if person_id is not None:
        query = query.where(
            Extension.withdrawn_at.is_(None),
            Extension.person_id.is_(None) | (Extension.person_id == person_id),
        )
    rows = session.execute(query.order_by(Extension.id.desc()))
    return [ExtensionRead(*tuple(row)) for row in rows]


def grant_extension(
    session: Session,
    assignment: AssignmentRead,
    *,
    person_id: int | None,
    kind: str,
    due_at: datetime,
    reason: str,
    actor_id: int,
) -> None:
    """Give one person, or everyone, a later due date. It holds for work handed in before, too.

    :param person_id: None for everyone.
    :raises Conflict: there is no due date, or the new one is no later.
    """
    require_open(assignment)
    now_due = due_for(session, assignment, person_id)
    if now_due is None:
        raise Conflict("No due date is set, so there is nothing to extend. Set one first.")
    if due_at <= now_due:
        raise Conflict(
            f"This is no later than the due date that holds now, {clock.day_and_time(now_due)}."
        )
    granted = Extension(
        assignment_id=assignment.id,
        person_id=person_id,
        due_at=due_at,
        reason=reason,
        granted_by_id=actor_id,
        kind=kind,
        created_at=clock.now(),
    )
    session.add(granted)
    session.flush()
    record(
        session,
        "extension granted",
        ("extension", granted.id),
        actor_id=actor_id,
        context_id=assignment.context_id,
        was={"due_at": now_due.isoformat()},
        became={"due_at": due_at.isoformat(), "kind": kind, "for_all": person_id is None},
        reason=reason,
    )
    if person_id is not None:
        tell(
            session,
            EXTENDED,
            once=str(granted.id),
            person_id=person_id,
            context_id=assignment.context_id,
            assignment_id=assignment.id,
            about={"extension": granted.id},
        )


def withdraw_extension(
    session: Session, assignment: AssignmentRead, extension_id: int, *, actor_id: int
) -> None:
    """Withdraw a later due date. Work handed in under it keeps it.

    :raises NotFound: there is none in force with this number on this assignment.
    """
    require_open(assignment)
    done = count_changed(
        session,
        update(Extension)
        .where(
            Extension.id == extension_id,
            Extension.assignment_id == assignment.id,
            Extension.withdrawn_at.is_(None),
        )
        .values(withdrawn_at=clock.now()),
    )
    if not done:
        raise NotFound("This later date is not in force. It may have been withdrawn already.")
    record(
        session,
        "extension withdrawn",
        ("extension", extension_id),
        actor_id=actor_id,
        context_id=assignment.context_id,
    )


def deadline_for(
    session: Session, config_dir: Path, assignment: AssignmentRead, person_id: int
) -> Deadline | None:
    """The due date that applies to a person now, with the rule on being late; None without one."""
    return deadline_at(session, config_dir, assignment, due_for(session, assignment, person_id))


def deadline_at(
    session: Session, config_dir: Path, assignment: AssignmentRead, due_at: datetime | None
) -> Deadline | None:
    """A due date with the assignment's rule on being late; None without one."""
    if due_at is None:
        return None
    rules = get_rules(session, config_dir, assignment.rules_key, assignment.rules_version)
    return Deadline(due_at, rules.late, load_calendar(config_dir))
