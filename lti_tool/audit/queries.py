"""Reading audit entries."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session

from lti_tool.audit.models import AuditEntry
from lti_tool.db.statements import AnyRow


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


def list_entries(
    session: Session,
    context_ids: Sequence[int],
    about: Mapping[str, Select[int]],
    *,
    acts: Collection[str] | None = None,
    before: int | None = None,
    limit: int,
) -> list[AnyRow]:
    """Entries about these subjects, newest first.

    :param about: which row numbers count, by kind of subject; they lie in these contexts.
    :param acts: only these acts.
    :param before: only entries with a lower number than this one.
    """
    mine = or_(
        *(
            and_(AuditEntry.subject_kind == kind, AuditEntry.subject_id.in_(ids))
            for kind, ids in about.items()
        )
    )
    here = or_(AuditEntry.context_id.in_(context_ids), AuditEntry.context_id.is_(None))
    query = select(*AuditEntry.__table__.c).where(mine, here)
    if acts is not None:
        query = query.where(AuditEntry.act.in_(acts))
    if before is not None:
        query = query.where(AuditEntry.id < before)
    return list(session.execute(query.order_by(AuditEntry.id.desc()).limit(limit)))


def list_about(
    session: Session, subject: tuple[str, int], act: str, limit: int
) -> list[AuditEntry]:
    """Entries about `subject` by this act, the newest first, at most `limit`."""
    kind, number = subject
    return list(
        session.scalars(
            select(AuditEntry)
            .where(
                AuditEntry.subject_kind == kind,
                AuditEntry.subject_id == number,
                AuditEntry.act == act,
            )
            .order_by(AuditEntry.id.desc())
            .limit(limit)
        )
    )
