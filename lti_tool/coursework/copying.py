"""Set-up that travels: to a copied course, and to the next cohort after a course reset.

Only what a tutor decided is copied: kind, title, maximum, rubric version, rules. Never work,
marks, people or dates. A copy keeps `copied_from_id`; version 1 of one means that no tutor has
looked at it yet.
"""

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from lti_tool.audit.operations import record
from lti_tool.core import clock
from lti_tool.core.errors import Conflict
from lti_tool.core.identifiers import random_token
from lti_tool.coursework.models import Assignment, Submission
from lti_tool.coursework.operations import ChangedElsewhere
from lti_tool.coursework.queries import AssignmentRead
from lti_tool.db.statements import count_changed
from lti_tool.lti.models import Context

_LONGEST_CHAIN = 50
_KEPT = (
    "activity",
    "title",
    "maximum",
    "rubric_key",
    "rubric_version",
    "rules_key",
    "rules_version",
    "is_anonymous",
)


@dataclass(frozen=True, slots=True)
class Relative:
    """An assignment that descends from the one a resource id names, or is that one."""

    id: int
    context_id: int
    is_closed: bool


def list_relatives(session: Session, resource_id: str) -> list[Relative]:
    """The assignment with our resource id and all copies of it, wherever they are.

    Not scoped to contexts: the caller uses only those in contexts that its launch covers.
    """
    columns = (Assignment.id, Assignment.context_id, Assignment.closed_at)
    rows = session.execute(select(*columns).where(Assignment.resource_id == resource_id)).all()
    found: dict[int, Relative] = {}
    for _ in range(_LONGEST_CHAIN):
        for row in rows:
            found[row.id] = Relative(row.id, row.context_id, row.closed_at is not None)
        newest = [row.id for row in rows]
        if not newest:
            break
        rows = session.execute(
            select(*columns).where(
                Assignment.copied_from_id.in_(newest), Assignment.id.not_in(found)
            )
        ).all()
    return sorted(found.values(), key=lambda one: one.id)


def lock_assignment(session: Session, assignment_id: int) -> None:
    """Hold an assignment's row for this transaction, so that two launches make one copy.

    Rows that refer to the assignment hold its key on PostgreSQL; this lock goes beside theirs
    (FOR NO KEY UPDATE), else two releases that both wrote such rows would wait for each other.
    """
    session.execute(
        select(Assignment.id).where(Assignment.id == assignment_id).with_for_update(key_share=True)
    )


def copy_set_up(
    session: Session,
    source_id: int,
    context_id: int,
    *,
    act: str,
    is_decided: bool,
    with_dates: bool = False,
    actor_id: int | None = None,
) -> int:
    """Set new work with the set-up of another assignment.

    :param act: what the audit entry says happened.
    :param is_decided: whether a tutor wanted it so; else they are asked at their next visit.
    :param with_dates: keep the dates too, where the same tutor set them for this very course.
    :return: the new assignment's row number.
    """
    source = session.execute(
        select(*Assignment.__table__.c).where(Assignment.id == source_id)
    ).one()
    copy = Assignment(
        **{name: getattr(source, name) for name in _KEPT},
        context_id=context_id,
        resource_id=random_token(24),
        due_at=source.due_at if with_dates else None,
        board_on=source.board_on if with_dates else None,
        copied_from_id=source_id,
        version=2 if is_decided else 1,
        created_at=clock.now(),
    )
    session.add(copy)
    session.flush()
    record(
        session,
        act,
        ("assignment", copy.id),
        actor="platform" if actor_id is None else "person",
        actor_id=actor_id,
        context_id=context_id,
        became={"copied_from": source_id},
    )
    return copy.id


@dataclass(frozen=True, slots=True)
class Source:
    """Where a set-up came from."""

    title: str
    context_title: str


def find_source(session: Session, assignment: AssignmentRead) -> Source:
    """Title and course of the assignment whose set-up was copied."""
    row = session.execute(
        select(Assignment.title, Context.title.label("context_title"))
        .join(Context, Context.id == Assignment.context_id)
        .where(Assignment.id == assignment.copied_from_id)
    ).first()
    return Source(row.title, row.context_title) if row else Source("", "")


def _decide(session: Session, assignment: AssignmentRead, **values: object) -> None:
    done = count_changed(
        session,
        update(Assignment)
        .where(Assignment.id == assignment.id, Assignment.version == 1)
        .values(**values, version=2),
    )
    if not done:
        raise ChangedElsewhere("Another tutor has decided this a moment ago.")


def keep_copied(session: Session, assignment: AssignmentRead, *, actor_id: int) -> None:
    """A tutor wants the copied set-up as it is.

    :raises ChangedElsewhere: another tutor was faster.
    """
    _decide(session, assignment)
    record(
        session,
        "copied set-up kept",
        ("assignment", assignment.id),
        actor_id=actor_id,
        context_id=assignment.context_id,
    )


def start_afresh(
    session: Session,
    assignment: AssignmentRead,
    *,
    title: str,
    rubric_key: str,
    rubric_version: int,
    rules_version: int,
    actor_id: int,
) -> None:
    """A tutor wants none of the copied set-up: title, maximum and rubric are as for new work.

    :raises Conflict: a participant has begun, so the set-up may no longer be taken away.
    :raises ChangedElsewhere: another tutor was faster.
    """
    begun = session.scalar(
        select(func.count())
        .select_from(Submission)
        .where(Submission.assignment_id == assignment.id)
    )
    if begun:
        raise Conflict(
            "A participant has begun their work with the copied set-up, so it stays. "
            "Choose to use it."
        )
    _decide(
        session,
        assignment,
        title=title,
        maximum=Decimal(100),
        rubric_key=rubric_key,
        rubric_version=rubric_version,
        rules_version=rules_version,
    )
    record(
        session,
        "copied set-up dropped",
        ("assignment", assignment.id),
        actor_id=actor_id,
        context_id=assignment.context_id,
        was={"maximum": str(assignment.maximum), "rubric_version": assignment.rubric_version},
        became={"maximum": "100", "rubric_version": rubric_version},
    )
