"""Reads of meetings. Each takes the assignment, and the pages' reads take who is asking."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from lti_tool.activities.placement_log.mentoring.entry import Entry, read_entry
from lti_tool.activities.placement_log.mentoring.mentorships import today
from lti_tool.activities.placement_log.mentoring.parties import MENTOR, Party, other_side
from lti_tool.activities.placement_log.models import Meeting
from lti_tool.core.errors import Conflict, NotFound
from lti_tool.coursework.models import HandedInCopy, Submission
from lti_tool.coursework.queries import AssignmentRead, get_assignment
from lti_tool.db.statements import AnyRow

ACTIVITY_KEY = "placement-log"
CONFIRMED, WAITING, WRONG = "confirmed", "waiting", "wrong"


def get_log(
    session: Session, assignment_id: int | None, context_ids: Sequence[int]
) -> AssignmentRead:
    """The assignment of a visit, which has to be a placement log.

    :raises Conflict: the link stands for another kind of activity.
    """
    assignment = get_assignment(session, assignment_id, context_ids)
    if assignment.activity != ACTIVITY_KEY:
        raise Conflict("This link opens another activity. Open it again from your course.")
    return assignment


class MeetingNotFound(NotFound):
    """There is no such meeting, or it is none of yours."""


@dataclass(frozen=True, slots=True)
class MeetingRead:
    """A meeting as it is kept."""

    id: int
    assignment_id: int
    person_id: int
    kind: str
    mentorship_id: int | None
    tutor_id: int | None
    entry: Entry
    written_by: str
    confirmed_at: datetime | None
    queried_at: datetime | None
    query: str
    revision: int
    updated_at: datetime

    @property
    def state(self) -> str:
        """confirmed, waiting (for the other side) or wrong (the other side said so)."""
        if self.confirmed_at is not None:
            return CONFIRMED
        return WRONG if self.queried_at is not None else WAITING

    @property
    def waits_for(self) -> str:
        """The side that confirms it."""
        return other_side(self.kind, self.written_by)

    @property
    def counts(self) -> bool:
        """Whether it counts towards what a programme asks for: confirmed by both, and held."""
        return self.confirmed_at is not None and self.entry.held_on <= today()


def _read(row: AnyRow) -> MeetingRead:
    kept: Meeting = row[0]
    return MeetingRead(
        id=kept.id,
        assignment_id=kept.assignment_id,
        person_id=kept.person_id,
        kind=kept.kind,
        mentorship_id=kept.mentorship_id,
        tutor_id=kept.tutor_id,
        entry=read_entry(kept.held_on, kept.minutes, kept.mode, kept.document),
        written_by=kept.written_by,
        confirmed_at=kept.confirmed_at,
        queried_at=kept.queried_at,
        query=kept.query,
        revision=kept.revision,
        updated_at=kept.updated_at,
    )


def _of(assignment_id: int) -> Select[Meeting]:
    return (
        select(Meeting)
        .where(Meeting.assignment_id == assignment_id, Meeting.removed_at.is_(None))
        .order_by(Meeting.held_on.desc(), Meeting.id.desc())
        .execution_options(populate_existing=True)
    )


def meetings_of(session: Session, assignment_id: int) -> dict[int, list[MeetingRead]]:
    """Every meeting of an assignment by person, each person's latest first, in one query."""
    found: dict[int, list[MeetingRead]] = {}
    for row in session.execute(_of(assignment_id)):
        meeting = _read(row)
        found.setdefault(meeting.person_id, []).append(meeting)
    return found


def list_meetings(session: Session, assignment_id: int, person_id: int) -> list[MeetingRead]:
    """A participant's meetings and tutorials, the latest first."""
    rows = session.execute(_of(assignment_id).where(Meeting.person_id == person_id))
    return [_read(row) for row in rows]


def list_for(session: Session, party: Party) -> list[MeetingRead]:
    """The meetings that somebody may read in full: a mentor only those of their mentorship."""
    found = list_meetings(session, party.assignment_id, party.person_id)
    return [one for one in found if _may_read(party, one)]


def _may_read(party: Party, meeting: MeetingRead) -> bool:
    return party.side != MENTOR or meeting.mentorship_id == party.mentorship_id


def get_meeting(session: Session, party: Party, meeting_id: int) -> MeetingRead:
    """One meeting.

    :raises MeetingNotFound: there is none, or this party may not read it.
    """
    row = session.execute(
        _of(party.assignment_id).where(
            Meeting.id == meeting_id, Meeting.person_id == party.person_id
        )
    ).first()
    meeting = None if row is None else _read(row)
    if meeting is None or not _may_read(party, meeting):
        raise MeetingNotFound("There is no such meeting here. It may have been removed.")
    return meeting


def handed_in_of(session: Session, assignment_id: int, person_ids: Sequence[int] = ()) -> set[int]:
    """Those whose log is handed in now.

    :param person_ids: whom to ask about; everybody where left out.
    """
    query = (
        select(Submission.person_id)
        .join(HandedInCopy, HandedInCopy.submission_id == Submission.id)
        .where(Submission.assignment_id == assignment_id, HandedInCopy.taken_back_at.is_(None))
    )
    if person_ids:
        query = query.where(Submission.person_id.in_(person_ids))
    return set(session.scalars(query))
