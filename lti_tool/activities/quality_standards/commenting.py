"""Comments on a standard or on the whole, by the team and by reviewers."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from lti_tool.activities.quality_standards.models import ChecklistComment
from lti_tool.activities.quality_standards.writing import Actor, note
from lti_tool.audit.operations import record
from lti_tool.core import clock
from lti_tool.core.errors import NotFound
from lti_tool.db.statements import count_changed


def comment(
    session: Session,
    checklist_id: int,
    item_id: str,
    text: str,
    *,
    person_id: int | None = None,
    guest_id: int | None = None,
    context_id: int | None = None,
) -> None:
    """Say something of a standard, or of the whole where `item_id` is empty."""
    session.add(
        ChecklistComment(
            checklist_id=checklist_id,
            item_id=item_id,
            text=text,
            person_id=person_id,
            guest_id=guest_id,
            written_at=clock.now(),
        )
    )
    session.flush()
    record(
        session,
        "checklist commented on",
        ("checklist", checklist_id),
        actor="guest" if person_id is None else "person",
        actor_id=person_id,
        context_id=context_id,
        became={"standard": item_id},
    )


def settle_comment(session: Session, actor: Actor, checklist_id: int, comment_id: int) -> None:
    """Say that a comment has been dealt with.

    :raises NotFound: there is no such comment, or it was settled already.
    """
    changed = count_changed(
        session,
        update(ChecklistComment)
        .where(
            ChecklistComment.id == comment_id,
            ChecklistComment.checklist_id == checklist_id,
            ChecklistComment.settled_at.is_(None),
        )
        .values(settled_at=clock.now(), settled_by_id=actor.person_id),
    )
    if not changed:
        raise NotFound("This comment was dealt with already.")
    note(session, actor, "comment dealt with", checklist_id, {"comment": comment_id})
