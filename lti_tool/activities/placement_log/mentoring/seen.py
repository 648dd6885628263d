"""What a mentor sees of a participant's log, and nothing else: visits by day and school with what
was shared, and what is still missing.

The reads name exactly what may be shown. Reflections, private observations, comments of tutors
and hosts, marks and other mentors' meetings are never asked for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool.activities.placement_log import states
from lti_tool.activities.placement_log.mentoring.mentorships import today
from lti_tool.activities.placement_log.mentoring.parties import WITH_MENTOR, Party
from lti_tool.activities.placement_log.mentoring.queries import list_meetings
from lti_tool.activities.placement_log.models import Attendance, CourseSession, PartnerVisit
from lti_tool.activities.placement_log.numbers import load_numbers
from lti_tool.activities.placement_log.visit_document import current
from lti_tool.programme.models import School

HELD = (states.DONE, states.CONFIRMED, states.ACCEPTED)
"""The states of a visit that was made; what is shared of it is shown from then on."""
_ATTENDED = ("present", "made_up")


@dataclass(frozen=True, slots=True)
class SeenVisit:
    """A partner-school visit as a mentor sees it."""

    number: int
    visit_on: date | None
    school: str
    half_days: int
    state: str
    focus: str
    shared: str
    """Empty until the visit was made."""


def list_visits(session: Session, party: Party) -> list[SeenVisit]:
    """A participant's visits, the earliest first."""
    rows = session.execute(
        select(
            PartnerVisit.number,
            PartnerVisit.visit_on,
            School.name,
            PartnerVisit.half_days,
            PartnerVisit.state,
            PartnerVisit.document,
        )
        .outerjoin(School, School.id == PartnerVisit.school_id)
        .where(
            PartnerVisit.assignment_id == party.assignment_id,
            PartnerVisit.person_id == party.person_id,
            PartnerVisit.removed_at.is_(None),
        )
        .order_by(PartnerVisit.visit_on, PartnerVisit.number)
    )
    seen = []
    for number, visit_on, school, half_days, state, document in rows:
        kept = current(document)
        shared = kept["shared"] if state in HELD else ""
        seen.append(
            SeenVisit(number, visit_on, school or "", half_days, state, kept["focus"], shared)
        )
    return seen


def list_missing(
    session: Session, config_dir: Path, party: Party, visits: Sequence[SeenVisit]
) -> list[str]:
    """What the log still needs, in sentences; empty where nothing is missing."""
    numbers = load_numbers(config_dir)
    held = sum(one.half_days for one in visits if one.state in HELD)
    met = sum(
        1
        for one in list_meetings(session, party.assignment_id, party.person_id)
        if one.kind == WITH_MENTOR and one.counts
    )
    sessions = _count_sessions(session, party)
    missing = []
    if met < numbers.mentor_meetings:
        missing.append(
            f"Meetings with a mentor: {met} of {numbers.mentor_meetings} held and confirmed."
        )
    if held < numbers.least_half_days:
        missing.append(
            f"Visits to partner schools: {days_in_words(held)} made, at least "
            f"{days_in_words(numbers.least_half_days)} asked for."
        )
    if sessions < numbers.online_sessions:
        missing.append(f"Online sessions: {sessions} of {numbers.online_sessions} attended.")
    return missing


def _count_sessions(session: Session, party: Party) -> int:
    attended = select(func.count(Attendance.id)).join(
        CourseSession, CourseSession.id == Attendance.session_id
    )
    return (
        session.scalar(
            attended.where(
                CourseSession.assignment_id == party.assignment_id,
                CourseSession.kind == "online",
                CourseSession.removed_at.is_(None),
                CourseSession.held_on <= today(),
                Attendance.person_id == party.person_id,
                Attendance.state.in_(_ATTENDED),
            )
        )
        or 0
    )


def days_in_words(half_days: int) -> str:
    """A length as people say it: "half a day", "1 day", "2½ days"."""
    whole, half = divmod(half_days, 2)
    if not whole:
        return "half a day" if half else "none"
    return f"{whole}{'½' if half else ''} day{'s' if half_days > 2 else ''}"
