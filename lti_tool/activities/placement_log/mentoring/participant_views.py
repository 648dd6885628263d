"""A participant's page of meetings: with the mentor and with tutors."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lti_tool.activities.placement_log.mentoring import doors, mentorships
from lti_tool.activities.placement_log.mentoring.entry import MODES
from lti_tool.activities.placement_log.mentoring.meeting_pages import Desk, add_meeting_pages
from lti_tool.activities.placement_log.mentoring.parties import PARTICIPANT, Party
from lti_tool.activities.placement_log.mentoring.partners import name_partners
from lti_tool.activities.placement_log.mentoring.queries import get_log, handed_in_of, list_for
from lti_tool.activities.placement_log.mentoring.wording import load_mentor_words
from lti_tool.activities.placement_log.numbers import load_numbers
from lti_tool.activities.placement_log.pages import list_parts
from lti_tool.core.errors import NotFound
from lti_tool.db import session
from lti_tool.people import visits
from lti_tool.people.access import contexts_of
from lti_tool.web import notices
from lti_tool.web.policy import who_may
from lti_tool.web.trust import show_trust_line

TRUST = (
    "Who can see this: you, your tutor, moderators. Your mentor and your tutor read the meetings "
    "that you had with them."
)
notices.register(
    mentor_link_sent=("success", "A link is on its way to your mentor’s address."),
)


def _party() -> Party:
    visit = visits.current()
    assignment = get_log(session(), visit.assignment_id, contexts_of(visit))
    return Party(
        PARTICIPANT, assignment.id, assignment.context_id, visit.person_id, visit.person_id
    )


def open_desk(handle: str) -> Desk:
    """The participant's own meetings."""
    party = _party()
    show_trust_line(TRUST)
    mentor = mentorships.find_mentor(session(), party.person_id)
    known = list_for(session(), party)
    names = name_partners(session(), party.context_id, known, mentor)
    return Desk(
        party,
        "placement_log.meetings",
        url_for("placement_log.meetings", handle=handle),
        {"handle": handle},
        "you",
        partners=names.tutors,
        mentorship_id=mentor.id if mentor else None,
        names=names.by_key,
        parts=list_parts(handle),
    )


def meetings(handle: str) -> ResponseReturnValue:
    """Every meeting and tutorial, what counts, and what waits for whom."""
    desk = open_desk(handle)
    config_dir = visits.settings_of_app().config_dir
    found = list_for(session(), desk.party)
    return render_template(
        "mentoring/meetings.html",
        desk=desk,
        handle=handle,
        meetings=found,
        mentor=mentorships.find_mentor(session(), desk.party.person_id),
        words=load_mentor_words(config_dir),
        numbers=load_numbers(config_dir),
        is_handed_in=bool(
            handed_in_of(session(), desk.party.assignment_id, (desk.party.person_id,))
        ),
        modes=MODES,
    )


def send_mentor_link(handle: str) -> ResponseReturnValue:
    """Send the mentor their link again, to the address on file."""
    party = _party()
    mentor = mentorships.find_mentor(session(), party.person_id)
    if mentor is None:
        raise NotFound("You have no mentor here yet, so there is nobody to send a link to.")
    doors.send_link(
        session(), visits.settings_of_app(), mentor.id, party.assignment_id, party.actor_id
    )
    return redirect(url_for("placement_log.meetings", handle=handle, done="mentor-link-sent"), 303)


def add_to(blueprint: Blueprint) -> None:
    """Put these pages into the activity's blueprint."""
    blueprint.get("/meetings/")(who_may("participant")(meetings))
    blueprint.post("/meetings/mentor-link")(who_may("participant")(send_mentor_link))
    add_meeting_pages(blueprint, "meetings", "/meetings", "participant", open_desk)
