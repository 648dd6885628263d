"""Setting up sessions and taking attendance. Tutors of the course may; every act is audited.

Taking attendance counts the session's revision up, so that two tutors who take it at one time
never overwrite each other unseen.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import update
from sqlalchemy.orm import Session

from lti_tool.activities.placement_log.attending.queries import SessionRead, marks_of
from lti_tool.activities.placement_log.entries import MARKS
from lti_tool.activities.placement_log.models import Attendance, CourseSession
from lti_tool.audit.operations import record
from lti_tool.core import clock
from lti_tool.core.errors import Conflict
from lti_tool.coursework.queries import AssignmentRead
from lti_tool.db.statements import count_changed, insert_if_missing


class TakenElsewhere(Conflict):
    """Somebody else changed the session or its attendance in between."""


@dataclass(frozen=True, slots=True)
class Details:
    """What is known of a session before it is held."""

    kind: str
    title: str
    held_on: date
    starts_at: str = ""
    venue: str = ""

    def for_audit(self) -> dict[str, str]:
        """As an audit entry keeps it."""
        return {"kind": self.kind, "held_on": self.held_on.isoformat()}


def set_up(session: Session, assignment: AssignmentRead, given: Details, *, actor_id: int) -> int:
    """Set up a session or a face-to-face day; its row number."""
    made = CourseSession(
        assignment_id=assignment.id,
        kind=given.kind,
        title=given.title,
        held_on=given.held_on,
        starts_at=given.starts_at,
        venue=given.venue,
        revision=1,
        created_at=clock.now(),
    )
    session.add(made)
    session.flush()
    _record(session, "session set up", made.id, assignment, actor_id, given.for_audit())
    return made.id


def _record(
    session: Session,
    act: str,
    session_id: int,
    assignment: AssignmentRead,
    actor_id: int,
    became: Mapping[str, object],
) -> None:
    record(
        session,
        act,
        ("course_session", session_id),
        actor_id=actor_id,
        context_id=assignment.context_id,
        became=dict(became),
    )


def _count_up(session: Session, held: SessionRead, revision: int, **values: object) -> None:
    """Change the row if nobody did since it was read.

    :raises TakenElsewhere: somebody did; nothing is changed.
    """
    changed = count_changed(
        session,
        update(CourseSession)
        .where(
            CourseSession.id == held.id,
            CourseSession.revision == revision,
            CourseSession.removed_at.is_(None),
        )
        .values(revision=revision + 1, **values),
    )
    if not changed:
        raise TakenElsewhere(
            "A colleague changed this in between. What they kept stands beside what you chose: "
            "look at it, then save again."
        )


def change_details(
    session: Session,
    assignment: AssignmentRead,
    held: SessionRead,
    given: Details,
    *,
    revision: int,
    actor_id: int,
) -> None:
    """Change what a session is called, when and where it is.

    :raises TakenElsewhere: somebody changed it since the page was opened.
    """
    _count_up(
        session,
        held,
        revision,
        kind=given.kind,
        title=given.title,
        held_on=given.held_on,
        starts_at=given.starts_at,
        venue=given.venue,
    )
    _record(session, "session changed", held.id, assignment, actor_id, given.for_audit())


def remove(
    session: Session,
    assignment: AssignmentRead,
    held: SessionRead,
    *,
    revision: int,
    actor_id: int,
) -> None:
    """Take a session away. Attendance that was taken stays kept and counts no more.

    :raises TakenElsewhere: somebody changed it since the page was opened.
    """
    _count_up(session, held, revision, removed_at=clock.now())
    _record(session, "session removed", held.id, assignment, actor_id, {})


def take_attendance(
    session: Session,
    assignment: AssignmentRead,
    held: SessionRead,
    marks: Mapping[int, str],
    *,
    revision: int,
    actor_id: int,
) -> int:
    """Keep who was there; people who are not in `marks` stay as they are.

    :param marks: present, absent or made_up, by person of the course.
    :return: how many were changed.
    :raises TakenElsewhere: attendance was taken since the page was opened.
    """
    before, now = marks_of(session, held.id), clock.now()
    changed = {
        person_id: mark
        for person_id, mark in marks.items()
        if mark in MARKS and before.get(person_id) != mark
    }
    _count_up(session, held, revision, taken_at=now)
    for person_id, mark in sorted(changed.items()):
        values = {"state": mark, "taken_by_id": actor_id, "taken_at": now}
        key = {"session_id": held.id, "person_id": person_id}
        if insert_if_missing(session, Attendance, list(key), {**key, **values}) is None:
            session.execute(
                update(Attendance)
                .where(Attendance.session_id == held.id, Attendance.person_id == person_id)
                .values(**values)
            )
    _record(
        session,
        "attendance taken",
        held.id,
        assignment,
        actor_id,
        {"changed": [[one, before.get(one, ""), mark] for one, mark in sorted(changed.items())]},
    )
    return len(changed)
