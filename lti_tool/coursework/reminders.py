"""Reminding participants who have not handed in: a week and a day before the date.

The worker's sweep promises the reminders; each is looked at again when it leaves, so that
nobody is reminded of work they handed in meanwhile, or of a date that was moved.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from lti_tool.core import clock
from lti_tool.coursework.models import (
    Assignment,
    Extension,
    FurtherAttempt,
    HandedInCopy,
    Submission,
)
from lti_tool.db import Database
from lti_tool.db.rounds import Rounds
from lti_tool.db.statements import AnyRow
from lti_tool.mail.models import Message
from lti_tool.mail.outbox import DUE_SOON, once_key, tell
from lti_tool.people.models import Membership
from lti_tool.people.queries import is_participant
from lti_tool.settings import Settings

_BEFORE = (timedelta(days=1), timedelta(days=7))
"""Shortest first: a date set two days before is told of once, as one of the week before."""
_LOOK_BACK = timedelta(days=400)
_rounds = Rounds(timedelta(minutes=10))


@dataclass(frozen=True, slots=True)
class Reminder:
    """Somebody to be reminded."""

    assignment_id: int
    context_id: int
    person_id: int
    due_at: datetime
    before: timedelta

    @property
    def once(self) -> str:
        """The same reminder is promised once; a date that moves brings forth another."""
        return f"{self.assignment_id}:{self.due_at.isoformat()}:{self.before.days}"


def _later_dates(
    session: Session, assignment_id: int
) -> tuple[dict[int | None, datetime], set[int]]:
    """The latest date agreed, by person and (under None) for all; and who has handed in.

    A further attempt has a date of its own, and its work is not handed in until that attempt is.
    """
    dates: dict[int | None, datetime] = {
        person_id: due_at
        for person_id, due_at in session.execute(
            select(Extension.person_id, func.max(Extension.due_at))
            .where(Extension.assignment_id == assignment_id, Extension.withdrawn_at.is_(None))
            .group_by(Extension.person_id)
        )
    }
    attempts: dict[int, int] = {}
    for person_id, attempt, due_at in session.execute(
        select(FurtherAttempt.person_id, FurtherAttempt.attempt, FurtherAttempt.due_at)
        .where(FurtherAttempt.assignment_id == assignment_id)
        .order_by(FurtherAttempt.attempt)
    ):
        attempts[person_id] = attempt
        dates[person_id] = max(due_at, dates.get(person_id, due_at))
    handed_in = {
        person_id
        for person_id, attempt in session.execute(
            select(Submission.person_id, Submission.attempt)
            .join(HandedInCopy, HandedInCopy.submission_id == Submission.id)
            .where(Submission.assignment_id == assignment_id, HandedInCopy.taken_back_at.is_(None))
        )
        if attempt >= attempts.get(person_id, 1)
    }
    return dates, handed_in


def _due_of(due_at: datetime, dates: dict[int | None, datetime], person_id: int) -> datetime:
    return max(due_at, dates.get(None, due_at), dates.get(person_id, due_at))


def _before(due_at: datetime, now: datetime) -> timedelta | None:
    """Which of the two reminders is due now, if one is."""
    left = due_at - now
    if left <= timedelta(0):
        return None
    return next((before for before in _BEFORE if left <= before), None)


def _of_assignment(session: Session, row: AnyRow, now: datetime) -> list[Reminder]:
    dates, handed_in = _later_dates(session, row.id)
    if not any(_before(due, now) for due in {row.due_at, *dates.values()}):
        return []
    people = session.scalars(
        select(Membership.person_id).where(
            Membership.context_id == row.context_id, is_participant()
        )
    )
    found = []
    for person_id in people:
        due_at = _due_of(row.due_at, dates, person_id)
        before = _before(due_at, now)
        if before is not None and person_id not in handed_in:
            found.append(Reminder(row.id, row.context_id, person_id, due_at, before))
    return found


def list_reminders(session: Session) -> list[Reminder]:
    """Everybody to be reminded now who was not yet promised it."""
    now = clock.now()
    rows = session.execute(
        select(Assignment.id, Assignment.context_id, Assignment.due_at).where(
            Assignment.closed_at.is_(None),
            Assignment.due_at.between(now - _LOOK_BACK, now + max(_BEFORE)),
            or_(Assignment.copied_from_id.is_(None), Assignment.version > 1),
        )
    )
    found = [one for row in rows for one in _of_assignment(session, row, now)]
    promised = set(
        session.scalars(
            select(Message.once_key).where(
                Message.kind == DUE_SOON,
                Message.assignment_id.in_({one.assignment_id for one in found}),
            )
        )
    )
    return [one for one in found if once_key(DUE_SOON, one.once, one.person_id) not in promised]


def is_still_due(session: Session, row: AnyRow) -> bool:
    """Whether a reminder is still true: the same date, still ahead, and nothing handed in."""
    due_at = session.scalar(select(Assignment.due_at).where(Assignment.id == row.assignment_id))
    if due_at is None:
        return False
    dates, handed_in = _later_dates(session, row.assignment_id)
    now_due = _due_of(due_at, dates, row.person_id)
    told = datetime.fromisoformat(row.about["due_at"])
    return row.person_id not in handed_in and now_due == told and now_due > clock.now()


def remind(database: Database, settings: Settings) -> None:
    """Promise the reminders that are due, at most every ten minutes in a process; none where
    no mail is sent."""
    if not settings.mail_url or not _rounds.begin(database):
        return
    with database.read() as session:
        found = list_reminders(session)
    if not found:
        return
    with database.write() as session:
        for one in found:
            tell(
                session,
                DUE_SOON,
                once=one.once,
                person_id=one.person_id,
                context_id=one.context_id,
                assignment_id=one.assignment_id,
                about={"due_at": one.due_at.isoformat()},
            )
