"""Which course of the course site is the run of a module for a cohort.

A course is one run at most. Joining it lets the programme's leaders see it, so only courses can
be joined in which the leader teaches, as a launch of theirs proved.
"""

from dataclasses import dataclass

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from lti_tool.audit.operations import record
from lti_tool.core import clock
from lti_tool.core.errors import Conflict, NotFound
from lti_tool.db.statements import insert_if_missing
from lti_tool.lti.models import Context, Deployment
from lti_tool.people import grants
from lti_tool.people.models import Membership
from lti_tool.people.visits import CurrentVisit
from lti_tool.programme.cohorts.models import ModuleRun
from lti_tool.programme.cohorts.queries import CohortRead, ModuleRead, ProgrammeRead

_MOST = 500


@dataclass(frozen=True, slots=True)
class Course:
    """A course that a leader could join."""

    context_id: int
    title: str


def list_courses(session: Session, visit: CurrentVisit) -> list[Course]:
    """Courses of the visit's registration in which its person teaches and that are no run yet:
    the visit's own first, then by title."""
    rows = session.execute(
        select(Context.id, Context.title)
        .join(Deployment, Deployment.id == Context.deployment_id)
        .join(Membership, Membership.context_id == Context.id)
        .where(
            Deployment.registration_id == visit.registration_id,
            Membership.person_id == visit.person_id,
            Membership.is_active,
            Membership.roles.contains("tutor"),
            or_(
                Context.requires_grant.is_(False),
                grants.holds(grants.ROLES, visit.person_id, Context.id, visit.registration_id),
            ),
            Context.id.not_in(select(ModuleRun.context_id)),
        )
        .order_by(Context.id != visit.context_id, func.lower(Context.title), Context.id)
        .limit(_MOST)
    )
    return [Course(number, title or f"Course {number}") for number, title in rows]


def join_course(
    session: Session,
    visit: CurrentVisit,
    programme: ProgrammeRead,
    cohort: CohortRead,
    module: ModuleRead,
    context_id: int,
) -> None:
    """Make a course the run of a module for a cohort.

    :raises NotFound: it is none of the courses in which the visit's person teaches.
    :raises Conflict: it is a run already.
    """
    if context_id not in {one.context_id for one in list_courses(session, visit)}:
        raise NotFound(
            "This course cannot be joined: it is joined already, or you have not come from it as "
            "a teacher yet. Open the activity in that course once, then come back."
        )
    made = insert_if_missing(
        session,
        ModuleRun,
        ["context_id"],
        {
            "context_id": context_id,
            "cohort_id": cohort.id,
            "module_id": module.id,
            "joined_by_id": visit.person_id,
            "joined_at": clock.now(),
        },
    )
    if made is None:
        raise Conflict("Someone else has joined this course a moment ago.")
    key = grants.programme_scope_key(programme.registration_id, programme.key)
    session.execute(update(Context).where(Context.id == context_id).values(programme_key=key))
    record(
        session,
        "course joined",
        ("cohort", cohort.id),
        actor_id=visit.person_id,
        context_id=context_id,
        became={"module": module.id},
    )


def leave_course(session: Session, cohort: CohortRead, context_id: int, *, actor_id: int) -> None:
    """A course is no run any more. People, work and results stay where they are.

    :raises NotFound: it is no run for this cohort.
    """
    module_id = session.scalar(
        delete(ModuleRun)
        .where(ModuleRun.context_id == context_id, ModuleRun.cohort_id == cohort.id)
        .returning(ModuleRun.module_id)
    )
    if module_id is None:
        raise NotFound("This course is not joined to this cohort.")
    session.execute(update(Context).where(Context.id == context_id).values(programme_key=""))
    record(
        session,
        "course taken out",
        ("cohort", cohort.id),
        actor_id=actor_id,
        context_id=context_id,
        was={"module": module_id},
    )
