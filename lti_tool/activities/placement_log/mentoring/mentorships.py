"""Reads of mentorships: who mentors whom, by which address, since when and how long.

Names and addresses come from the guests. The only module of this folder that reads the tables of
`programme`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.core import clock
from lti_tool.people.models import Guest
from lti_tool.programme.models import Mentorship, School

ROLES = {"leadership": "member of the leadership team", "senior_senco": "senior SENCO"}


@dataclass(frozen=True, slots=True)
class MentorshipRead:
    """A mentorship with its mentor's name and address."""

    id: int
    person_id: int
    guest_id: int
    name: str
    email: str
    role: str
    school: str
    started_on: date
    ended_on: date | None

    @property
    def is_running(self) -> bool:
        """Whether it has not ended."""
        return self.ended_on is None


def today() -> date:
    """The day it is in England."""
    return clock.in_london(clock.now()).date()


_READ = (
    select(
        Mentorship.id,
        Mentorship.person_id,
        Mentorship.guest_id,
        Guest.name,
        Guest.email,
        Mentorship.role,
        School.name,
        Mentorship.started_on,
        Mentorship.ended_on,
    )
    .join(Guest, Guest.id == Mentorship.guest_id)
    .join(School, School.id == Mentorship.school_id)
)


def mentors_of(session: Session, person_ids: Iterable[int]) -> dict[int, MentorshipRead]:
    """The mentor each of these participants has today, by person."""
    rows = session.execute(
        _READ.where(
            Mentorship.person_id.in_(set(person_ids)),
            Mentorship.ended_on.is_(None),
        ).order_by(Mentorship.id)
    )
    return {row.person_id: MentorshipRead(*row) for row in rows}


def find_mentor(session: Session, person_id: int) -> MentorshipRead | None:
    """The mentor a participant has today, or None."""
    return mentors_of(session, (person_id,)).get(person_id)


def find_mentorship(session: Session, mentorship_id: int | None) -> MentorshipRead | None:
    """One mentorship, running or ended, or None."""
    row = session.execute(_READ.where(Mentorship.id == mentorship_id)).first()
    return None if row is None else MentorshipRead(*row)


def list_by_address(session: Session, email: str) -> list[MentorshipRead]:
    """The running mentorships of whoever has this address, on any platform."""
    rows = session.execute(
        _READ.where(
            Guest.email == email.lower(),
            Mentorship.ended_on.is_(None),
        ).order_by(Mentorship.id)
    )
    return [MentorshipRead(*row) for row in rows]


def names_of_mentors(session: Session, mentorship_ids: Iterable[int | None]) -> dict[int, str]:
    """The mentors' names, by mentorship, of those who mentored before too."""
    rows = session.execute(
        select(Mentorship.id, Guest.name)
        .join(Guest, Guest.id == Mentorship.guest_id)
        .where(Mentorship.id.in_({one for one in mentorship_ids if one is not None}))
    )
    return {mentorship_id: name for mentorship_id, name in rows}
