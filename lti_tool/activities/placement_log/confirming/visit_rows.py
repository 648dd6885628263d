"""Reads of visits that confirming needs: under a lock, of one assignment, with the course.

Apart from `visits/queries.py`, since visits show what confirming knows and not the other way.
"""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.activities.placement_log.models import PartnerVisit
from lti_tool.activities.placement_log.visit_reads import VisitRead
from lti_tool.core.errors import NotFound
from lti_tool.coursework.models import Assignment
from lti_tool.db.statements import AnyRow
from lti_tool.lti.models import Context, Deployment, Registration

COLUMNS = tuple(getattr(PartnerVisit, name) for name in VisitRead.__dataclass_fields__)
_VISIT = select(*COLUMNS).where(PartnerVisit.removed_at.is_(None))


@dataclass(frozen=True, slots=True)
class Course:
    """Where a visit belongs: the course, and the university as its registration is called."""

    context_id: int
    title: str
    registration_id: int
    university: str


def find_visit(session: Session, visit_id: int, *, lock: bool = False) -> VisitRead | None:
    """A visit by its row number, or None where there is none any more.

    :param lock: hold it until this transaction ends, so that nobody changes it meanwhile.
    """
    query = _VISIT.where(PartnerVisit.id == visit_id)
    row = session.execute(query.with_for_update() if lock else query).first()
    return None if row is None else VisitRead(*row)


def get_own_visit(session: Session, assignment_id: int, person_id: int, number: int) -> VisitRead:
    """A participant's own visit, by the number its address names.

    :raises NotFound: there is none.
    """
    row = session.execute(
        _VISIT.where(
            PartnerVisit.assignment_id == assignment_id,
            PartnerVisit.person_id == person_id,
            PartnerVisit.number == number,
        )
    ).first()
    if row is None:
        raise NotFound("There is no such visit in your log.")
    return VisitRead(*row)


def list_visits_here(
    session: Session, assignment_id: int, visit_id: int | None = None
) -> list[VisitRead]:
    """The visits of an assignment, the newest first; or the one with this row number."""
    query = _VISIT.where(PartnerVisit.assignment_id == assignment_id)
    if visit_id is not None:
        query = query.where(PartnerVisit.id == visit_id)
    rows = session.execute(query.order_by(PartnerVisit.visit_on.desc(), PartnerVisit.id.desc()))
    return [VisitRead(*row) for row in rows]


def course_of(session: Session, assignment_id: int) -> Course:
    """Where an assignment belongs."""
    row: AnyRow = session.execute(
        select(Context.id, Context.title, Registration.id, Registration.name)
        .join(Assignment, Assignment.context_id == Context.id)
        .join(Deployment, Deployment.id == Context.deployment_id)
        .join(Registration, Registration.id == Deployment.registration_id)
        .where(Assignment.id == assignment_id)
    ).one()
    return Course(*row)
