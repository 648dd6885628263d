"""The mentor's door: links that open one participant's log to their mentor.

A fresh link always goes to the address on file, whoever asks for it. Earlier links work until a
newer one is used, so that nobody is locked out by somebody else's asking. A mentorship that has
ended opens nothing.
"""

import calendar
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool.activities.placement_log.mentoring import mentorships
from lti_tool.activities.placement_log.mentoring.mentorships import MentorshipRead
from lti_tool.activities.placement_log.mentoring.parties import MENTOR, Party
from lti_tool.activities.placement_log.models import MentorDoor
from lti_tool.activities.placement_log.numbers import load_numbers
from lti_tool.core import clock
from lti_tool.core.errors import Conflict
from lti_tool.coursework.models import Assignment
from lti_tool.mail.outbox import tell
from lti_tool.people import guest_links
from lti_tool.people.models import Guest, GuestLink, Membership
from lti_tool.people.queries import is_participant
from lti_tool.programme.numbers import load_programme_numbers
from lti_tool.settings import Settings

PURPOSE = "mentor"
SUBJECT = "mentorship"
LINK_KIND = "mentor_link"


class DoorClosed(Conflict):
    """The mentorship has ended, or the participant is no longer in the course."""


class SentOften(Conflict):
    """The link was sent as often as it may be in a day."""


@dataclass(frozen=True, slots=True)
class Door:
    """What a mentor's link opens."""

    mentorship: MentorshipRead
    assignment_id: int
    context_id: int
    is_open: bool
    """Whether the mentorship runs and the participant still takes part."""

    @property
    def party(self) -> Party:
        """The mentor's side of this participant's meetings."""
        return Party(
            MENTOR,
            self.assignment_id,
            self.context_id,
            self.mentorship.person_id,
            guest_id=self.mentorship.guest_id,
            mentorship_id=self.mentorship.id,
        )


def find_door(session: Session, link_id: int) -> Door | None:
    """What a mentor's link opens, or would if it were open; None where it is no mentor's."""
    row = session.execute(
        select(
            MentorDoor.mentorship_id,
            MentorDoor.assignment_id,
            Assignment.context_id,
            Assignment.closed_at,
        )
        .join(Assignment, Assignment.id == MentorDoor.assignment_id)
        .where(MentorDoor.guest_link_id == link_id)
    ).first()
    mentorship = mentorships.find_mentorship(session, row.mentorship_id) if row else None
    if row is None or mentorship is None:
        return None
    takes_part = session.scalar(
        select(Membership.id).where(
            Membership.context_id == row.context_id,
            Membership.person_id == mentorship.person_id,
            is_participant(),
        )
    )
    is_open = mentorship.is_running and takes_part is not None and row.closed_at is None
    return Door(mentorship, row.assignment_id, row.context_id, is_open)


def get_door(session: Session, link_id: int) -> Door:
    """What a mentor's link opens.

    :raises DoorClosed: nothing any more.
    """
    door = find_door(session, link_id)
    if door is None or not door.is_open:
        raise DoorClosed("This door has closed, because you no longer mentor here.")
    return door


def months_later(at: datetime, months: int) -> datetime:
    """The same day of a later month, or its last one where it is shorter."""
    years, month = divmod(at.month - 1 + months, 12)
    year, month = at.year + years, month + 1
    return at.replace(year=year, month=month, day=min(at.day, calendar.monthrange(year, month)[1]))


def _make_link(
    session: Session,
    settings: Settings,
    mentorship: MentorshipRead,
    assignment_id: int,
    context_id: int,
    actor_id: int | None,
) -> int:
    months = load_programme_numbers(settings.config_dir).mentor_link_months
    now = clock.now()
    link_id = guest_links.give_link(
        session,
        settings,
        mentorship.guest_id,
        purpose=PURPOSE,
        subject=(SUBJECT, mentorship.id),
        expires_at=months_later(now, months),
        actor_id=actor_id,
        context_id=context_id,
    )
    session.add(
        MentorDoor(
            guest_link_id=link_id,
            mentorship_id=mentorship.id,
            assignment_id=assignment_id,
            made_at=now,
        )
    )
    session.flush()
    return link_id


def send_link(
    session: Session,
    settings: Settings,
    mentorship_id: int,
    assignment_id: int,
    actor_id: int | None,
) -> int:
    """Give a mentor a link to one log, and promise it to the address on file.

    :param actor_id: who asked for it; None where the mentor did.
    :return: the link's number.
    :raises DoorClosed: the mentorship has ended.
    :raises SentOften: it was sent as often as it may be in a day.
    """
    mentorship = mentorships.find_mentorship(session, mentorship_id)
    if mentorship is None or not mentorship.is_running:
        raise DoorClosed("This mentorship has ended, so no link is sent.")
    _require_seldom(session, settings, mentorship)
    context_id = session.scalars(
        select(Assignment.context_id).where(Assignment.id == assignment_id)
    ).one()
    link_id = _make_link(session, settings, mentorship, assignment_id, context_id, actor_id)
    tell(
        session,
        LINK_KIND,
        once=f"link:{link_id}",
        guest_id=mentorship.guest_id,
        context_id=context_id,
        assignment_id=assignment_id,
        about={"link": link_id},
    )
    return link_id


def _require_seldom(session: Session, settings: Settings, mentorship: MentorshipRead) -> None:
    """At most so many links of a mentorship in 24 hours; two who ask at once wait for each other.

    :raises SentOften: it was that often.
    """
    most = load_numbers(settings.config_dir).most_sends_a_day
    session.execute(select(Guest.id).where(Guest.id == mentorship.guest_id).with_for_update())
    sent = session.scalar(
        select(func.count(MentorDoor.id)).where(
            MentorDoor.mentorship_id == mentorship.id,
            MentorDoor.made_at > clock.now() - timedelta(days=1),
        )
    )
    if (sent or 0) >= most:
        raise SentOften(
            f"This link was sent {most} times in the last 24 hours. Look in the mailbox, also "
            "among unwanted mail, or try again tomorrow."
        )


def open_link_of(session: Session, mentorship_id: int, assignment_id: int) -> int | None:
    """The newest link of a mentorship to a log that still opens it, or None."""
    return session.scalar(
        select(func.max(GuestLink.id))
        .join(MentorDoor, MentorDoor.guest_link_id == GuestLink.id)
        .where(
            MentorDoor.mentorship_id == mentorship_id,
            MentorDoor.assignment_id == assignment_id,
            GuestLink.revoked_at.is_(None),
            GuestLink.expires_at > clock.now(),
        )
    )


def ensure_link(session: Session, settings: Settings, party: Party, mentor: MentorshipRead) -> int:
    """A link for a message to a mentor: the one that is open, or a new one."""
    known = open_link_of(session, mentor.id, party.assignment_id)
    if known is not None:
        return known
    return _make_link(
        session, settings, mentor, party.assignment_id, party.context_id, party.actor_id
    )
