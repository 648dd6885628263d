"""Reading audit entries."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

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


def list_since(
    session: Session, subject: tuple[str, int], act: str, since: datetime, limit: int
) -> list[dict[str, Any] | None]:
    """What became of `subject` by this act since a moment, the newest first, at most `limit`."""
    kind, number = subject
    return list(
        session.scalars(
            select(AuditEntry.became)
            .where(
                AuditEntry.subject_kind == kind,
                AuditEntry.subject_id == number,
                AuditEntry.act == act,
                AuditEntry.at > since,
            )
            .order_by(AuditEntry.id.desc())
            .limit(limit)
        )
    )
