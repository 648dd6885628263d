"""The tutor's list of people: who takes part, when they were last here, how far they have got.

A fixed number of queries for a page of the list, however many people there are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from lti_tool.coursework.progress import Standing, list_standings_of
from lti_tool.coursework.queries import AssignmentRead, list_assignments
from lti_tool.marking.desk.gathering import rules_of
from lti_tool.marking.queries import hides_names, list_released
from lti_tool.people.queries import Listed, count_participants, last_visits, list_participants

NOT_BEGUN, IN_HAND, HANDED_IN, RELEASED = "not_begun", "in_hand", "handed_in", "released"
PAGE = 100


@dataclass(frozen=True, slots=True)
class Cell:
    """One person's work on one assignment."""

    assignment_id: int
    state: str
    candidate_code: str | None


@dataclass(frozen=True, slots=True)
class Line:
    """One person in the list."""

    member: Listed
    last_here: datetime | None
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class PeopleList:
    """A page of the list."""

    assignments: tuple[AssignmentRead, ...]
    lines: tuple[Line, ...]
    count: int
    number: int
    pages: int


def _cell(
    assignment_id: int, standing: Standing | None, released: set[int], *, hides_names: bool
) -> Cell:
    """The cell; without the way to the work while that is marked without names."""
    if standing is None:
        return Cell(assignment_id, NOT_BEGUN, None)
    if standing.handed_in_at is None:
        return Cell(assignment_id, IN_HAND, None)
    state = RELEASED if standing.submission_id in released else HANDED_IN
    is_hidden = hides_names and state != RELEASED
    return Cell(assignment_id, state, None if is_hidden else standing.candidate_code)


def list_people(
    session: Session, context_ids: Sequence[int], config_dir: Path, number: int = 1
) -> PeopleList:
    """A page of those who take part, with the state of their work on every assignment.

    :param config_dir: where the rules are, which may ask for marking without names.
    :param number: of the page, from 1; one beyond the last gives the last.
    """
    count = sum(count_participants(session, context_ids).values())
    pages = max(1, -(-count // PAGE))
    number = min(max(number, 1), pages)
    members = list_participants(session, context_ids, start=(number - 1) * PAGE, limit=PAGE)
    people = {member.person_id for member in members}
    listed = list_assignments(session, context_ids, in_use=True)
    assignments = tuple(one for one in listed if one.closed_at is None)
    rules = rules_of(session, assignments, config_dir)
    standings = list_standings_of(session, context_ids, people)
    released = set(list_released(session, {one.submission_id for one in standings.values()}))
    seen = last_visits(session, context_ids, people)
    for (_, person_id), one in standings.items():
        moments = (seen.get(person_id), one.updated_at, one.handed_in_at)
        seen[person_id] = max(moment for moment in moments if moment is not None)
    lines = tuple(
        Line(
            member,
            seen.get(member.person_id),
            tuple(
                _cell(
                    one.id,
                    standings.get((one.id, member.person_id)),
                    released,
                    hides_names=hides_names(one, rules[one.id]),
                )
                for one in assignments
            ),
        )
        for member in members
    )
    return PeopleList(assignments, lines, count, number, pages)
