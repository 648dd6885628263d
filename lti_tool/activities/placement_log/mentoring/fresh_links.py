"""Who gets a link without being handed one: a mentor who was just named, one with an old link, one
who typed an address. And what ends when a link is used.
"""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool.activities.placement_log.mentoring import mentorships
from lti_tool.activities.placement_log.mentoring.doors import (
    Door,
    SentOften,
    find_door,
    send_link,
)
from lti_tool.activities.placement_log.mentoring.mentorships import MentorshipRead
from lti_tool.activities.placement_log.mentoring.queries import ACTIVITY_KEY
from lti_tool.activities.placement_log.models import MentorDoor
from lti_tool.coursework.models import Assignment
from lti_tool.db.statements import AnyRow
from lti_tool.people import guest_links
from lti_tool.people.models import GuestLink, Membership
from lti_tool.people.queries import is_participant
from lti_tool.programme.models import Mentorship
from lti_tool.settings import Settings


def welcome(
    session: Session,
    settings: Settings,
    mentorship_id: int,
    assignment_id: int | None,
    actor_id: int | None,
) -> None:
    """Somebody was named as a mentor: send them a link to the participant's log.

    :param assignment_id: where they were named from. Where that is no log of the participant's,
        they get a link to each that is open.
    """
    logs = session.scalars(
        select(Assignment.id)
        .join(Membership, Membership.context_id == Assignment.context_id)
        .join(Mentorship, Mentorship.person_id == Membership.person_id)
        .where(
            Mentorship.id == mentorship_id,
            Assignment.activity == ACTIVITY_KEY,
            Assignment.closed_at.is_(None),
            is_participant(),
        )
        .order_by(Assignment.id)
    ).all()
    for one in [one for one in logs if one == assignment_id] or logs:
        send_link(session, settings, mentorship_id, one, actor_id)


def send_again(session: Session, settings: Settings, door: Door) -> bool:
    """A fresh link for a mentor who has an old one.

    :return: whether it is promised; False where it was sent often enough today, or the
        mentorship has ended.
    """
    if not door.is_open:
        return False
    try:
        send_link(session, settings, door.mentorship.id, door.assignment_id, None)
    except SentOften:
        return False
    return True


def send_to_address(session: Session, settings: Settings, email: str) -> int:
    """Fresh links for whoever has this address, to each log that their links opened before.

    :return: how many are promised, which nobody who asks may be told.
    """
    return sum(
        send_again(session, settings, door)
        for mentorship in mentorships.list_by_address(session, email)
        for door in _doors_of(session, mentorship)
    )


def _doors_of(session: Session, mentorship: MentorshipRead) -> list[Door]:
    """The newest door of a mentorship to each log."""
    links = session.scalars(
        select(func.max(MentorDoor.guest_link_id))
        .where(MentorDoor.mentorship_id == mentorship.id)
        .group_by(MentorDoor.assignment_id)
        .order_by(MentorDoor.assignment_id)
    )
    return [door for link in links.all() if (door := find_door(session, link)) is not None]


def end_older(session: Session, link: AnyRow) -> None:
    """A link was used: earlier ones of the same mentorship to the same log end with it."""
    used = select(MentorDoor.assignment_id).where(MentorDoor.guest_link_id == link.id)
    older = session.scalars(
        select(GuestLink.id)
        .join(MentorDoor, MentorDoor.guest_link_id == GuestLink.id)
        .where(
            MentorDoor.mentorship_id == link.subject_id,
            MentorDoor.assignment_id == used.scalar_subquery(),
            GuestLink.id < link.id,
            GuestLink.revoked_at.is_(None),
        )
        .order_by(GuestLink.id)
    )
    for link_id in older.all():
        guest_links.revoke(session, link_id, actor_id=None, context_id=None)
