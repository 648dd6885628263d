"""Step 3 of a grade as marking sees it: what is promised to the gradebook with a released mark.

`releasing.py` promises at release, `decisions.py` with a recorded decision. Where a launch first
offers a column later, what was released before it is promised then.
"""

from datetime import date
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.audit.operations import record
from lti_tool.core import clock
from lti_tool.coursework.attempts import find_further
from lti_tool.coursework.copying import lock_assignment
from lti_tool.coursework.queries import AssignmentRead, HandedIn, list_handed_in
from lti_tool.coursework.rules import MARKS
from lti_tool.db.statements import AnyRow
from lti_tool.gradebook.operations import record_score
from lti_tool.marking.feedback import feedback_text
from lti_tool.marking.models import Judgement, Outcome, Release
from lti_tool.marking.reckoning import explain
from lti_tool.marking.standing import PROVISIONAL
from lti_tool.marking.terms import Terms, get_terms
from lti_tool.marking.wording import has_passed, say_result, say_what_next


def say_board(board_on: date | None) -> str:
    """What makes a released mark provisional, in one sentence."""
    if board_on is None or clock.in_london(clock.now()).date() > board_on:
        return "Provisional until the assessment board’s result is recorded."
    return f"Provisional until the assessment board on {board_on.day} {board_on:%B %Y}."


def promise(
    session: Session,
    assignment: AssignmentRead,
    work: HandedIn,
    terms: Terms,
    outcome: Outcome | AnyRow,
    said: AnyRow,
) -> int | None:
    """Promise an outcome to the gradebook, with what the marker said.

    :param said: the judgement's marks by criterion and its feedback.
    :return: the delivery's row number, or None where the platform offers no gradebook.
    """
    lock_assignment(session, assignment.id)  # a column that comes now finds the mark, or it it
    rules, what_next = terms.rules, []
    if not has_passed(outcome.final, rules):
        what_next = say_what_next(
            terms.words,
            rules,
            terms.rubric,
            said.marks,
            attempt=work.attempt,
            further=find_further(session, assignment.id, work.person_id),
        )
    working = outcome.working or {}
    comment = feedback_text(
        terms.rubric,
        outcome.final,
        said.marks,
        said.feedback,
        say_board(assignment.board_on) if outcome.standing == PROVISIONAL else None,
        result=None if rules.mode == MARKS else say_result(outcome.final, rules, terms.rubric),
        working=explain(working) if len(working.get("steps", ())) > 1 else None,
        what_next=what_next,
    )
    return record_score(
        session,
        assignment_id=assignment.id,
        person_id=work.person_id,
        mark=outcome.final,
        maximum=assignment.maximum,
        comment=comment,
        submitted_at=work.handed_in_at,
    )


def _released(session: Session, submission_ids: set[int]) -> dict[int, AnyRow]:
    """The outcome in force of each submission, with what the marker said."""
    rows = session.execute(
        select(
            Outcome.submission_id,
            Outcome.final,
            Outcome.standing,
            Outcome.working,
            Judgement.marks,
            Judgement.feedback,
        )
        .join(Release, Release.outcome_id == Outcome.id)
        .join(Judgement, Judgement.id == Outcome.judgement_id)
        .where(Outcome.submission_id.in_(submission_ids), Release.taken_back_at.is_(None))
        .order_by(Release.id)
    )
    return {row.submission_id: row for row in rows}


def promise_released(session: Session, config_dir: Path, assignment: AssignmentRead) -> int:
    """Promise what was released before the assignment had a gradebook column.

    Called once, in the transaction that keeps the column, with the assignment's row held.

    :return: how many marks were promised; none of a closed assignment.
    """
    if assignment.closed_at is not None:
        return 0
    works = [
        work
        for work in list_handed_in(session, (assignment.context_id,), every_attempt=True)
        if work.assignment_id == assignment.id
    ]
    released = _released(session, {work.submission_id for work in works})
    if not released:
        return 0
    terms = get_terms(session, config_dir, assignment)
    latest: dict[int, HandedIn] = {}
    for work in sorted(works, key=lambda one: one.attempt):
        if work.submission_id in released:
            latest[work.person_id] = work
    for work in latest.values():
        row = released[work.submission_id]
        promise(session, assignment, work, terms, row, row)
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
