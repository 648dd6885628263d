"""A person's partner-school visits, taken along into the log of the next cohort's course.

Copies: the old log stays as it is. A visit keeps its state, so that no host is asked twice; what
the host confirmed, and its seal, name the old visit and stay with it, as do open requests. A copy
is known again by the moment the visit was first written down, so that nothing is copied twice.
"""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool.activities.placement_log.models import PartnerVisit, VisitStep
from lti_tool.audit.operations import record
from lti_tool.catalogue.contract import Carried
from lti_tool.core import clock
from lti_tool.db.statements import AnyRow

_OWN_VISIT = ("id", "assignment_id", "number", "revision", "updated_at")
_BROUGHT = "Brought along from the earlier course. What the host said stays with the log there."


def _columns(row: AnyRow) -> dict[str, Any]:
    return {name: value for name, value in row._mapping.items() if name not in _OWN_VISIT}


def _list_missing(session: Session, carried: Carried) -> list[AnyRow]:
    there = select(PartnerVisit.created_at).where(
        PartnerVisit.assignment_id == carried.to_assignment_id,
        PartnerVisit.person_id == carried.person_id,
    )
    return list(
        session.execute(
            select(*PartnerVisit.__table__.c)
            .where(
                PartnerVisit.assignment_id == carried.from_assignment_id,
                PartnerVisit.person_id == carried.person_id,
                PartnerVisit.removed_at.is_(None),
                PartnerVisit.created_at.not_in(there),
            )
            .order_by(PartnerVisit.number)
        )
    )


def bring_forward(session: Session, carried: Carried) -> int:
    """Copy a person's visits into another log.

    :return: how many were copied.
    """
    number = session.scalar(
        select(func.coalesce(func.max(PartnerVisit.number), 0)).where(
            PartnerVisit.assignment_id == carried.to_assignment_id,
            PartnerVisit.person_id == carried.person_id,
        )
    )
    now, missing = clock.now(), _list_missing(session, carried)
    for place, row in enumerate(missing, start=(number or 0) + 1):
        copy = PartnerVisit(
            **_columns(row),
            assignment_id=carried.to_assignment_id,
            number=place,
            revision=1,
            updated_at=now,
        )
        session.add(copy)
        session.flush()
        session.add(
            VisitStep(
                visit_id=copy.id,
                was=row.state,
                became=row.state,
                at=now,
                person_id=carried.actor_id,
                comment=_BROUGHT,
            )
        )
    if missing:
        record(
            session,
            "visits carried forward",
            ("assignment", carried.to_assignment_id),
            actor_id=carried.actor_id,
            became={"from": carried.from_assignment_id, "visits": len(missing)},
        )
    return len(missing)
