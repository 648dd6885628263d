"""Which cohorts a leader's home shows, and how much of each.

Who leads a programme sees all of it; who leads one course alone sees that course's part.
"""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from lti_tool.catalogue.measures import Scope
from lti_tool.core import clock
from lti_tool.core.errors import NotFound
from lti_tool.people.visits import CurrentVisit
from lti_tool.programme.cohorts.queries import (
    CohortRead,
    ProgrammeRead,
    Run,
    cohort_of,
    find_programme,
    list_cohorts_of,
    runs_of,
)
from lti_tool.programme.cohorts.reach import contexts_for, list_led
from lti_tool.programme.cohorts.words import COMPLETED
from lti_tool.programme.home.people import People
from lti_tool.programme.outcomes.reach import see_cohort


@dataclass(frozen=True, slots=True)
class Place:
    """A cohort, and what of it a visit sees."""

    programme: ProgrammeRead
    cohort: CohortRead
    person_ids: frozenset[int] | None
    """Whom; None for everybody, which only who leads the whole programme sees."""
    runs: tuple[Run, ...]
    """The courses that are seen, in the order of the modules."""
    others: tuple[CohortRead, ...]
    """All cohorts that can be chosen, the latest first."""
    is_of_visit: bool
    """Whether the visit's own course is part of the programme."""

    @property
    def leads(self) -> bool:
        """Whether the visitor leads the programme as a whole."""
        return self.person_ids is None

    @property
    def context_ids(self) -> tuple[int, ...]:
        """The courses that are seen."""
        return tuple(dict.fromkeys(run.context_id for run in self.runs))

    def course(self, context_id: int | None) -> str:
        """The title of a course; empty where it is none of these."""
        return next((one.context_title for one in self.runs if one.context_id == context_id), "")

    def scope(self, config_dir: Path, people: People) -> Scope:
        """Where needs and measures look: from the cohort's first day to its last, or to today."""
        last = max(self.cohort.ends_on or clock.today(), clock.today())
        members = people.items()
        return Scope(
            config_dir,
            self.context_ids,
            tuple(people),
            self.cohort.starts_on,
            last,
            cohort_of=dict.fromkeys(people, self.cohort.id),
            left_ids=frozenset(n for n, one in members if not one.standing.can_be_awarded),
            completed_ids=frozenset(n for n, one in members if one.standing.status == COMPLETED),
        )


def list_choices(session: Session, visit: CurrentVisit) -> list[CohortRead]:
    """The cohorts that a leader can look at: of the programmes they lead, and of their course."""
    found = list_cohorts_of(session, [one.id for one in list_led(session, visit)])
    own = cohort_of(session, visit.context_id)
    return found if own is None or own in found else [*found, own]


def choose(session: Session, visit: CurrentVisit, asked: str = "") -> CohortRead | None:
    """The cohort to begin with: the one asked for, else that of the visit's course, else the
    latest that has begun; None where there is none."""
    choices = list_choices(session, visit)
    own = cohort_of(session, visit.context_id)
    begun = [one for one in choices if one.starts_on <= clock.today()]
    wanted = (one for one in choices if str(one.id) == asked)
    return next(wanted, None) or own or next(iter([*begun, *choices]), None)


def get_place(session: Session, visit: CurrentVisit, cohort_id: int) -> Place:
    """A cohort as a leader may see it.

    :raises NotFound: there is none with this number that they may see.
    """
    choices = list_choices(session, visit)
    cohort = next((one for one in choices if one.id == cohort_id), None)
    if cohort is None:
        raise NotFound("There is no such cohort in the programmes you lead.")
    own = find_programme(session, visit.context_id)
    led = {one.id: one for one in list_led(session, visit)}
    programme = led.get(cohort.programme_id) or own
    if programme is None:
        raise NotFound("There is no such cohort in the programmes you lead.")
    seen = None if programme.id in led else see_cohort(session, visit, cohort_id).person_ids
    contexts = set(contexts_for(session, visit))
    return Place(
        programme=programme,
        cohort=cohort,
        person_ids=seen,
        runs=tuple(one for one in runs_of(session, cohort.id) if one.context_id in contexts),
        others=tuple(choices),
        is_of_visit=own is not None and own.id == programme.id,
    )
