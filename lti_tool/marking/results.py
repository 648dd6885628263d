"""What came of a piece of work: every outcome for tutors, and what its author may see of it.

Nothing here shows a participant anything before release.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from lti_tool.core.errors import NotFound
from lti_tool.coursework.attempts import FurtherRead, find_further
from lti_tool.coursework.due_dates import OWN_DUE, due_of
from lti_tool.coursework.models import HandedInCopy, Submission
from lti_tool.coursework.own_work import LATEST
from lti_tool.coursework.queries import AssignmentRead
from lti_tool.db.statements import run, run_once
from lti_tool.db.together import foresee
from lti_tool.marking.models import Hold, Judgement, Outcome, Release
from lti_tool.marking.promising import say_board
from lti_tool.marking.reckoning import explain
from lti_tool.marking.remarks import list_remarks_of
from lti_tool.marking.standing import APPEAL, BOARD, CONFIRMED, MISCONDUCT
from lti_tool.marking.terms import Terms, get_terms
from lti_tool.marking.wording import has_passed, load_words, say_result, say_what_next


@dataclass(frozen=True, slots=True)
class OutcomeRead:
    """One outcome, as tutors see it: raw, penalty, cap and final apart."""

    id: int
    number: int
    judgement_id: int
    raw: Decimal
    scaled: Decimal | None
    penalty: Decimal
    cap: Decimal | None
    final: Decimal
    standing: str
    working: dict[str, Any] | None
    source: str
    reason: str
    created_at: datetime
    released_at: datetime | None
    taken_back_at: datetime | None

    @property
    def is_confirmed(self) -> bool:
        """Whether a board's result, or a decision after it, is recorded."""
        return self.standing == CONFIRMED

    @property
    def worked(self) -> str:
        """The worked example in words."""
        return explain(self.working) if self.working else ""

    @property
    def is_changed(self) -> bool:
        """Whether anything happened between the raw mark and the final one."""
        return len((self.working or {}).get("steps", ())) > 1

    @property
    def days_late(self) -> int:
        """How many days late it was counted as."""
        steps = (self.working or {}).get("steps", ())
        return next((int(one.get("days", 0)) for one in steps if one.get("step") == "late"), 0)


_OUTCOME: tuple[Any, ...] = (
    Outcome.id,
    Outcome.number,
    Outcome.judgement_id,
    Outcome.raw,
    Outcome.scaled,
    Outcome.penalty,
    Outcome.cap,
    Outcome.final,
    Outcome.standing,
    Outcome.working,
    Outcome.source,
    Outcome.reason,
    Outcome.created_at,
    Release.released_at,
    Release.taken_back_at,
)


def list_outcomes(session: Session, submission_id: int) -> list[OutcomeRead]:
    """Everything that ever came of a submission, the newest first."""
    rows = session.execute(
        select(*_OUTCOME)
        .outerjoin(Release, Release.outcome_id == Outcome.id)
        .where(Outcome.submission_id == submission_id)
        .order_by(Outcome.number.desc(), Release.id.desc())
    )
    return [OutcomeRead(*tuple(row)) for row in rows]


@dataclass(frozen=True, slots=True)
class OwnResult:
    """A released result, as its author sees it."""

    attempt: int
    outcome: OutcomeRead
    result: str
    marks: dict[str, Any]
    feedback: str
    passed: bool
    is_set_apart: bool
    """Whether the marker gave the overall mark apart from what the criteria give."""
    board: str
    """Whether it is provisional, or by whom it is confirmed, in a sentence."""
    what_next: tuple[str, ...]
    """After a fail: what to redo, by when, whether it is capped, whom to ask."""
    remarks: int
    """How many remarks stand beside the work."""


@dataclass(frozen=True, slots=True)
class OwnResults:
    """All that a participant may see of what came of their work on one assignment."""

    results: tuple[OwnResult, ...]
    """The latest attempt first."""
    terms: Terms | None
    """None while nothing is released."""
    hold: str
    """The neutral sentence while a result is held back and not seen, else empty."""
    further: FurtherRead | None
    """The latest further attempt opened for this person."""
    due_at: datetime | None
    """The due date that applies to this person."""


_CONFIRMED_BY = {
    BOARD: "Confirmed by the assessment board.",
    APPEAL: "Final, after a decision on an appeal.",
    MISCONDUCT: "Final, after a decision on academic integrity.",
}


def _say_standing(outcome: OutcomeRead, board_on: date | None) -> str:
    if not outcome.is_confirmed:
        return say_board(board_on)
    return _CONFIRMED_BY[outcome.source]


