"""What tutors do with visits: approve, return with a comment, accept, take acceptance back.

Together or one at a time, each by the same rules. Refusals are sentences, by name, and one never
stops the others.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from lti_tool.activities.placement_log import states
from lti_tool.activities.placement_log.moving import CannotMove, move
from lti_tool.activities.placement_log.visits import days, letters, planning
from lti_tool.activities.placement_log.visits.queries import (
    VisitRead,
    participants_of,
    visits_of,
)
from lti_tool.core.errors import Sentence
from lti_tool.coursework.queries import AssignmentRead
from lti_tool.people.queries import names_of
from lti_tool.programme.dbs import DbsRead, dbs_of, why_dbs_short
from lti_tool.programme.numbers import load_programme_numbers

MOST_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Refusal:
    """A visit with which what was asked could not be done, and why."""

    name: str
    number: int
    visit_id: int
    why: str


@dataclass(frozen=True, slots=True)
class Decided:
    """What came of deciding on several visits."""

    done: int
    refusals: tuple[Refusal, ...]


def why_not_approved(visit: VisitRead, dbs: DbsRead | None, config_dir: Path) -> str | None:
    """Why a planned visit cannot be approved yet, or None.

    :param dbs: the participant's check, where one is recorded.
    """
    lacks = planning.what_lacks(visit)
    if lacks:
        return f"The plan still needs: {', '.join(lacks)}."
    if visit.visit_on is None:
        return None
    return why_dbs_short(dbs, load_programme_numbers(config_dir), visit.visit_on)


def settled_in_words(visit: VisitRead) -> str:
    """What an approval is given for; stands with its step."""
    if visit.visit_on is None:
        return ""
    return f"For {days.in_words(visit.visit_on)}, {days.length_in_words(visit.half_days)}."


def approve(
    session: Session,
    config_dir: Path,
    assignment: AssignmentRead,
    visit: VisitRead,
    dbs: DbsRead | None,
    tutor_id: int,
) -> None:
    """Approve a planned visit, and tell the participant.

    :raises CannotMove: it is not planned, not complete, or without a check within the limit.
    """
    if visit.state == states.PLANNED:
        why = why_not_approved(visit, dbs, config_dir)
        if why:
            raise CannotMove(why)
    moved = move(
        session, visit, states.APPROVED, person_id=tutor_id, comment=settled_in_words(visit)
    )
    letters.tell_participant(session, assignment, moved, letters.APPROVED)


def accept(session: Session, assignment: AssignmentRead, visit: VisitRead, tutor_id: int) -> None:
    """Accept a confirmed visit, and tell the participant.

    :raises CannotMove: it is not confirmed.
    """
    moved = move(session, visit, states.ACCEPTED, person_id=tutor_id)
    letters.tell_participant(session, assignment, moved, letters.ACCEPTED)


def take_acceptance_back(session: Session, visit: VisitRead, tutor_id: int) -> None:
    """Open an accepted visit again.

    :raises CannotMove: it is not accepted.
    """
    move(session, visit, states.CONFIRMED, person_id=tutor_id)


def send_back(
    session: Session, assignment: AssignmentRead, visit: VisitRead, tutor_id: int, comment: str
) -> None:
    """Return a visit with a comment, and tell the participant.

    :raises CannotMove: it is accepted, or returned already.
    """
    moved = move(session, visit, states.RETURNED, person_id=tutor_id, comment=comment)
    letters.tell_participant(session, assignment, moved, letters.RETURNED)


def approve_together(
    session: Session,
    config_dir: Path,
    assignment: AssignmentRead,
    chosen: Iterable[tuple[int, int]],
    tutor_id: int,
) -> Decided:
    """Approve several visits.

    :param chosen: row number and revision of each, as the page showed it.
    """
    found = _there(session, assignment)
    checks = dbs_of(session, {one.person_id for one in found.values()})

    def act(visit: VisitRead) -> None:
        approve(session, config_dir, assignment, visit, checks.get(visit.person_id), tutor_id)

    return _together(session, found, chosen, act)


def accept_together(
    session: Session, assignment: AssignmentRead, chosen: Iterable[tuple[int, int]], tutor_id: int
) -> Decided:
    """Accept several visits; see `approve_together`."""
    found = _there(session, assignment)
    return _together(
        session, found, chosen, lambda visit: accept(session, assignment, visit, tutor_id)
    )


def _there(session: Session, assignment: AssignmentRead) -> dict[int, VisitRead]:
    """Every visit of those who take part, by row number."""
    here = participants_of(session, [assignment.context_id])
    listed = visits_of(session, assignment.id)
    return {one.id: one for person_id in here for one in listed.get(person_id, ())}


def _together(
    session: Session,
    found: dict[int, VisitRead],
    chosen: Iterable[tuple[int, int]],
    act: Callable[[VisitRead], None],
) -> Decided:
    sought = dict(list(chosen)[:MOST_AT_ONCE])
    names = names_of(session, {found[one].person_id for one in sought if one in found})
    done, refusals = 0, []
    for visit_id, revision in sought.items():
        visit = found.get(visit_id)
        if visit is None:
            refusals.append(Refusal("A visit", 0, 0, "It is no longer there."))
            continue
        why = None
        if visit.revision != revision:
            why = "It was changed since this page was opened: look at it again."
        else:
            try:
                act(visit)
                done += 1
            except Sentence as refused:
                why = refused.sentence
        if why:
            refusals.append(Refusal(names[visit.person_id], visit.number, visit.id, why))
    return Decided(done, tuple(refusals))
