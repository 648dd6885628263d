"""A person's partner-school visits, taken along into the log of the next cohort's course.

Copies: the old log stays as it is. A confirmation that holds goes along with its seal, so that no
host is asked twice; open requests stay with the old log. Known again by the moment a visit was
first written down, so that asking twice copies nothing twice.
"""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool.activities.placement_log.models import Confirmation, PartnerVisit, VisitStep
from lti_tool.audit.operations import record
from lti_tool.catalogue.contract import Carried
from lti_tool.core import clock
from lti_tool.db.statements import AnyRow

_OWN_VISIT = ("id", "assignment_id", "number", "revision", "updated_at")
_OWN_CONFIRMATION = ("id", "visit_id", "code_digest", "passed_from_id")
_BROUGHT = "Brought along from the earlier cohort’s course."


def _columns(row: AnyRow, own: tuple[str, ...]) -> dict[str, Any]:
    return {name: value for name, value in row._mapping.items() if name not in own}


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


def _carry_confirmation(session: Session, old_id: int, new_id: int) -> None:
    """The confirmation that holds, if there is one: a yes, and nothing was changed since."""
    row = session.execute(
        select(*Confirmation.__table__.c)
        .where(
            Confirmation.visit_id == old_id,
            Confirmation.answer == "yes",
            Confirmation.broken_at.is_(None),
        )
        .order_by(Confirmation.id.desc())
        .limit(1)
    ).first()
    if row is not None:
        session.add(Confirmation(visit_id=new_id, **_columns(row, _OWN_CONFIRMATION)))


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
            **_columns(row, _OWN_VISIT),
            assignment_id=carried.to_assignment_id,
            number=place,
            revision=1,
            updated_at=now,
        )
        session.add(copy)
        session.flush()
        _carry_confirmation(session, row.id, copy.id)
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
