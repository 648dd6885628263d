"""Everybody's visits as a tutor's list shows them, in a fixed number of queries."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from lti_tool.activities.placement_log import states
from lti_tool.activities.placement_log.visits import days, deciding, planning, standing
from lti_tool.activities.placement_log.visits.bench import Bench
from lti_tool.activities.placement_log.visits.queries import (
    VisitRead,
    participants_of,
    visits_of,
)
from lti_tool.activities.placement_log.visits.release import beyond_release
from lti_tool.core import clock
from lti_tool.people.queries import names_of
from lti_tool.programme.agreements import agreements_of
from lti_tool.programme.dbs import dbs_of
from lti_tool.programme.schools import SchoolRead

MOST_OTHERS = 300


@dataclass(frozen=True, slots=True)
class Listed:
    """One visit in the list."""

    id: int
    number: int
    revision: int
    name: str
    day: str
    length: str
    school: str
    focus: str
    said: str
    chip: str
    since: str
    why_not: str
    """Why it cannot be approved yet; empty where it can, or where that is not the question."""
    beyond: str
    """What to say where it waits for approval and the visits take more than the head agreed to."""


@dataclass(frozen=True, slots=True)
class TutorList:
    """The visits by what a tutor does with them."""

    ready: list[Listed]
    not_ready: list[Listed]
    to_accept: list[Listed]
    wrong: list[Listed]
    others: list[Listed]
    others_in_all: int


def _listed(
    visit: VisitRead, name: str, school: SchoolRead | None, why_not: str | None, beyond: str
) -> Listed:
    return Listed(
        visit.id,
        visit.number,
        visit.revision,
        name,
        days.in_words(visit.visit_on) if visit.visit_on else "no day yet",
        days.length_in_words(visit.half_days),
        school.name if school else "no school yet",
        visit.document["focus"],
        standing.SAID[visit.state],
        standing.CHIPS[visit.state],
        clock.day(visit.state_since),
        why_not or "",
        beyond,
    )


def list_for_tutor(session: Session, bench: Bench) -> TutorList:
    """The visits of all who take part; those that wait longest first."""
    here = participants_of(session, [bench.assignment.context_id])
    every = visits_of(session, bench.assignment.id)
    found = [one for person_id, visits in every.items() if person_id in here for one in visits]
    found.sort(key=lambda one: (one.state_since, one.id))
    names = names_of(session, {one.person_id for one in found})
    schools = planning.schools_by_id(session, bench, found)
    waiting = {one.person_id for one in found if one.state == states.PLANNED}
    checks, agreements = dbs_of(session, waiting), agreements_of(session, waiting)

    def listed(visit: VisitRead) -> Listed:
        why, beyond, whose = None, "", visit.person_id
        if visit.state == states.PLANNED:
            why = deciding.why_not_approved(visit, checks.get(whose), bench.config_dir)
            beyond = beyond_release(agreements.get(whose), days.half_days_used(every[whose]))
        return _listed(visit, names[whose], schools.get(visit.school_id or 0), why, beyond)

    def in_state(*wanted: str) -> list[Listed]:
        return [listed(one) for one in found if one.state in wanted]

    planned = in_state(states.PLANNED)
    others = in_state(states.APPROVED, states.DONE, states.RETURNED, states.ACCEPTED)
    return TutorList(
        ready=[one for one in planned if not one.why_not],
        not_ready=[one for one in planned if one.why_not],
        to_accept=in_state(states.CONFIRMED),
        wrong=in_state(states.WRONG),
        others=others[:MOST_OTHERS],
        others_in_all=len(others),
    )
