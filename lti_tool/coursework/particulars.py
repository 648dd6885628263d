"""Single facts of an assignment, for those who need no more of it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.coursework.models import Assignment
from lti_tool.coursework.queries import ONE
from lti_tool.db.statements import run_once


def get_set_at(session: Session, assignment_id: int) -> datetime:
    """When work that was read already was set."""
    return session.execute(
        select(Assignment.created_at).where(Assignment.id == assignment_id)
    ).scalar_one()


def find_kind(session: Session, assignment_id: int, context_ids: Sequence[int]) -> str:
    """The key of the activity that an assignment of these contexts is, or an empty text."""
    row = run_once(session, ONE, its_id=assignment_id, its_contexts=tuple(context_ids)).first()
    return row.activity if row else ""
