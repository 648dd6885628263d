"""What the grid reads of a whole cohort: a fixed number of queries, and no texts."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.activities.placement_log.cohort.lines import Gathered, LeanMeeting, LeanVisit
from lti_tool.activities.placement_log.eligibility import missing_of
from lti_tool.activities.placement_log.entries import ABSENT
from lti_tool.activities.placement_log.models import (
    Attendance,
    Confirmation,
    CourseSession,
    Meeting,
    PartnerVisit,
)
from lti_tool.coursework.progress import list_standings_of
from lti_tool.db.statements import AnyRow
from lti_tool.marking.queries import list_released


def _asked(session: Session, assignment_id: int) -> dict[int, AnyRow]:
    """The latest asking of the host of each visit."""
    rows = session.execute(
        select(
            Confirmation.visit_id,
            Confirmation.expires_at,
            Confirmation.answered_at,
            Confirmation.closed_at,
            Confirmation.broken_at,
        )
        .join(PartnerVisit, PartnerVisit.id == Confirmation.visit_id)
        .where(PartnerVisit.assignment_id == assignment_id, PartnerVisit.removed_at.is_(None))
        .order_by(Confirmation.id)
    )
    return {row.visit_id: row for row in rows}


def _visits(session: Session, assignment_id: int) -> dict[int, list[LeanVisit]]:
    """Everybody's visits, with where the latest asking of each host stands."""
    asked = _asked(session, assignment_id)
    rows = session.execute(
        select(
            PartnerVisit.person_id,
            PartnerVisit.id,
            PartnerVisit.number,
            PartnerVisit.state,
            PartnerVisit.state_since,
            PartnerVisit.visit_on,
            PartnerVisit.half_days,
        )
        .where(PartnerVisit.assignment_id == assignment_id, PartnerVisit.removed_at.is_(None))
        .order_by(PartnerVisit.visit_on, PartnerVisit.number)
    )
    found: dict[int, list[LeanVisit]] = defaultdict(list)
    for row in rows:
        latest = asked.get(row.id)
        is_open = latest is not None and latest.answered_at is None and latest.closed_at is None
        found[row.person_id].append(
            LeanVisit(
                number=row.number,
                state=row.state,
                state_since=row.state_since,
                visit_on=row.visit_on,
                half_days=row.half_days,
                asked_until=latest.expires_at if latest is not None and is_open else None,
                was_asked=latest is not None,
                is_broken=latest is not None and latest.broken_at is not None,
            )
        )
    return found


def _meetings(session: Session, assignment_id: int) -> dict[int, list[LeanMeeting]]:
    rows = session.execute(
        select(Meeting.person_id, Meeting.kind, Meeting.held_on, Meeting.confirmed_at)
        .where(Meeting.assignment_id == assignment_id, Meeting.removed_at.is_(None))
        .order_by(Meeting.held_on)
    )
    found: dict[int, list[LeanMeeting]] = defaultdict(list)
    for person_id, kind, held_on, confirmed_at in rows:
        found[person_id].append(LeanMeeting(kind, held_on, confirmed_at is not None))
    return found


def _attendance(
    session: Session, assignment_id: int
) -> tuple[dict[int, dict[str, int]], dict[int, list[str]]]:
    """How many sessions each attended by kind, and which each missed."""
    rows = session.execute(
        select(Attendance.person_id, Attendance.state, CourseSession.kind, CourseSession.title)
        .join(CourseSession, CourseSession.id == Attendance.session_id)
        .where(CourseSession.assignment_id == assignment_id, CourseSession.removed_at.is_(None))
        .order_by(CourseSession.held_on, CourseSession.id)
    )
    attended: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    missed: dict[int, list[str]] = defaultdict(list)
    for person_id, state, kind, title in rows:
        if state == ABSENT:
            missed[person_id].append(title)
        else:
            attended[person_id][kind] += 1
    return attended, missed


def gather(
    session: Session,
    assignment_id: int,
    context_ids: Sequence[int],
    person_ids: Iterable[int],
    config_dir: Path,
    today: date,
) -> dict[int, Gathered]:
    """All that the grid needs to know of these people."""
    people = list(person_ids)
    visits, meetings = _visits(session, assignment_id), _meetings(session, assignment_id)
    attended, missed = _attendance(session, assignment_id)
    missing = missing_of(session, config_dir, people, today)
    standings = list_standings_of(session, context_ids, people)
    own = {one: standings.get((assignment_id, one)) for one in people}
    released = set(list_released(session, {one.submission_id for one in own.values() if one}))
    found = {}
    for person in people:
        standing = own[person]
        found[person] = Gathered(
            visits=tuple(visits.get(person, ())),
            meetings=tuple(meetings.get(person, ())),
            attended=dict(attended.get(person, {})),
            missed=tuple(missed.get(person, ())),
            missing=tuple(missing.get(person, ())),
            handed_in_at=standing.handed_in_at if standing else None,
            candidate_code=(standing.candidate_code or "") if standing else "",
            is_released=standing is not None and standing.submission_id in released,
        )
    return found
