"""What of people stands in the audit: what they did, and what was done with what is theirs."""

from typing import Any

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session

from lti_tool.audit.models import AuditEntry
from lti_tool.privacy.holdings import Emptied, Holding, Keeps, Stays, Subject, hold, list_holdings
from lti_tool.privacy.ways import leads_to, rows_of, table_of

_SHOWN = ("at", "actor", "act", "subject_kind", "subject_id", "was", "became")


def _about(session: Session, subject: Subject) -> Select[Any]:
    """Entries whose subject is a row of the person's own, whatever its table."""
    found = [and_(AuditEntry.subject_kind == "person", AuditEntry.subject_id == subject.person_id)]
    for one in list_holdings():
        if one.table is AuditEntry or one.is_act or leads_to(one) != "person":
            continue
        ids = list(session.scalars(rows_of(session, one, subject)))
        if ids:
            kind = AuditEntry.subject_kind == table_of(one).name
            found.append(and_(kind, AuditEntry.subject_id.in_(ids)))
    return select(AuditEntry.id).where(or_(*found))


hold(
    Holding(
        AuditEntry,
        "What was done with what is yours",
        _about,
        Emptied({"reason": None}, "it holds numbers and no names; reasons in words are emptied"),
        only=_SHOWN,
        private=("reason",),
        keeps=Keeps("audit", "at"),
    ),
    Holding(
        AuditEntry,
        "What you did",
        "actor_id",
        Stays("it must be shown how a mark came about; it names you by a number alone"),
        only=_SHOWN,
    ),
)