_IS_OWN = (
    Submission.assignment_id == bindparam("its_assignment"),
    Submission.person_id == bindparam("its_person"),
)
_OWN_RELEASED = (
    select(
        *_OUTCOME,
        Submission.attempt,
        Submission.id.label("submission_id"),
        Judgement.marks,
        Judgement.feedback,
        Judgement.overall,
        Judgement.weighted,
        Judgement.copy_id,
    )
    .join(Release, Release.outcome_id == Outcome.id)
    .join(Judgement, Judgement.id == Outcome.judgement_id)
    .join(Submission, Submission.id == Outcome.submission_id)
    .where(*_IS_OWN, Release.taken_back_at.is_(None))
    .order_by(Submission.attempt, Release.id)
)
_IS_SEEN = (
    select(Release.id)
    .where(Release.submission_id == Hold.submission_id, Release.taken_back_at.is_(None))
    .exists()
)
_HOLDS = (
    select(Hold.id)
    .join(Submission, Submission.id == Hold.submission_id)
    .where(*_IS_OWN, Hold.lifted_at.is_(None))
)
_OWN_HELD = (
    _HOLDS.join(HandedInCopy, HandedInCopy.submission_id == Submission.id).where(~_IS_SEEN).limit(1)
)
_RELEASES = (
    select(Release.id)
    .join(Submission, Submission.id == Release.submission_id)
    .where(*_IS_OWN, Release.taken_back_at.is_(None))
)
AT_A_GLANCE = select(
    _RELEASES.exists().label("is_released"), _HOLDS.exists().label("has_hold"), *OWN_DUE
)
"""For most of a term nothing of the sort is there, and one question tells it, with the due date
that the page shows beside it: so it asks no more than whether there is something to look at."""


def foresee_own(session: Session, assignment_id: int | None, person_id: int) -> None:
    """Ask at once what the first page of an activity asks of somebody's own work: the work and how
    it stands."""
    own = {"its_assignment": assignment_id, "its_person": person_id}
    foresee(session, (LATEST, own), (AT_A_GLANCE, own))


def _own_rows(session: Session, assignment_id: int, person_id: int) -> dict[int, Any]:
    """The released row in force of each attempt."""
    rows = run(session, _OWN_RELEASED, its_assignment=assignment_id, its_person=person_id)
    return {row.attempt: row for row in rows}


@dataclass(frozen=True, slots=True)
class ReleasedCopy:
    """A copy whose mark its author can see."""

    submission_id: int
    copy_id: int


def get_released_copy(
    session: Session, assignment_id: int, person_id: int, attempt: int
) -> ReleasedCopy:
    """The copy that a participant's released mark was given for.

    :raises NotFound: nothing of this attempt is released.
    """
    row = _own_rows(session, assignment_id, person_id).get(attempt)
    if row is None:
        raise NotFound("Remarks on your work appear here once your mark is released.")
    return ReleasedCopy(row.submission_id, row.copy_id)


def get_own_results(
    session: Session, config_dir: Path, assignment: AssignmentRead, person_id: int
) -> OwnResults:
    """What a participant may see of their results on an assignment."""
    own = {"its_assignment": assignment.id, "its_person": person_id}
    glance = run_once(session, AT_A_GLANCE, **own).one()
    found = _own_rows(session, assignment.id, person_id) if glance.is_released else {}
    further = find_further(session, assignment.id, person_id) if glance.further else None
    is_held = glance.has_hold and run(session, _OWN_HELD, **own).first() is not None
    hold = load_words(config_dir).hold if is_held else ""
    due_at = due_of(glance, assignment)
    if not found:
        return OwnResults((), None, hold, further, due_at)
    terms = get_terms(session, config_dir, assignment)
    results = []
    remarked = list_remarks_of(session, {row.submission_id for row in found.values()})
    for attempt, row in sorted(found.items(), reverse=True):
        outcome = OutcomeRead(*tuple(row)[: len(_OUTCOME)])
        passed = has_passed(outcome.final, terms.rules)
        said: list[str] = []
        if not passed and attempt == max(found):
            said = say_what_next(
                terms.words, terms.rules, terms.rubric, row.marks, attempt=attempt, further=further
            )
        results.append(
            OwnResult(
                attempt=attempt,
                outcome=outcome,
                result=say_result(outcome.final, terms.rules, terms.rubric),
                marks=row.marks,
                feedback=row.feedback,
                passed=passed,
                is_set_apart=row.overall != row.weighted,
                board=_say_standing(outcome, assignment.board_on),
                what_next=tuple(said),
                remarks=len(remarked.get(row.submission_id, ())),
            )
        )
    return OwnResults(tuple(results), terms, hold, further, due_at)
