"""Who is where: how far each piece of work is, module by module, of those who take part."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from lti_tool.catalogue.register import begun_in
from lti_tool.coursework.progress import list_standings_of
from lti_tool.coursework.queries import AssignmentRead, ids_by_activity, list_assignments
from lti_tool.marking.participants import HANDED_IN, IN_HAND, NOT_BEGUN, RELEASED
from lti_tool.marking.spread import OutMark
from lti_tool.people.queries import who_takes_part
from lti_tool.programme.home.people import People
from lti_tool.programme.home.reach import Place

STATES = {
    NOT_BEGUN: "Not begun",
    IN_HAND: "In hand",
    HANDED_IN: "Handed in",
    RELEASED: "Mark released",
}


@dataclass(frozen=True, slots=True)
class Work:
    """One piece of work and where people are with it."""

    assignment: AssignmentRead
    module: str
    people: Mapping[str, tuple[int, ...]]
    """Who stands so, by state, by name."""

    def key(self, state: str) -> str:
        """By which its list is asked for."""
        return f"work-{self.assignment.id}-{state}"


def list_work(session: Session, place: Place, people: People, marks: list[OutMark]) -> list[Work]:
    """Every open piece of work of the cohort's courses, in the order of the modules. Three
    queries, and what the activities ask.

    Counted are those whom the course lists now, but for who intermits.
    """
    contexts = place.context_ids
    out = {one.submission_id for one in marks}
    standings = list_standings_of(session, contexts)
    here = who_takes_part(session, contexts)
    listed = [
        one for one in list_assignments(session, contexts, in_use=True) if one.closed_at is None
    ]
    entered = begun_in(session, ids_by_activity(listed))
    found = []
    for run in place.runs:
        counted = [
            one.person_id
            for one in people.values()
            if one.counts and one.person_id in here.get(run.context_id, ())
        ]
        for one in (each for each in listed if each.context_id == run.context_id):
            states: dict[str, list[int]] = {key: [] for key in STATES}
            for person_id in counted:
                standing = standings.get((one.id, person_id))
                if standing is None:
                    state = IN_HAND if (one.id, person_id) in entered else NOT_BEGUN
                elif standing.handed_in_at is None:
                    state = IN_HAND
                else:
                    state = RELEASED if standing.submission_id in out else HANDED_IN
                states[state].append(person_id)
            sorted_states = {key: tuple(ids) for key, ids in states.items()}
            found.append(Work(one, run.module_title, sorted_states))
    return found
