"""Steps 1 and 2 of a grade: keeping a judgement, and releasing the mark that comes of it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool.audit.operations import record
from lti_tool.core import clock
from lti_tool.core.errors import Conflict
from lti_tool.coursework.copying import lock_assignment
from lti_tool.coursework.queries import AssignmentRead, HandedIn, list_handed_in
from lti_tool.coursework.resetting import require_open
from lti_tool.db.statements import AnyRow
from lti_tool.gradebook.operations import record_score
from lti_tool.marking.feedback import feedback_text
from lti_tool.marking.marks import MarkingRules, overall_mark
from lti_tool.marking.models import Judgement, Outcome, Release
from lti_tool.marking.queries import (
    ReleasedMark,
    find_judgement,
    find_released,
    list_released,
    lock_submission,
    rubric_of,
)
from lti_tool.marking.rubrics import Rubric


class MarkedElsewhere(Conflict):
    """Another marker, or the same one in another tab, saved in between."""


class NotReady(Conflict):
    """The mark cannot be released as it stands."""


@dataclass(frozen=True, slots=True)
class View:
    """What a marker wrote: marks and comments by criterion, feedback, and a private note."""

    marks: dict[str, Decimal | None]
    comments: dict[str, str]
    feedback: str
    private_note: str

    def as_document(self) -> dict[str, Any]:
        """Marks as decimal text beside their comments."""
        return {
            key: {
                "mark": None if mark is None else str(mark),
                "comment": self.comments.get(key, ""),
            }
            for key, mark in self.marks.items()
        }


def save_judgement(
    session: Session,
    work: HandedIn,
    rubric: Rubric,
    rules: MarkingRules,
    view: View,
    *,
    built_on: int,
    marker_id: int,
) -> Decimal | None:
    """Add a judgement. Criteria may still be unmarked; the overall mark is then empty.

    :param built_on: number of the judgement the page was filled in from, 0 for none.
    :return: the overall mark, if every criterion has one.
    :raises MarkedElsewhere: a newer judgement was saved in between; nothing is overwritten.
    """
    lock_submission(session, work.submission_id)
    newest = session.scalar(
        select(func.coalesce(func.max(Judgement.number), 0)).where(
            Judgement.submission_id == work.submission_id
        )
    )
    if newest != built_on:
        raise MarkedElsewhere(
            "Marks for this work were saved elsewhere since you opened it. Both versions are "
            "shown below: put together what should stand, then save again."
        )
    overall = overall_mark(rubric, view.marks, rules)
    session.add(
        Judgement(
            submission_id=work.submission_id,
            number=built_on + 1,
            copy_id=work.copy_id,
            marker_id=marker_id,
            kind="first",
            marks=view.as_document(),
            overall=overall,
            feedback=view.feedback,
            private_note=view.private_note,
            created_at=clock.now(),
        )
    )
    record(
        session,
        "mark saved",
        ("submission", work.submission_id),
        actor_id=marker_id,
        context_id=work.context_id,
        became={"number": built_on + 1, "overall": None if overall is None else str(overall)},
    )
    return overall


def _board(board_on: date | None) -> str | None:
    if board_on is None or clock.in_london(clock.now()).date() > board_on:
        return None
    return f"{board_on.day} {board_on:%B %Y}"


def _ready(judgement: AnyRow | None, before: ReleasedMark | None, number: int) -> AnyRow:
    """The judgement, if it and no other may be released now."""
    if judgement is None or judgement.overall is None:
        raise NotReady("Every criterion needs a mark before this can be released.")
    if judgement.number != number:
        raise MarkedElsewhere(
            "The marks were changed since you opened this page. Look at them again, then release."
        )
    if before is not None and before.judgement_id == judgement.id:
        raise NotReady("This mark is released already.")
    return judgement


def _add_outcome(session: Session, judgement: AnyRow) -> Outcome:
    """What comes of a judgement, numbered after those before it."""
    count = session.scalar(
        select(func.count())
        .select_from(Outcome)
        .where(Outcome.submission_id == judgement.submission_id)
    )
    outcome = Outcome(
        submission_id=judgement.submission_id,
        number=(count or 0) + 1,
        judgement_id=judgement.id,
        raw=judgement.overall,
        penalty=Decimal(0),
        cap=None,
        final=judgement.overall,
        standing="provisional",
        created_at=clock.now(),
    )
    session.add(outcome)
    session.flush()
    return outcome


def _promise(
    session: Session,
    assignment: AssignmentRead,
    work: HandedIn,
    rubric: Rubric,
    final: Decimal,
    said: AnyRow | ReleasedMark,
) -> int | None:
    """Promise a released mark to the gradebook, with what the marker said."""
    board = _board(assignment.board_on)
    return record_score(
        session,
        assignment_id=assignment.id,
        person_id=work.person_id,
        mark=final,
        maximum=assignment.maximum,
        comment=feedback_text(rubric, final, said.marks, said.feedback, board),
        submitted_at=work.handed_in_at,
    )


def promise_released(session: Session, assignment: AssignmentRead) -> int:
    """Promise what was released before the assignment had a gradebook column.

    Called once, in the transaction that keeps the column, with the assignment's row held: a
    release holds it too, so either it finds the column or its mark is found here.

    :return: how many marks were promised; none of a closed assignment.
    """
    if assignment.closed_at is not None:
        return 0
    works = [
        work
        for work in list_handed_in(session, (assignment.context_id,))
        if work.assignment_id == assignment.id
    ]
    released = list_released(session, {work.submission_id for work in works})
    latest = {work.person_id: work for work in works if work.submission_id in released}
    if not latest:
        return 0
    rubric = rubric_of(session, assignment)
    for work in latest.values():
        mark = released[work.submission_id]
        _promise(session, assignment, work, rubric, mark.final, mark)
    record(
        session,
        "released marks promised",
        ("assignment", assignment.id),
        actor="tool",
        context_id=assignment.context_id,
        became={"people": sorted(latest)},
        reason="the gradebook was offered after they were released",
    )
    return len(latest)


def release_mark(
    session: Session,
    assignment: AssignmentRead,
    work: HandedIn,
    rubric: Rubric,
    *,
    number: int,
    actor_id: int,
) -> int | None:
    """Let the participant see the mark, and promise it to the gradebook, in one transaction.

    :param number: the judgement the releasing page showed.
    :return: the delivery's row number, or None where the platform offers no gradebook.
    :raises NotReady: a criterion is unmarked, or this mark is released already.
    :raises MarkedElsewhere: a newer judgement was saved since the page was opened.
    """
    require_open(assignment)
    lock_submission(session, work.submission_id)
    before = find_released(session, work.submission_id)
    judgement = _ready(find_judgement(session, work.submission_id), before, number)
    outcome = _add_outcome(session, judgement)
    session.add(
        Release(
            outcome_id=outcome.id,
            submission_id=work.submission_id,
            released_by_id=actor_id,
            released_at=clock.now(),
        )
    )
    record(
        session,
        "mark released",
        ("submission", work.submission_id),
        actor_id=actor_id,
        context_id=work.context_id,
        was={"final": str(before.final)} if before else None,
        became={"final": str(outcome.final), "outcome": outcome.number},
    )
    lock_assignment(session, assignment.id)
    return _promise(session, assignment, work, rubric, outcome.final, judgement)
