"""Who can be given work in a course: its tutors, and those who left while they still have some.

Forms name a membership of the course, never a person.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.coursework.queries import AssignmentRead, list_handed_in
from lti_tool.marking.desk.turns import Turn, list_marked_people
from lti_tool.people.models import Membership
from lti_tool.people.queries import Listed, list_participants, list_tutors, names_of

_EVERYBODY = 100_000


@dataclass(frozen=True, slots=True)
class Marker:
    """A tutor who has work or can be given some."""

    membership_id: int
    person_id: int
    name: str
    is_here: bool
    """Whether they teach in the course now."""
    count: int = 0
    """Participants given to them."""
    left: int = 0
    """How many of these are not marked yet."""


def list_markers(
    session: Session, assignment: AssignmentRead, turns: Iterable[Turn], kind: str
) -> list[Marker]:
    """The course's tutors by name, then those who left and still have work.

    :param turns: the open turns of this kind.
    """
    held = list(turns)
    done = list_marked_people(session, assignment.id, kind) if held else set()
    tutors = list_tutors(session, (assignment.context_id,))
    here = {row.person_id: row.id for row in tutors}
    gone = {turn.marker_id for turn in held} - set(here)
    rows = session.execute(
        select(Membership.person_id, Membership.id)
        .where(Membership.context_id == assignment.context_id, Membership.person_id.in_(gone))
        .order_by(Membership.id)
    )
    there = {**here, **{row.person_id: row.id for row in rows}}
    names = names_of(session, there)
    return [
        Marker(
            membership_id,
            person_id,
            names[person_id],
            person_id in here,
            sum(turn.marker_id == person_id for turn in held),
            sum(turn.marker_id == person_id and turn.person_id not in done for turn in held),
        )
        for person_id, membership_id in there.items()
    ]


def list_everybody(session: Session, assignment: AssignmentRead) -> list[int]:
    """All whose work is to be marked: those who take part, by name, then authors who left."""
    contexts: Sequence[int] = (assignment.context_id,)
    people = [
        one.person_id for one in list_participants(session, contexts, start=0, limit=_EVERYBODY)
    ]
    known = set(people)
    for work in list_handed_in(session, contexts):
        if work.assignment_id == assignment.id and work.person_id not in known:
            known.add(work.person_id)
            people.append(work.person_id)
    return people


def list_page(session: Session, assignment: AssignmentRead, number: int, size: int) -> list[Listed]:
    """A page of those who take part, for giving work by hand."""
    return list_participants(
        session, (assignment.context_id,), start=(number - 1) * size, limit=size
    )
