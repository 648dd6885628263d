"""Reads of sessions and attendance, for tutors. A participant's own are in `reading.py`."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from lti_tool.activities.placement_log.models import Attendance, CourseSession
from lti_tool.core.errors import NotFound


class SessionNotFound(NotFound):
    """There is no such session of this work, or it was removed."""


@dataclass(frozen=True, slots=True)
class SessionRead:
    """An online session or a face-to-face day."""

    id: int
    kind: str
    title: str
    held_on: date
    starts_at: str
    venue: str
    revision: int
    taken_at: datetime | None


_SESSION: Select[*tuple[Any, ...]] = select(
    CourseSession.id,
    CourseSession.kind,
    CourseSession.title,
    CourseSession.held_on,
    CourseSession.starts_at,
    CourseSession.venue,
    CourseSession.revision,
    CourseSession.taken_at,
).where(CourseSession.removed_at.is_(None))


def list_sessions(session: Session, assignment_id: int) -> list[SessionRead]:
    """What was set up for a log, by day."""
    rows = session.execute(
        _SESSION.where(CourseSession.assignment_id == assignment_id).order_by(
            CourseSession.held_on, CourseSession.starts_at, CourseSession.id
        )
    )
    return [SessionRead(*tuple(row)) for row in rows]


def get_session(session: Session, assignment_id: int, session_id: int) -> SessionRead:
    """One of them.

    :raises SessionNotFound: there is none with this number for this work.
    """
    row = session.execute(
        _SESSION.where(CourseSession.id == session_id, CourseSession.assignment_id == assignment_id)
    ).first()
    if row is None:
        raise SessionNotFound("There is no such session here. It may have been removed.")
    return SessionRead(*tuple(row))


def marks_of(session: Session, session_id: int) -> dict[int, str]:
    """What attendance is kept of a session, by person."""
    rows = session.execute(
        select(Attendance.person_id, Attendance.state).where(Attendance.session_id == session_id)
    )
    return {person_id: state for person_id, state in rows}


def count_marks(session: Session, assignment_id: int) -> dict[int, dict[str, int]]:
    """How many were present, absent, or made it up, by session."""
    rows = session.execute(
        select(Attendance.session_id, Attendance.state, func.count())
        .join(CourseSession, CourseSession.id == Attendance.session_id)
        .where(CourseSession.assignment_id == assignment_id, CourseSession.removed_at.is_(None))
        .group_by(Attendance.session_id, Attendance.state)
    )
    found: dict[int, dict[str, int]] = {}
    for session_id, state, count in rows:
        found.setdefault(session_id, {})[state] = count
    return found
