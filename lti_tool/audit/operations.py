"""Writing audit entries."""

from typing import Any

from sqlalchemy.orm import Session

from lti_tool.audit.models import AuditEntry
from lti_tool.core import clock


def record(
    session: Session,
    act: str,
    subject: tuple[str, int],
    *,
    actor_id: int | None = None,
    actor: str = "person",
    context_id: int | None = None,
    was: dict[str, Any] | None = None,
    became: dict[str, Any] | None = None,
    reason: str | None = None,
) -> None:
    """Add an entry in the caller's transaction.

    :param act: what was done, in the past tense: "mark released".
    :param subject: kind and row number of what changed, such as `("submission", 12)`.
    :param actor_id: the person who did it; empty where `actor` is "operator" or "tool".
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
            context_id=context_id,
            was=was,
            became=became,
            reason=reason,
        )
    )
