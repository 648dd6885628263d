"""The acts of double marking: naming second and third markers, and agreeing a mark.

The agreed mark is a judgement of its own and the one that counts (`deciding.py`). What the two
markers gave stays beside it for ever.
"""

from collections.abc import Mapping

from sqlalchemy import update
from sqlalchemy.orm import Session

from lti_tool.audit.operations import record
from lti_tool.core import clock
from lti_tool.core.errors import Conflict, NotAllowed
from lti_tool.coursework.copying import lock_assignment
from lti_tool.coursework.queries import AssignmentRead
from lti_tool.coursework.resetting import require_open
from lti_tool.coursework.rules import Rules
from lti_tool.marking.judging import MarkedElsewhere
from lti_tool.marking.models import Allocation, Judgement
from lti_tool.marking.moderation.pairs import (
    Pair,
    get_pair,
    is_same_band,
    list_pairs,
    nearest_to_third,
)
from lti_tool.marking.moderation.rounds import FieldProblem
from lti_tool.marking.queries import AGREED, FIRST, SECOND, THIRD, lock_submission
from lti_tool.marking.rubrics import Rubric


def _may_take(pair: Pair, kind: str, marker_id: int) -> bool:
    others = {pair.marker(one) for one in (FIRST, SECOND, THIRD) if one != kind}
    return marker_id not in others and pair.mark(kind) is None and not pair.is_agreed


def name_marker(
    session: Session,
    assignment: AssignmentRead,
    *,
    kind: str,
    markers: Mapping[int, str],
    marker_id: int | None,
    submission_id: int | None = None,
    actor_id: int,
) -> int:
    """Name a second or third marker: of one piece, or of all that have none yet.

    Nobody is named for work they mark themselves in another role.

    :param submission_id: one piece; left out, all pieces without a marker of this kind.
    :return: how many pieces got this marker.
    :raises FieldProblem: the person is no marker here, or can take none of the pieces.
    """
    require_open(assignment)
    if marker_id is None or marker_id not in markers:
        raise FieldProblem("marker", "Choose a marker from the course’s markers.")
    lock_assignment(session, assignment.id)
    pairs = list_pairs(session, assignment)
    if submission_id is not None:
        wanted = [one for one in pairs if one.work.submission_id == submission_id]
    else:
        wanted = [one for one in pairs if kind not in one.turns and kind not in one.latest]
    taken = [one for one in wanted if _may_take(one, kind, marker_id)]
    if not taken:
        raise FieldProblem(
            "marker",
            f"{markers[marker_id]} cannot take this: they mark it already, or it is marked.",
        )
    for pair in taken:
        _give_turn(session, assignment, pair, kind, marker_id, actor_id)
    return len(taken)


def _give_turn(
    session: Session,
    assignment: AssignmentRead,
    pair: Pair,
    kind: str,
    marker_id: int,
    actor_id: int,
) -> None:
    now = clock.now()
    session.execute(
        update(Allocation)
        .where(
            Allocation.assignment_id == assignment.id,
            Allocation.person_id == pair.work.person_id,
            Allocation.kind == kind,
            Allocation.ended_at.is_(None),
        )
        .values(ended_at=now)
    )
    session.add(
        Allocation(
            assignment_id=assignment.id,
            person_id=pair.work.person_id,
            marker_id=marker_id,
            kind=kind,
            allocated_by_id=actor_id,
            allocated_at=now,
        )
    )
    session.flush()
    record(
        session,
        f"{kind} marker named",
        ("submission", pair.work.submission_id),
        actor_id=actor_id,
        context_id=assignment.context_id,
        was={"marker": pair.turns.get(kind)},
        became={"marker": marker_id},
    )


def require_turn(
    session: Session,
    assignment: AssignmentRead,
    pair: Pair,
    rules: Rules,
    kind: str,
    person_id: int,
) -> None:
    """Hold the piece, and refuse whoever may not give this judgement now.

    :raises NotAllowed: somebody else is to mark it.
    :raises Conflict: the marks were shown to one another already, or one is agreed.
    """
    require_open(assignment)
    lock_submission(session, pair.work.submission_id)
    now = get_pair(session, assignment, pair.work)
    if now.turns.get(kind) != person_id:
        raise NotAllowed(f"You are not named as the {kind} marker of this work.")
    if now.marker(FIRST) == person_id:
        raise NotAllowed("You gave the first marks of this work. Somebody else has to mark it too.")
    if now.is_agreed:
        raise Conflict("A mark is agreed for this work. It is changed under “Agree a mark”.")
    if kind == SECOND and now.both_in and rules.second_is_blind:
        raise Conflict(
            "Both marks are in and were shown to both of you. What should stand is settled under "
            "“Agree a mark”."
        )


def require_agreeable(
    session: Session, assignment: AssignmentRead, pair: Pair, person_id: int, is_leader: bool
) -> Pair:
    """Hold the piece, and refuse where no mark can be agreed now or not by this person.

    :return: the piece as it stands now.
    """
    require_open(assignment)
    lock_submission(session, pair.work.submission_id)
    now = get_pair(session, assignment, pair.work)
    if not now.both_in:
        raise Conflict("Both markers have to give their mark first.")
    if person_id not in now.markers() and not is_leader:
        raise NotAllowed("Only the markers of this work, or a programme leader, agree its mark.")
    if now.third_is_awaited:
        raise Conflict("A third marker was asked. Wait for their mark, then agree.")
    return now


def note_agreed(
    session: Session, assignment: AssignmentRead, pair: Pair, how: str, reason: str, actor_id: int
) -> None:
    """Leave the agreement in the audit trail, with the marks it came from."""
    record(
        session,
        "mark agreed",
        ("submission", pair.work.submission_id),
        actor_id=actor_id,
        context_id=assignment.context_id,
        was={
            kind: None if pair.mark(kind) is None else str(pair.mark(kind))
            for kind in (FIRST, SECOND, THIRD, AGREED)
        },
        became={"how": how},
        reason=reason or None,
    )


def let_stand(
    session: Session,
    assignment: AssignmentRead,
    rubric: Rubric,
    pair: Pair,
    *,
    built_on: int,
    actor_id: int,
) -> None:
    """Agree on a mark as it is: the first within the same band, or the one of the two that the
    third marker's is nearest to.

    :param pair: as `require_agreeable` gave it.
    :param built_on: number of the agreed judgement the page showed, 0 for none.
    :raises Conflict: neither rule says which mark stands.
    :raises MarkedElsewhere: another mark was agreed in between.
    """
    kind, reason = FIRST, "Both marks lie in the same band: the first stands."
    if pair.mark(THIRD) is not None:
        kind = nearest_to_third(pair) or ""
        reason = f"The {kind} mark is nearest to the third marker’s."
    elif not is_same_band(pair, rubric):
        kind = ""
    if not kind:
        raise Conflict("No rule says which mark stands here. Agree a mark with a reason.")
    newest = pair.latest.get(AGREED)
    if (newest.number if newest is not None else 0) != built_on:
        raise MarkedElsewhere("A mark was agreed since you opened this page. It is shown below.")
    stands = session.get_one(Judgement, pair.latest[kind].id)
    copied = ("copy_id", "marks", "overall", "weighted", "overall_reason", "feedback")
    session.add(
        Judgement(
            **{name: getattr(stands, name) for name in copied},
            submission_id=pair.work.submission_id,
            number=built_on + 1,
            marker_id=actor_id,
            kind=AGREED,
            private_note=reason,
            created_at=clock.now(),
        )
    )
    note_agreed(session, assignment, pair, f"{kind} stands", reason, actor_id)
