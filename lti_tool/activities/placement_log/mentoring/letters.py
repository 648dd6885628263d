"""Messages around mentoring: the link, what waits to be confirmed, questions and replies.

Declared for `mail`; texts stand in `config/words/messages.yaml`. No message holds anything that
was written in a meeting or a question. A mentor reads the name of their participant, whom they
know, because some mentor two.
"""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.activities.placement_log.mentoring import doors, mentorships
from lti_tool.activities.placement_log.mentoring.mentorships import MentorshipRead
from lti_tool.activities.placement_log.mentoring.parties import MENTOR, TUTOR, Party
from lti_tool.activities.placement_log.mentoring.queries import MeetingRead
from lti_tool.activities.placement_log.models import Meeting, MentorQuestion
from lti_tool.core import clock
from lti_tool.db.statements import AnyRow
from lti_tool.mail import kinds
from lti_tool.mail.outbox import tell
from lti_tool.people import guest_links
from lti_tool.people.models import GuestLink
from lti_tool.people.queries import list_tutors, names_of
from lti_tool.settings import Settings

CONFIRM = {
    "participant": "meeting_to_confirm",
    "mentor": "mentor_meeting",
    "tutor": "tutorial_to_confirm",
}
WRONG = {
    "participant": "meeting_wrong",
    "mentor": "mentor_meeting_wrong",
    "tutor": "tutorial_wrong",
}
ASKED, REPLIED = "mentor_question", "mentor_reply"


def ask_to_confirm(
    session: Session, settings: Settings, party: Party, meeting: MeetingRead
) -> None:
    """Tell the other side that a meeting waits for it."""
    _tell_side(session, settings, party, meeting, meeting.waits_for, CONFIRM)


def tell_of_query(session: Session, settings: Settings, party: Party, meeting: MeetingRead) -> None:
    """Tell the side that wrote a meeting that the other says something is wrong."""
    _tell_side(session, settings, party, meeting, meeting.written_by, WRONG)


def _tell_side(
    session: Session,
    settings: Settings,
    party: Party,
    meeting: MeetingRead,
    side: str,
    by_side: dict[str, str],
) -> None:
    about: dict[str, Any] = {"meeting": meeting.id, "revision": meeting.revision}
    to: dict[str, int | None] = {"person_id": meeting.person_id}
    if side == TUTOR:
        to = {"person_id": meeting.tutor_id}
    if side == MENTOR:
        mentor = mentorships.find_mentorship(session, meeting.mentorship_id)
        if mentor is None or not mentor.is_running:
            return
        to = {"guest_id": mentor.guest_id}
        about["link"] = doors.ensure_link(session, settings, party, mentor)
    tell(
        session,
        by_side[side],
        once=f"meeting:{meeting.id}:{meeting.revision}",
        context_id=party.context_id,
        assignment_id=party.assignment_id,
        about=about,
        **to,
    )


def tell_tutors(session: Session, party: Party, question_id: int) -> None:
    """Tell everyone who teaches the course that a mentor asked something."""
    for tutor in list_tutors(session, (party.context_id,)):
        tell(
            session,
            ASKED,
            once=f"question:{question_id}",
            person_id=tutor.person_id,
            context_id=party.context_id,
            assignment_id=party.assignment_id,
            about={"question": question_id},
        )


def tell_of_reply(
    session: Session, settings: Settings, party: Party, mentor: MentorshipRead, question_id: int
) -> None:
    """Tell a mentor that a reply is there; the reply itself is read on the page."""
    if mentor.is_running:
        link_id = doors.ensure_link(session, settings, party, mentor)
        tell(
            session,
            REPLIED,
            once=f"question:{question_id}",
            guest_id=mentor.guest_id,
            context_id=party.context_id,
            assignment_id=party.assignment_id,
            about={"question": question_id, "link": link_id},
        )


def values_of_link(session: Session, settings: Settings, row: AnyRow) -> dict[str, str] | None:
    """The participant's name and the link, for a mentor; None where it opens nothing."""
    door = doors.find_door(session, row.about.get("link", 0))
    if door is None or not door.is_open:
        return None
    link_id = doors.open_link_of(session, door.mentorship.id, door.assignment_id)
    expires_at = session.scalar(select(GuestLink.expires_at).where(GuestLink.id == link_id))
    if link_id is None or expires_at is None:
        return None
    person_id = door.mentorship.person_id
    return {
        "participant": names_of(session, (person_id,))[person_id],
        "link": guest_links.address_of(settings, link_id),
        "expires_at": clock.day(expires_at),
    }


def _day_of(session: Session, row: AnyRow, *, is_query: bool) -> dict[str, str] | None:
    """The day of a meeting, if it stands as it did when the message was promised."""
    kept = session.execute(
        select(Meeting.held_on, Meeting.queried_at, Meeting.confirmed_at).where(
            Meeting.id == row.about["meeting"],
            Meeting.removed_at.is_(None),
        )
    ).first()
    if kept is None or kept.confirmed_at is not None or is_query != (kept.queried_at is not None):
        return None
    return {"day": f"{kept.held_on.day} {kept.held_on:%B %Y}"}


def _of_confirm(session: Session, settings: Settings, row: AnyRow) -> dict[str, str] | None:
    return _day_of(session, row, is_query=False)


def _of_query(session: Session, settings: Settings, row: AnyRow) -> dict[str, str] | None:
    return _day_of(session, row, is_query=True)


def _both(day: dict[str, str] | None, link: dict[str, str] | None) -> dict[str, str] | None:
    return None if day is None or link is None else day | link


def _of_mentor_confirm(session: Session, settings: Settings, row: AnyRow) -> dict[str, str] | None:
    return _both(_of_confirm(session, settings, row), values_of_link(session, settings, row))


def _of_mentor_query(session: Session, settings: Settings, row: AnyRow) -> dict[str, str] | None:
    return _both(_of_query(session, settings, row), values_of_link(session, settings, row))


def _of_question(session: Session, settings: Settings, row: AnyRow) -> dict[str, str] | None:
    """Nothing to fill in; no message where somebody has replied by now."""
    still = select(MentorQuestion.id).where(
        MentorQuestion.id == row.about["question"], MentorQuestion.replied_at.is_(None)
    )
    return None if session.scalar(still) is None else {}


_LINKED = frozenset({"participant", "link", "expires_at"})


def declare() -> None:
    """Bring the kinds of messages of this folder."""
    day = frozenset({"day"})
    kinds.declare(doors.LINK_KIND, _LINKED, values_of_link)
    for side, kind in CONFIRM.items():
        is_mentor = side == MENTOR
        kinds.declare(
            kind,
            day | _LINKED if is_mentor else day,
            _of_mentor_confirm if is_mentor else _of_confirm,
        )
    for side, kind in WRONG.items():
        is_mentor = side == MENTOR
        kinds.declare(
            kind, day | _LINKED if is_mentor else day, _of_mentor_query if is_mentor else _of_query
        )
    kinds.declare(ASKED, frozenset(), _of_question)
    kinds.declare(REPLIED, _LINKED, values_of_link)
