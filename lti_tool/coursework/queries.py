"""Reads of course work. Every read takes the contexts the visit may see."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import and_, bindparam, or_, select
from sqlalchemy.orm import Session, aliased

from lti_tool.core.errors import NotFound
from lti_tool.coursework.models import (
    Assignment,
    Candidate,
    Extension,
    FurtherAttempt,
    HandedInCopy,
    Submission,
)
from lti_tool.db.statements import AnyRow, run_once
from lti_tool.lti.models import ResourceLink
from lti_tool.people import visits
from lti_tool.people.access import contexts_of
from lti_tool.people.models import Visit


class AssignmentNotFound(NotFound):
    """There is no such assignment in these contexts."""


class WorkNotFound(NotFound):
    """There is no such work in these contexts."""


@dataclass(frozen=True, slots=True)
class AssignmentRead:
    """An assignment as pages need it."""

    id: int
    context_id: int
    resource_id: str
    activity: str
    title: str
    maximum: Decimal
    rubric_key: str
    rubric_version: int
    rules_key: str
    rules_version: int
    due_at: datetime | None
    board_on: date | None
    is_anonymous: bool
    version: int
    copied_from_id: int | None
    closed_at: datetime | None
    created_at: datetime

    @property
    def is_undecided_copy(self) -> bool:
        """Whether it came with a copied course and no tutor has looked at its set-up yet."""
        return self.copied_from_id is not None and self.version == 1


_ASSIGNMENT: tuple[Any, ...] = tuple(
    getattr(Assignment, one.name) for one in fields(AssignmentRead)
)
ONE = select(*_ASSIGNMENT).where(
    Assignment.id == bindparam("its_id"),
    Assignment.context_id.in_(bindparam("its_contexts", expanding=True)),
)
visits.read_along(
    visits.Along(
        Assignment,
        and_(
            Assignment.id == ResourceLink.assignment_id, Assignment.context_id == Visit.context_id
        ),
        ONE,
        lambda visit: {"its_id": visit.assignment_id, "its_contexts": contexts_of(visit)},
    )
)


def get_assignment(
    session: Session, assignment_id: int | None, context_ids: Sequence[int]
) -> AssignmentRead:
    """One assignment.

    :raises AssignmentNotFound: there is none with this number in these contexts.
    """
    row = run_once(session, ONE, its_id=assignment_id, its_contexts=tuple(context_ids)).first()
    if row is None:
        raise AssignmentNotFound("There is no such activity in this course.")
    return AssignmentRead(*tuple(row))


def find_by_resource_id(session: Session, resource_id: str, context_id: int) -> int | None:
    """The open assignment of this context that carries our resource id, or None."""
    return session.scalar(
        select(Assignment.id).where(
            Assignment.resource_id == resource_id,
            Assignment.context_id == context_id,
            Assignment.closed_at.is_(None),
        )
    )


def list_assignments(
    session: Session,
    context_ids: Sequence[int],
    *,
    in_use: bool = False,
    marked_only: bool = True,
    first: int | None = None,
) -> list[AssignmentRead]:
    """All assignments of these contexts, the open ones first, by title.

    :param in_use: leave out what was chosen for a course and then neither added nor closed.
    :param marked_only: leave out what nobody marks, which has no rubric.
    :param first: the row number of one that leads the open ones.
    """
    query = select(*_ASSIGNMENT).where(Assignment.context_id.in_(context_ids))
    if marked_only:
        query = query.where(Assignment.rubric_key != "")
    if in_use:
        linked = select(ResourceLink.id).where(ResourceLink.assignment_id == Assignment.id).exists()
        query = query.where(or_(linked, Assignment.closed_at.is_not(None)))
    rows = session.execute(
        query.order_by(
            Assignment.closed_at.is_not(None),
            Assignment.id != (first or 0),
            Assignment.title,
            Assignment.id,
        )
    )
    return [AssignmentRead(*tuple(row)) for row in rows]


def ids_by_activity(assignments: Iterable[AssignmentRead]) -> dict[str, list[int]]:
    """The row numbers of assignments by the key of their activity."""
    found: dict[str, list[int]] = {}
    for one in assignments:
        found.setdefault(one.activity, []).append(one.id)
    return found


LATEST_EXTENSION = (
    select(Extension.due_at)
    .where(Extension.withdrawn_at.is_(None))
    .order_by(Extension.due_at.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A piece of work in the tutor's hands: the frozen copy in force and whose it is."""

    submission_id: int
    assignment_id: int
    context_id: int
    person_id: int
    attempt: int
    candidate_code: str
    copy_id: int
    receipt: str
    handed_in_at: datetime
    due_at: datetime | None
    """The due date it was handed in under, or a later one granted since."""
    is_capped: bool = False
    """Whether it is a further attempt that is capped."""

    @property
    def is_late(self) -> bool:
        """Whether it came after the due date that applied."""
        return self.due_at is not None and self.handed_in_at > self.due_at


