"""How far a leader's visit reaches: which courses' data it may see, which programmes it leads.

A grant for a whole registration reaches all its programmes, one for a programme all its runs,
one for a course this course alone. Every query about a cohort takes what is named here.
"""

from sqlalchemy import ColumnElement, and_, exists, literal, or_, select
from sqlalchemy.orm import Session

from lti_tool.core.errors import NotFound
from lti_tool.lti.models import Context, Deployment
from lti_tool.people import grants
from lti_tool.people.models import Grant
from lti_tool.people.visits import CurrentVisit
from lti_tool.programme.cohorts.models import ModuleRun, Programme
from lti_tool.programme.cohorts.queries import (
    PROGRAMME,
    CohortRead,
    ProgrammeRead,
    find_cohort,
)


def contexts_for(session: Session, visit: CurrentVisit) -> tuple[int, ...]:
    """Row numbers of the courses whose data a visit may see.

    :return: for a leader the visit's own course and all runs of programmes they lead, by a grant
        for the registration, the programme or that course; for anybody else their own course.
    """
    if not (visit.may_mark and visit.is_leader):
        return (visit.context_id,)
    reached = session.scalars(
        select(ModuleRun.context_id)
        .join(Context, Context.id == ModuleRun.context_id)
        .join(Deployment, Deployment.id == Context.deployment_id)
        .where(
            Deployment.registration_id == visit.registration_id,
            grants.holds(
                (grants.LEADER,), visit.person_id, ModuleRun.context_id, visit.registration_id
            ),
        )
        .order_by(ModuleRun.context_id)
    )
    return tuple(dict.fromkeys((visit.context_id, *reached)))


def _is_led_by(visit: CurrentVisit) -> ColumnElement[bool]:
    """A condition on programmes: the visit's person leads it, as a whole."""
    key = literal(f"{visit.registration_id}:") + Programme.key
    return and_(
        Programme.registration_id == visit.registration_id,
        exists().where(
            Grant.person_id == visit.person_id,
            Grant.role == grants.LEADER,
            Grant.revoked_at.is_(None),
            or_(
                and_(
                    Grant.scope == grants.REGISTRATION,
                    Grant.scope_key == str(visit.registration_id),
                ),
                and_(Grant.scope == grants.PROGRAMME, Grant.scope_key == key),
            ),
        ),
    )


def list_led(session: Session, visit: CurrentVisit) -> list[ProgrammeRead]:
    """The programmes that the visit's person leads as a whole, by title. A grant for one course
    leads no programme."""
    if not visit.may_mark:
        return []
    rows = session.execute(
        select(*PROGRAMME).where(_is_led_by(visit)).order_by(Programme.title, Programme.id)
    )
    return [ProgrammeRead(*tuple(row)) for row in rows]


def get_programme(session: Session, visit: CurrentVisit, programme_id: int) -> ProgrammeRead:
    """A programme that the visit's person leads.

    :raises NotFound: there is none with this number, or they do not lead it.
    """
    row = None
    if visit.may_mark:
        row = session.execute(
            select(*PROGRAMME).where(Programme.id == programme_id, _is_led_by(visit))
        ).first()
    if row is None:
        raise NotFound("There is no such programme among those you lead.")
    return ProgrammeRead(*tuple(row))


def get_cohort(
    session: Session, visit: CurrentVisit, cohort_id: int
) -> tuple[ProgrammeRead, CohortRead]:
    """A cohort of a programme that the visit's person leads, with the programme.

    :raises NotFound: there is none with this number, or they do not lead its programme.
    """
    cohort = find_cohort(session, cohort_id)
    if cohort is None:
        raise NotFound("There is no such cohort in the programmes you lead.")
    return get_programme(session, visit, cohort.programme_id), cohort
