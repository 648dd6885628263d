"""Who is late and why, as needs of a programme's leader: the date has passed and nothing is there.

Whose date was put off is listed with that as the reason. Who intermits or has left is told apart
above, where that is known.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.catalogue.measures import Scope
from lti_tool.catalogue.needs import Need, NeedLine, Source, announce_needs
from lti_tool.catalogue.register import begun_in
from lti_tool.core import clock
from lti_tool.coursework.extensions import DEFERRAL
from lti_tool.coursework.models import Extension, FurtherAttempt, HandedInCopy, Submission
from lti_tool.coursework.queries import AssignmentRead, ids_by_activity, list_assignments
from lti_tool.people.queries import who_takes_part

LATE = Need("late", "Late: the date has passed and nothing is handed in", of_present=True)
_Place = tuple[int, int]
"""An assignment and a person."""


@dataclass(frozen=True, slots=True)
class _Later:
    """A date that was put off for somebody."""

    due_at: datetime
    what: str


@dataclass(frozen=True, slots=True)
class _Dates:
    """All that decides which date holds for whom, and what is there."""

    for_all: dict[int, datetime]
    own: dict[_Place, _Later]
    attempts: dict[_Place, tuple[int, datetime]]
    last_saved: dict[_Place, datetime]
    entered: set[_Place]
    """Who has entered something in the activity's own tables."""
    handed_in: dict[_Place, int]
    """The latest attempt that was handed in."""


def _put_off(
    session: Session, ids: Iterable[int]
) -> tuple[dict[int, datetime], dict[_Place, _Later]]:
    for_all: dict[int, datetime] = {}
    own: dict[_Place, _Later] = {}
    for assignment_id, person_id, due_at, kind in session.execute(
        select(Extension.assignment_id, Extension.person_id, Extension.due_at, Extension.kind)
        .where(Extension.assignment_id.in_(ids), Extension.withdrawn_at.is_(None))
        .order_by(Extension.due_at)
    ):
        if person_id is None:
            for_all[assignment_id] = due_at
        else:
            what = "Deferral" if kind == DEFERRAL else "Extension"
            own[assignment_id, person_id] = _Later(due_at, what)
    return for_all, own


def _dates(session: Session, listed: Sequence[AssignmentRead]) -> _Dates:
    """Three queries, and what the activities ask."""
    ids = [one.id for one in listed]
    for_all, own = _put_off(session, ids)
    attempts = {
        (row.assignment_id, row.person_id): (row.attempt, row.due_at)
        for row in session.execute(
            select(
                FurtherAttempt.assignment_id,
                FurtherAttempt.person_id,
                FurtherAttempt.attempt,
                FurtherAttempt.due_at,
            )
            .where(FurtherAttempt.assignment_id.in_(ids))
            .order_by(FurtherAttempt.attempt)
        )
    }
    saved: dict[_Place, datetime] = {}
    handed_in: dict[_Place, int] = {}
    for row in session.execute(
        select(
            Submission.assignment_id,
            Submission.person_id,
            Submission.attempt,
            Submission.updated_at,
            HandedInCopy.id.label("copy_id"),
        )
        .outerjoin(
            HandedInCopy,
            (HandedInCopy.submission_id == Submission.id) & HandedInCopy.taken_back_at.is_(None),
        )
        .where(Submission.assignment_id.in_(ids))
        .order_by(Submission.attempt)
    ):
        saved[row.assignment_id, row.person_id] = row.updated_at
        if row.copy_id is not None:
            handed_in[row.assignment_id, row.person_id] = row.attempt
    entered = begun_in(session, ids_by_activity(listed))
    return _Dates(for_all, own, attempts, saved, entered, handed_in)


def _line(one: AssignmentRead, person_id: int, dates: _Dates, now: datetime) -> NeedLine | None:
    """What is late of one person; None where nothing is."""
    place = (one.id, person_id)
    attempt, again_at = dates.attempts.get(place, (1, None))
    due_at = again_at or one.due_at
    if due_at is None or dates.handed_in.get(place, 0) >= attempt:
        return None
    due_at = max(due_at, dates.for_all.get(one.id, due_at))
    if due_at > now:
        return None
    later, known = dates.own.get(place), ""
    if later is not None and later.due_at > due_at:
        due_at = later.due_at
        known = f"{later.what} until {clock.day(due_at)}." if due_at > now else ""
    saved_at = dates.last_saved.get(place)
    which = f"{one.title}, attempt {attempt}" if attempt > 1 else one.title
    was = "" if known else f" It was due on {clock.day(due_at)}."
    begun = "begun" if place in dates.entered else "not begun"
    begun = f"last saved on {clock.day(saved_at)}" if saved_at else begun
    return NeedLine(
        words=f"{which}: {begun}.{was}",
        context_id=one.context_id,
        person_id=person_id,
        known=known,
        endpoint="participants.people",
    )


def _late(session: Session, scope: Scope) -> Iterator[NeedLine]:
    listed = [
        one
        for one in list_assignments(session, scope.context_ids, in_use=True)
        if one.closed_at is None and not one.is_undecided_copy
    ]
    here, people = who_takes_part(session, scope.context_ids), set(scope.person_ids)
    dates, now = _dates(session, listed), clock.now()
    for one in sorted(listed, key=lambda x: (x.due_at is None, x.due_at or now, x.id)):
        for person_id in sorted(here.get(one.context_id, set()) & people):
            if (line := _line(one, person_id, dates, now)) is not None:
                yield line


def find(session: Session, scope: Scope) -> Mapping[str, Sequence[NeedLine]]:
    """Who takes part in a course and is late there, the earliest date first. A fixed number
    of queries."""
    return {LATE.key: list(_late(session, scope))}


announce_needs(Source((LATE,), find))
