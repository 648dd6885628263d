"""Reads of marking: judgements, releases, rubrics, and whose name may be shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, bindparam, exists, or_, select
from sqlalchemy.orm import Session

from lti_tool.coursework.models import Submission
from lti_tool.coursework.queries import AssignmentRead
from lti_tool.coursework.rules import Rules
from lti_tool.db.statements import AnyRow, run
from lti_tool.marking.models import Hold, Judgement, Outcome, Release, Remark
from lti_tool.marking.rubrics import Rubric, get_rubric

FIRST, SECOND, THIRD, AGREED = "first", "second", "third", "agreed"


def find_judgement(session: Session, submission_id: int, kind: str = FIRST) -> AnyRow | None:
    """The judgement of a kind in force on a submission: the latest, or None."""
    return session.execute(
        select(*Judgement.__table__.c)
        .where(Judgement.submission_id == submission_id, Judgement.kind == kind)
        .order_by(Judgement.number.desc())
        .limit(1)
    ).first()


def list_judgements(
    session: Session, submission_ids: Iterable[int], kind: str = FIRST
) -> dict[int, dict[str, Any]]:
    """The judgements of a kind in force, whole, by submission."""
    rows = session.execute(
        select(*Judgement.__table__.c)
        .where(Judgement.submission_id.in_(set(submission_ids)), Judgement.kind == kind)
        .order_by(Judgement.number)
    )
    return {row.submission_id: dict(row._mapping) for row in rows}


_ITS = bindparam("submission", type_=BigInteger)
_IS_BEING_MARKED = select(
    or_(
        exists().where(Judgement.submission_id == _ITS),
        exists().where(Remark.submission_id == _ITS, Remark.removed_at.is_(None)),
        exists().where(Hold.submission_id == _ITS, Hold.lifted_at.is_(None)),
    )
)


def is_being_marked(session: Session, submission_id: int | None) -> bool:
    """Whether a marker has saved anything on a submission, or it is held: its author does not
    change it then."""
    return bool(run(session, _IS_BEING_MARKED, submission=submission_id).scalar_one())


@dataclass(frozen=True, slots=True)
class ReleasedMark:
    """What a participant may see: the mark in force and the feedback with it."""

    submission_id: int
    judgement_id: int
    number: int
    final: Decimal
    standing: str
    released_at: datetime
    marks: dict[str, Any]
    feedback: str


_RELEASED = (
    select(
        Outcome.submission_id,
        Outcome.judgement_id,
        Judgement.number,
        Outcome.final,
        Outcome.standing,
        Release.released_at,
        Judgement.marks,
        Judgement.feedback,
    )
    .join(Outcome, Outcome.id == Release.outcome_id)
    .join(Judgement, Judgement.id == Outcome.judgement_id)
    .where(Release.taken_back_at.is_(None))
    .order_by(Release.id)
)


def find_released(session: Session, submission_id: int | None) -> ReleasedMark | None:
    """The mark of a submission its author may see, or None before release."""
    rows = session.execute(_RELEASED.where(Release.submission_id == submission_id)).all()
    return ReleasedMark(*rows[-1]) if rows else None


def list_released(session: Session, submission_ids: Iterable[int]) -> dict[int, ReleasedMark]:
    """Released marks by submission."""
    rows = session.execute(_RELEASED.where(Release.submission_id.in_(set(submission_ids))))
    return {row.submission_id: ReleasedMark(*row) for row in rows}


def list_taken_back(session: Session, submission_ids: Iterable[int]) -> set[int]:
    """Judgements whose release was taken back, of these submissions."""
    return set(
        session.scalars(
            select(Outcome.judgement_id)
            .join(Release, Release.outcome_id == Outcome.id)
            .where(
                Release.submission_id.in_(set(submission_ids)), Release.taken_back_at.is_not(None)
            )
        )
    )


def hides_names(assignment: AssignmentRead, rules: Rules) -> bool:
    """Whether work on an assignment is marked without names, by its own setting or its rules."""
    return assignment.is_anonymous or rules.anonymous


def name_to_show(
    assignment: AssignmentRead,
    name: str | None,
    code: str,
    *,
    rules: Rules,
    is_agreed: bool,
) -> str:
    """The one place that decides whether a marker sees a name or a candidate code.

    :param rules: those of the assignment, which may ask for anonymous marking too.
    :param is_agreed: whether this piece has its agreed mark or is released: names appear then.
    """
    is_hidden = hides_names(assignment, rules) and not is_agreed
    return code if is_hidden or not name else name


def rubric_of(session: Session, assignment: AssignmentRead) -> Rubric:
    """The rubric an assignment's work is marked by."""
    return get_rubric(session, assignment.rubric_key, assignment.rubric_version)


def lock_submission(session: Session, submission_id: int) -> None:
    """Hold a submission's row for this transaction, so that two acts on it take turns."""
    session.execute(
        select(Submission.id).where(Submission.id == submission_id).with_for_update(key_share=True)
    )
