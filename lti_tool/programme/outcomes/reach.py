"""Whose outcomes a visit may see: one's own, those of one's own course, those of what one leads.

A tutor sees and signs for who takes part in their own course; a leader of a whole programme for
everybody in its cohorts. Nobody is read before this was asked.
"""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.core import clock
from lti_tool.core.errors import NotFound
from lti_tool.people.models import Membership
from lti_tool.people.queries import is_participant
from lti_tool.people.visits import CurrentVisit
from lti_tool.programme.cohorts.models import ModuleRun
from lti_tool.programme.cohorts.queries import CohortRead, cohort_of, runs_of
from lti_tool.programme.cohorts.reach import contexts_for, get_cohort
from lti_tool.programme.cohorts.standing import (
    day_to_look_at,
    entries_of,
    find_by_entry,
    people_in,
)


@dataclass(frozen=True, slots=True)
class Seen:
    """A cohort, and whom of it a visit may see."""

    cohort: CohortRead
    person_ids: frozenset[int] | None
    """None: everybody, for who leads the programme."""

    def may_see(self, person_id: int | None) -> bool:
        """Whether a person is among them."""
        return person_id is not None and (self.person_ids is None or person_id in self.person_ids)


@dataclass(frozen=True, slots=True)
class OwnPlace:
    """A participant in their cohort."""

    cohort: CohortRead
    entry: int


def see_cohort(session: Session, visit: CurrentVisit, cohort_id: int) -> Seen:
    """A cohort as a tutor or leader may see it.

    :raises NotFound: it is neither that of their course nor of a programme they lead.
    """
    if visit.is_leader:
        try:
            return Seen(get_cohort(session, visit, cohort_id)[1], None)
        except NotFound:  # they lead this course alone, or another programme
            pass
    own = cohort_of(session, visit.context_id)
    if own is None or own.id != cohort_id:
        raise NotFound("There is no such cohort here.")
    people = session.scalars(
        select(Membership.person_id)
        .join(ModuleRun, ModuleRun.context_id == Membership.context_id)
        .where(
            ModuleRun.cohort_id == own.id,
            Membership.context_id.in_(contexts_for(session, visit)),
            is_participant(),
        )
    )
    return Seen(own, frozenset(people))


def get_person(session: Session, seen: Seen, entry: int) -> int:
    """The row number of somebody whom pages name by this number.

    :raises NotFound: nobody has it, or the visit may not see them.
    """
    person_id = find_by_entry(session, seen.cohort.id, entry)
    if person_id is None or not seen.may_see(person_id):
        raise NotFound("There is no such person among those whose outcomes you see.")
    return person_id


def find_own_place(session: Session, visit: CurrentVisit) -> OwnPlace | None:
    """A participant's own place in the cohort of the course, or None where they have none yet."""
    cohort = cohort_of(session, visit.context_id)
    if cohort is None:
        return None
    entry = entries_of(session, cohort.id).get(visit.person_id)
    return OwnPlace(cohort, entry) if entry is not None else None


def contexts_of_cohort(session: Session, cohort_id: int) -> tuple[int, ...]:
    """The courses of a cohort: what a person did in any of them is theirs to offer."""
    return tuple(run.context_id for run in runs_of(session, cohort_id))


def is_taking_part(session: Session, cohort: CohortRead, person_id: int) -> bool:
    """Whether somebody's outcomes can still change: not once they withdrew or went elsewhere."""
    on = day_to_look_at(cohort.starts_on, clock.today())
    standing = people_in(session, cohort.id, on).get(person_id)
    return standing is not None and standing.can_be_awarded
