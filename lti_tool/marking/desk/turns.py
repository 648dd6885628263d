"""Whose turn it is: which marker has which participant's work, by kind of judgement.

A turn is ended and never deleted, and at most one is open for each assignment, participant and
kind. Every act is audited, with row numbers and no names.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lti_tool.audit.operations import record
from lti_tool.core import clock
from lti_tool.core.errors import Unusable
from lti_tool.coursework.copying import lock_assignment
from lti_tool.coursework.models import Submission
from lti_tool.coursework.queries import AssignmentRead
from lti_tool.marking.deciding import list_latest
from lti_tool.marking.models import Allocation
from lti_tool.marking.queries import FIRST


@dataclass(frozen=True, slots=True)
class Turn:
    """An open allocation: this marker has this participant's work."""

    assignment_id: int
    person_id: int
    marker_id: int
    kind: str


def list_turns(
    session: Session, assignment_ids: Iterable[int], kind: str | None = None
) -> list[Turn]:
    """The open turns of these assignments, oldest first.

    :param kind: first, second or third; all kinds where left out.
    """
    query = select(
        Allocation.assignment_id, Allocation.person_id, Allocation.marker_id, Allocation.kind
    ).where(Allocation.assignment_id.in_(set(assignment_ids)), Allocation.ended_at.is_(None))
    if kind is not None:
        query = query.where(Allocation.kind == kind)
    return [Turn(*row) for row in session.execute(query.order_by(Allocation.id))]


def share_out(
    people: Sequence[int], markers: Sequence[int], load: Mapping[int, int]
) -> dict[int, int]:
    """Share people out evenly: each goes to the marker who has the fewest by then. Pure.

    :param people: who is to be shared out, in the order of the list.
    :param markers: who takes part; the earlier one comes first where two have the same.
    :param load: how many each marker has already.
    :return: the marker of each person.
    :raises Unusable: there is nobody to share among.
    """
    if not markers:
        raise Unusable("Tick at least one tutor to share the work out among.")
    counts = {marker: load.get(marker, 0) for marker in markers}
    given = {}
    for person in people:
        marker = min(markers, key=lambda one: (counts[one], markers.index(one)))
        given[person] = marker
        counts[marker] += 1
    return given


def list_marked_people(session: Session, assignment_id: int, kind: str) -> set[int]:
    """The participants whose latest attempt has its mark of this kind."""
    rows = session.execute(
        select(Submission.person_id, Submission.id)
        .where(Submission.assignment_id == assignment_id)
        .order_by(Submission.attempt)
    )
    latest = {person_id: submission_id for person_id, submission_id in rows}
    judged = list_latest(session, latest.values())
    return {
        person_id
        for person_id, submission_id in latest.items()
        if (found := judged.get((submission_id, kind))) is not None and found.overall is not None
    }


def loads(turns: Iterable[Turn]) -> Counter[int]:
    """How many open turns each marker has."""
    return Counter(turn.marker_id for turn in turns)


def allocate(
    session: Session,
    assignment: AssignmentRead,
    wanted: Mapping[int, int | None],
    *,
    kind: str,
    actor_id: int,
    act: str = "markers allocated",
) -> int:
    """Give participants to markers, or to nobody.

    :param wanted: the marker by participant; None takes the work from its marker.
    :return: how many changed. A turn that stays as it is is left alone.
    """
    lock_assignment(session, assignment.id)
    now = clock.now()
    before = {turn.person_id: turn.marker_id for turn in list_turns(session, [assignment.id], kind)}
    changed = {person: marker for person, marker in wanted.items() if before.get(person) != marker}
    if not changed:
        return 0
    session.execute(
        update(Allocation)
        .where(
            Allocation.assignment_id == assignment.id,
            Allocation.kind == kind,
            Allocation.person_id.in_(changed),
            Allocation.ended_at.is_(None),
        )
        .values(ended_at=now)
        .execution_options(synchronize_session=False)
    )
    session.add_all(
        Allocation(
            assignment_id=assignment.id,
            person_id=person,
            marker_id=marker,
            kind=kind,
            allocated_by_id=actor_id,
            allocated_at=now,
        )
        for person, marker in changed.items()
        if marker is not None
    )
    session.flush()
    record(
        session,
        act,
        ("assignment", assignment.id),
        actor_id=actor_id,
        context_id=assignment.context_id,
        was={"kind": kind, "markers": {str(p): before.get(p) for p in changed}},
        became={"kind": kind, "markers": {str(p): m for p, m in changed.items()}},
    )
    return len(changed)


def hand_over(
    session: Session,
    assignments: Iterable[AssignmentRead],
    *,
    from_id: int,
    to_id: int,
    actor_id: int,
) -> int:
    """A tutor leaves: all their work that is not marked yet goes to another, in one act.

    What they marked stays theirs. Closed assignments are left alone.

    :return: how many pieces went over.
    """
    if from_id == to_id:
        raise Unusable("Choose another tutor to take the work over.")
    count = 0
    for assignment in assignments:
        if assignment.closed_at is not None:
            continue
        turns = list_turns(session, [assignment.id])
        for kind in sorted({turn.kind for turn in turns if turn.marker_id == from_id}):
            done = list_marked_people(session, assignment.id, kind)
            theirs = {
                turn.person_id for turn in turns if (turn.marker_id, turn.kind) == (from_id, kind)
            }
            count += allocate(
                session,
                assignment,
                dict.fromkeys(sorted(theirs - done), to_id),
                kind=kind,
                actor_id=actor_id,
                act="work handed over",
            )
    return count


def share_out_rest(
    session: Session,
    assignment: AssignmentRead,
    people: Sequence[int],
    markers: Sequence[int],
    *,
    anew: bool,
    actor_id: int,
) -> int:
    """Share out those who have no first marker, or anew all whose work is not marked yet.

    :param people: everyone who takes part, in the order of the list.
    :return: how many got another marker.
    """
    turns = list_turns(session, [assignment.id], FIRST)
    done = list_marked_people(session, assignment.id, FIRST)
    kept = [turn for turn in turns if not anew or turn.person_id in done]
    has_one = {turn.person_id for turn in kept} | done
    rest = [person for person in people if person not in has_one]
    wanted = share_out(rest, markers, loads(kept))
    return allocate(session, assignment, wanted, kind=FIRST, actor_id=actor_id)
