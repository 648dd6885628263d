"""Step 3 of a grade as marking sees it: what is promised to the gradebook with a released mark.

`releasing.py` promises at release; a launch that first offers a column promises what was released
before it.
"""

from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from lti_tool.audit.operations import record
from lti_tool.core import clock
from lti_tool.coursework.queries import AssignmentRead, HandedIn, list_handed_in
from lti_tool.db.statements import AnyRow
from lti_tool.gradebook.operations import record_score
from lti_tool.marking.feedback import feedback_text
from lti_tool.marking.queries import ReleasedMark, list_released, rubric_of
from lti_tool.marking.rubrics import Rubric


def _board(board_on: date | None) -> str | None:
    if board_on is None or clock.in_london(clock.now()).date() > board_on:
        return None
    return f"{board_on.day} {board_on:%B %Y}"


def promise(
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
        promise(session, assignment, work, rubric, mark.final, mark)
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