_NEXT = aliased(FurtherAttempt)
_AFTER_IT = select(_NEXT.id).where(
    _NEXT.assignment_id == Submission.assignment_id,
    _NEXT.person_id == Submission.person_id,
    _NEXT.attempt == Submission.attempt + 1,
    _NEXT.opened_at < Extension.created_at,
)
"""A later date that somebody was granted while a further attempt was open is that one's."""
_HANDED_IN = (
    select(
        Submission.id,
        Submission.assignment_id,
        Assignment.context_id,
        Submission.person_id,
        Submission.attempt,
        Candidate.code,
        HandedInCopy.id.label("copy_id"),
        HandedInCopy.receipt,
        HandedInCopy.handed_in_at,
        HandedInCopy.due_at,
        FurtherAttempt.is_capped,
        LATEST_EXTENSION.where(
            Extension.assignment_id == Submission.assignment_id,
            or_(
                Extension.person_id.is_(None),
                and_(
                    Extension.person_id == Submission.person_id,
                    ~_AFTER_IT.exists().correlate(Submission, Extension),
                ),
            ),
        )
        .correlate(Submission)
        .scalar_subquery()
        .label("extended_to"),
    )
    .join(
        HandedInCopy,
        (HandedInCopy.submission_id == Submission.id) & HandedInCopy.taken_back_at.is_(None),
    )
    .join(Assignment, Assignment.id == Submission.assignment_id)
    .join(
        Candidate,
        (Candidate.assignment_id == Submission.assignment_id)
        & (Candidate.person_id == Submission.person_id),
    )
    .outerjoin(
        FurtherAttempt,
        (FurtherAttempt.assignment_id == Submission.assignment_id)
        & (FurtherAttempt.person_id == Submission.person_id)
        & (FurtherAttempt.attempt == Submission.attempt),
    )
)


def _handed_in(row: AnyRow) -> HandedIn:
    due_at: datetime | None = row.due_at
    if due_at is not None and row.extended_to is not None:
        due_at = max(due_at, row.extended_to)
    values: tuple[Any, ...] = (*tuple(row)[:9], due_at, bool(row.is_capped))
    return HandedIn(*values)


def list_handed_in(
    session: Session, context_ids: Sequence[int], *, every_attempt: bool = False
) -> list[HandedIn]:
    """All work handed in within these contexts, first come first.

    :param every_attempt: earlier attempts too, and not only each person's latest.
    """
    rows = session.execute(
        _HANDED_IN.where(Assignment.context_id.in_(context_ids)).order_by(
            HandedInCopy.handed_in_at, Submission.id
        )
    )
    found = [_handed_in(row) for row in rows]
    if every_attempt:
        return found
    latest: dict[tuple[int, int], HandedIn] = {}
    for work in found:
        key = (work.assignment_id, work.person_id)
        if key not in latest or latest[key].attempt < work.attempt:
            latest[key] = work
    return [work for work in found if latest[work.assignment_id, work.person_id] is work]


def get_handed_in(
    session: Session,
    assignment_id: int,
    code: str,
    context_ids: Sequence[int],
    attempt: int | None = None,
) -> HandedIn:
    """The work handed in under a candidate code.

    :param attempt: which one; the latest that was handed in where left out.
    :raises WorkNotFound: there is none in these contexts, or it was taken back.
    """
    query = _HANDED_IN.where(
        Submission.assignment_id == assignment_id,
        Candidate.code == code,
        Assignment.context_id.in_(context_ids),
    )
    if attempt is not None:
        query = query.where(Submission.attempt == attempt)
    row = session.execute(query.order_by(Submission.attempt.desc()).limit(1)).first()
    if row is None:
        raise WorkNotFound(
            "There is no work under this code. It may have been taken back by its author: "
            "look at the queue again."
        )
    return _handed_in(row)


def get_copy(session: Session, copy_id: int) -> AnyRow:
    """A frozen copy: document, digest, declarations and times."""
    return session.execute(
        select(*HandedInCopy.__table__.c).where(HandedInCopy.id == copy_id)
    ).one()
