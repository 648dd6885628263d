"""Reads of what went on around a checklist: comments, moves from state to state, submissions."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.activities.quality_standards.models import ChecklistComment, ChecklistStep
from lti_tool.people.models import Guest


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody said of a standard, or of the whole."""

    id: int
    item_id: str
    text: str
    person_id: int | None
    guest_name: str | None
    written_at: datetime
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class Step:
    """A move from one state to another."""

    id: int
    was: str
    became: str
    at: datetime
    person_id: int | None
    guest_name: str | None
    comment: str
    submitted_digest: str | None


def comments_of(session: Session, checklist_id: int, item_id: str | None = None) -> list[Comment]:
    """Comments in the order they were written; with an id only those on this standard, with an
    empty one those on the whole."""
    query = (
        select(
            ChecklistComment.id,
            ChecklistComment.item_id,
            ChecklistComment.text,
            ChecklistComment.person_id,
            Guest.name,
            ChecklistComment.written_at,
            ChecklistComment.settled_at,
        )
        .outerjoin(Guest, Guest.id == ChecklistComment.guest_id)
        .where(ChecklistComment.checklist_id == checklist_id)
        .order_by(ChecklistComment.id)
    )
    if item_id is not None:
        query = query.where(ChecklistComment.item_id == item_id)
    return [Comment(*row) for row in session.execute(query)]


def steps_of(session: Session, checklist_id: int) -> list[Step]:
    """The moves from state to state, the latest first."""
    rows = session.execute(
        select(
            ChecklistStep.id,
            ChecklistStep.was,
            ChecklistStep.became,
            ChecklistStep.at,
            ChecklistStep.person_id,
            Guest.name,
            ChecklistStep.comment,
            ChecklistStep.submitted_digest,
        )
        .outerjoin(Guest, Guest.id == ChecklistStep.guest_id)
        .where(ChecklistStep.checklist_id == checklist_id)
        .order_by(ChecklistStep.id.desc())
    )
    return [Step(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class Submitted:
    """The checklist as it was submitted, and what proves it unchanged."""

    document: dict[str, Any]
    digest: str
    at: datetime


def find_submitted(session: Session, checklist_id: int) -> Submitted | None:
    """What was last submitted, or None where nothing was yet."""
    row = session.execute(
        select(ChecklistStep.submitted, ChecklistStep.submitted_digest, ChecklistStep.at)
        .where(
            ChecklistStep.checklist_id == checklist_id,
            ChecklistStep.submitted_digest.is_not(None),
        )
        .order_by(ChecklistStep.id.desc())
        .limit(1)
    ).first()
    return Submitted(row.submitted, row.submitted_digest, row.at) if row else None
