"""The tutors' view of a cohort's mentoring: who has a mentor, whether the link was opened, which
meetings count and which wait. A fixed number of queries, however many participants."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool.activities.placement_log.mentoring import mentorships, queries
from lti_tool.activities.placement_log.mentoring.mentorships import MentorshipRead
from lti_tool.activities.placement_log.mentoring.parties import WITH_MENTOR
from lti_tool.activities.placement_log.mentoring.queries import MeetingRead
from lti_tool.activities.placement_log.models import MentorDoor
from lti_tool.core import clock
from lti_tool.core.errors import NotFound
from lti_tool.people.models import GuestLink, GuestVisit, Membership
from lti_tool.people.queries import is_participant, list_participants, names_of

AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class LinkState:
    """Where a mentor's link to a log stands."""

    expires_at: datetime | None
    """Of the newest that is open; None where none is."""
    last_opened_at: datetime | None
    """When any of them was last opened."""


@dataclass(frozen=True, slots=True)
class Row:
    """One participant."""

    membership_id: int
    person_id: int
    name: str
    mentor: MentorshipRead | None
    link: LinkState | None
    meetings: tuple[MeetingRead, ...]

    def counted(self, kind: str) -> int:
        """How many meetings of a kind count."""
        return sum(one.counts for one in self.meetings if one.kind == kind)

    @property
    def waiting(self) -> int:
        """How many wait for somebody to confirm them, or for something wrong to be put right."""
        return sum(one.confirmed_at is None for one in self.meetings)

    @property
    def last_on(self) -> date | None:
        """The day of the last meeting with a mentor that was written down."""
        return next((one.entry.held_on for one in self.meetings if one.kind == WITH_MENTOR), None)


def links_of(
    session: Session, assignment_id: int, mentorship_ids: Sequence[int]
) -> dict[int, LinkState]:
    """Where the links of mentors to an assignment stand, by mentorship."""
    is_open = GuestLink.revoked_at.is_(None) & (GuestLink.expires_at > clock.now())
    opened = (
        select(GuestVisit.guest_link_id, func.max(GuestVisit.started_at).label("last_at"))
        .group_by(GuestVisit.guest_link_id)
        .subquery()
    )
    rows = session.execute(
        select(
            MentorDoor.mentorship_id,
            func.max(GuestLink.expires_at).filter(is_open),
            func.max(opened.c.last_at),
        )
        .join(GuestLink, GuestLink.id == MentorDoor.guest_link_id)
        .outerjoin(opened, opened.c.guest_link_id == GuestLink.id)
        .where(
            MentorDoor.assignment_id == assignment_id,
            MentorDoor.mentorship_id.in_(mentorship_ids),
        )
        .group_by(MentorDoor.mentorship_id)
    )
    return {row[0]: LinkState(row[1], row[2]) for row in rows}


def list_cohort(
    session: Session, assignment_id: int, context_ids: Sequence[int], *, start: int
) -> list[Row]:
    """A page of participants, by family name.

    :return: one more than fits, where there are further ones.
    """
    listed = list_participants(session, context_ids, start=start, limit=AT_ONCE + 1)
    mentors = mentorships.mentors_of(session, (one.person_id for one in listed))
    links = links_of(session, assignment_id, [one.id for one in mentors.values()])
    meetings = queries.meetings_of(session, assignment_id)
    return [
        Row(
            one.membership_id,
            one.person_id,
            one.name,
            mentor := mentors.get(one.person_id),
            links.get(mentor.id) if mentor else None,
            tuple(meetings.get(one.person_id, ())),
        )
        for one in listed
    ]


def get_participant(
    session: Session, assignment_id: int, context_ids: Sequence[int], membership_id: int
) -> Row:
    """One participant.

    :raises NotFound: nobody with this membership takes part here.
    """
    person_id = session.scalar(
        select(Membership.person_id).where(
            Membership.id == membership_id,
            Membership.context_id.in_(context_ids),
            is_participant(),
        )
    )
    if person_id is None:
        raise NotFound("There is no such participant in this course.")
    mentor = mentorships.find_mentor(session, person_id)
    links = links_of(session, assignment_id, [mentor.id] if mentor else [])
    return Row(
        membership_id,
        person_id,
        names_of(session, (person_id,))[person_id],
        mentor,
        links.get(mentor.id) if mentor else None,
        tuple(queries.list_meetings(session, assignment_id, person_id)),
    )
