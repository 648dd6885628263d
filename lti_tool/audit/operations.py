"""Writing audit entries."""

from typing import Any, TypedDict

from sqlalchemy.orm import Session

from lti_tool.audit.models import AuditEntry
from lti_tool.core import clock


class Actor(TypedDict, total=False):
    """Who acts, as `record` takes it: `actor_id` of a person, `staff_id`, or a word for `actor`."""

    actor: str
    actor_id: int
    staff_id: int


OPERATOR: Actor = {"actor": "operator"}
"""Whoever may use the command line of this installation."""


def by_staff(staff_id: int) -> Actor:
    """A member of staff who has signed in without a course site."""
    return {"actor": "staff", "staff_id": staff_id}


def record(
    session: Session,
    act: str,
    subject: tuple[str, int],
    *,
    actor_id: int | None = None,
    actor: str = "person",
    staff_id: int | None = None,
    context_id: int | None = None,
    was: dict[str, Any] | None = None,
    became: dict[str, Any] | None = None,
    reason: str | None = None,
) -> None:
    """Add an entry in the caller's transaction.

    :param act: what was done, in the past tense: "mark released".
    :param subject: kind and row number of what changed, such as `("submission", 12)`.
    :param actor_id: the person who did it; empty where `actor` is "operator", "staff" or "tool".
    :param staff_id: who of the staff did it, where `actor` is "staff".
    :param was: what mattered of the state before, without personal data.
    :param became: what mattered of the state after.
    """
    session.add(
        AuditEntry(
            at=clock.now(),
            act=act,
            subject_kind=subject[0],
            subject_id=subject[1],
            actor_id=actor_id,
            actor=actor,
            staff_id=staff_id,
            context_id=context_id,
            was=was,
            became=became,
            reason=reason,
        )
    )
