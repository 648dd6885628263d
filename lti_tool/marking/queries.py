"""Reads of marking: judgements, releases, and the tutor's queue in a fixed number of queries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool.coursework.models import Submission
from lti_tool.coursework.progress import count_begun
from lti_tool.coursework.queries import (
    AssignmentRead,
    HandedIn,
    count_in_hand,
    list_assignments,
    list_handed_in,
)
from lti_tool.db.statements import AnyRow
from lti_tool.gradebook.queries import Standing, list_standings
from lti_tool.marking.models import Judgement, Outcome, Release
from lti_tool.marking.rubrics import Rubric, get_rubric
from lti_tool.people.queries import count_participants, names_of

NOT_MARKED, IN_MARKING, MARKED, RELEASED = "not_marked", "in_marking", "marked", "released"
FIRST, SECOND, THIRD, AGREED = "first", "second", "third", "agreed"


def find_judgement(session: Session, submission_id: int, kind: str = FIRST) -> AnyRow | None:
    """The judgement of a kind in force on a submission: the latest, or None."""
    return session.execute(
        select(*Judgement.__table__.c)
        .where(Judgement.submission_id == submission_id, Judgement.kind == kind)
        .order_by(Judgement.number.desc())
        .limit(1)
    ).first()


def is_being_marked(session: Session, submission_id: int | None) -> bool:
    """Whether a marker has saved anything on a submission."""
    found = session.scalar(
        select(func.count()).select_from(Judgement).where(Judgement.submission_id == submission_id)
    )
    return bool(found)


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

    def is_provisional(self, board_on: date | None, today: date) -> bool:
        """Whether the assessment board of `board_on` is still to come."""
        return board_on is not None and today <= board_on


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


@dataclass(frozen=True, slots=True)
class QueueLine:
    """One piece of work in the tutor's queue."""

    work: HandedIn
    name: str
    state: str
    mark: Decimal | None
    """The mark as judged so far, released or not."""
    is_changed_since_release: bool
    standing: Standing | None


@dataclass(frozen=True, slots=True)
class QueuePart:
    """One assignment's share of the queue."""

    assignment: AssignmentRead
    lines: tuple[QueueLine, ...]
    in_hand: int
    not_begun: int
    """How many of those who take part now have not begun."""


def name_to_show(assignment: AssignmentRead, name: str | None, code: str) -> str:
    """The one place that decides whether a marker sees a name or a candidate code."""
    return code if assignment.is_anonymous or not name else name


def _latest_judgements(session: Session, submission_ids: set[int]) -> dict[int, AnyRow]:
    newest = (
        select(Judgement.submission_id, func.max(Judgement.number).label("number"))
        .where(Judgement.submission_id.in_(submission_ids), Judgement.kind == FIRST)
        .group_by(Judgement.submission_id)
        .subquery()
    )
    rows = session.execute(
        select(Judgement.submission_id, Judgement.id, Judgement.number, Judgement.overall).join(
            newest,
            (Judgement.submission_id == newest.c.submission_id)
            & (Judgement.number == newest.c.number)
            & (Judgement.kind == FIRST),
        )
    )
    return {row.submission_id: row for row in rows}


def _state(judgement: AnyRow | None, released: ReleasedMark | None) -> str:
    if released is not None:
        return RELEASED
    if judgement is None:
        return NOT_MARKED
    return IN_MARKING if judgement.overall is None else MARKED


def get_queue(session: Session, context_ids: Sequence[int]) -> list[QueuePart]:
    """The tutor's queue for these contexts: every assignment with the work handed in.

    A fixed number of queries, however much work there is.
    """
    assignments = list_assignments(session, context_ids, in_use=True)
    works = list_handed_in(session, context_ids)
    ids = {work.submission_id for work in works}
    judgements = _latest_judgements(session, ids)
    released = list_released(session, ids)
    names = names_of(session, {work.person_id for work in works})
    standings = list_standings(session, context_ids, {one.id for one in assignments})
    in_hand = count_in_hand(session, context_ids)
    begun, all_here = count_begun(session, context_ids), count_participants(session, context_ids)
    parts = []
    for assignment in assignments:
        lines = []
        for work in (one for one in works if one.assignment_id == assignment.id):
            judgement = judgements.get(work.submission_id)
            out = released.get(work.submission_id)
            lines.append(
                QueueLine(
                    work=work,
                    name=name_to_show(assignment, names.get(work.person_id), work.candidate_code),
                    state=_state(judgement, out),
                    mark=judgement.overall if judgement else None,
                    is_changed_since_release=bool(
                        out and judgement and judgement.id != out.judgement_id
                    ),
                    standing=standings.get((assignment.id, work.person_id)),
                )
            )
        here = all_here.get(assignment.context_id, 0) if assignment.closed_at is None else 0
        not_begun = here - begun.get(assignment.id, 0)
        parts.append(
            QueuePart(assignment, tuple(lines), in_hand.get(assignment.id, 0), max(not_begun, 0))
        )
    return parts


def rubric_of(session: Session, assignment: AssignmentRead) -> Rubric:
    """The rubric an assignment's work is marked by."""
    return get_rubric(session, assignment.rubric_key, assignment.rubric_version)


def lock_submission(session: Session, submission_id: int) -> None:
    """Hold a submission's row for this transaction, so that two acts on it take turns."""
    session.execute(select(Submission.id).where(Submission.id == submission_id).with_for_update())
