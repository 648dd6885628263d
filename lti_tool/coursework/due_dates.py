"""The due date that applies to one person, extensions and further attempts looked at."""

from datetime import datetime

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from lti_tool.coursework.attempts import LATEST_FURTHER
from lti_tool.coursework.models import Extension, FurtherAttempt
from lti_tool.coursework.queries import LATEST_EXTENSION, AssignmentRead
from lti_tool.db.statements import AnyRow, run

OWN_DUE = (
    LATEST_FURTHER.with_only_columns(FurtherAttempt.due_at).scalar_subquery().label("further"),
    LATEST_EXTENSION.where(
        Extension.assignment_id == bindparam("its_assignment"),
        or_(Extension.person_id.is_(None), Extension.person_id == bindparam("its_person")),
    )
    .scalar_subquery()
    .label("extended"),
)
"""Columns that tell a person's due date, for `due_of`; asked with `its_assignment`, `its_person`.
"""
_OWN_DUE = select(*OWN_DUE)


def due_of(found: AnyRow, assignment: AssignmentRead) -> datetime | None:
    """The due date that applies to a person: that of their latest attempt, or the latest
    extension in force, whichever is later.

    :param found: a row with the columns `OWN_DUE`.
    """
    due_at: datetime | None = found.further or assignment.due_at
    if due_at is None:
        return None
    return max(due_at, found.extended) if found.extended else due_at


def due_for(session: Session, assignment: AssignmentRead, person_id: int | None) -> datetime | None:
    """The same, asked for by itself.

    :param person_id: None for whoever has no date of their own.
    """
    found = run(session, _OWN_DUE, its_assignment=assignment.id, its_person=person_id).one()
    return due_of(found, assignment)
