"""A course reset: same course, same links, new participants.

The old cohort's assignment is closed, and its links get a fresh one with the same set-up. Old
work and marks stay readable; nothing of them is ever sent again.
"""

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from lti_tool.audit.operations import record
from lti_tool.core import clock
from lti_tool.core.errors import Conflict
from lti_tool.coursework.copying import copy_set_up
from lti_tool.coursework.models import Assignment, Submission
from lti_tool.coursework.queries import AssignmentRead
from lti_tool.db.statements import count_changed
from lti_tool.gradebook.operations import close_column
from lti_tool.lti.places import move_links

CLOSED = (
    "This assignment was closed when the course was reset. Its marks can be read, and are no "
    "longer changed or sent."
)


def require_open(assignment: AssignmentRead) -> None:
    """Refuse what a closed assignment no longer allows.

    :raises Conflict: it is closed.
    """
    if assignment.closed_at is not None:
        raise Conflict(CLOSED)


def count_begun(session: Session, assignment_id: int) -> int:
    """How many people have begun work on an assignment, for the page that asks whether to."""
    return (
        session.scalar(
            select(func.count(func.distinct(Submission.person_id))).where(
                Submission.assignment_id == assignment_id
            )
        )
        or 0
    )


def close_cohort(session: Session, assignment: AssignmentRead, *, actor_id: int) -> int:
    """Close an assignment because its course was reset, and give its links a fresh one.

    Marks that wait to be sent are cancelled in the same transaction; one that is on the wire
    at this moment may still land, and is then not sent again.

    :return: the fresh assignment's row number.
    :raises Conflict: it is closed already.
    """
    now = clock.now()
    done = count_changed(
        session,
        update(Assignment)
        .where(Assignment.id == assignment.id, Assignment.closed_at.is_(None))
        .values(closed_at=now, version=Assignment.version + 1),
    )
    if not done:
        raise Conflict("This assignment is closed already. Open the activity again.")
    cancelled = close_column(session, assignment.id)
    fresh = copy_set_up(
        session,
        assignment.id,
        assignment.context_id,
        act="work set anew",
        is_decided=True,
        actor_id=actor_id,
    )
    moved = move_links(session, assignment.context_id, assignment.id, fresh)
    record(
        session,
        "cohort closed",
        ("assignment", assignment.id),
        actor_id=actor_id,
        context_id=assignment.context_id,
        became={
            "closed_at": now.isoformat(),
            "fresh": fresh,
            "links": moved,
            "deliveries_cancelled": cancelled,
        },
        reason="course reset",
    )
    return fresh
