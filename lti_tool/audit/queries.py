"""Reading audit entries."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.audit.models import AuditEntry


def find_latest(
    session: Session, subject: tuple[str, int], acts: Sequence[str]
) -> AuditEntry | None:
    """The newest entry about `subject` among these acts, or None where there is none."""
    kind, number = subject
    return session.scalar(
        select(AuditEntry)
        .where(
            AuditEntry.subject_kind == kind,
            AuditEntry.subject_id == number,
            AuditEntry.act.in_(acts),
        )
        .order_by(AuditEntry.id.desc())
        .limit(1)
    )


def list_actors(session: Session, act: str, context_id: int) -> set[int]:
    """Row numbers of the people who did this in a context."""
    found = session.scalars(
        select(AuditEntry.actor_id)
        .where(
            AuditEntry.context_id == context_id,
            AuditEntry.act == act,
            AuditEntry.actor_id.is_not(None),
        )
        .distinct()
    )
    return {person_id for person_id in found if person_id is not None}
