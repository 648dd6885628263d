"""The tutors' pages: what mentors ask, and every participant's mentor, meetings and tutorials."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.activities.placement_log.mentoring import cohort, doors, questions
from lti_tool.activities.placement_log.mentoring.cohort import Row
from lti_tool.activities.placement_log.mentoring.entry import MODES
from lti_tool.activities.placement_log.mentoring.forms import ReplyForm
from lti_tool.activities.placement_log.mentoring.meeting_pages import Desk, add_meeting_pages
from lti_tool.activities.placement_log.mentoring.mentorships import ROLES, names_of_mentors
from lti_tool.activities.placement_log.mentoring.parties import TUTOR, Party
from lti_tool.activities.placement_log.mentoring.partners import name_partners
from lti_tool.activities.placement_log.mentoring.queries import get_log
from lti_tool.activities.placement_log.numbers import load_numbers
from lti_tool.catalogue.contract import Place
from lti_tool.core.errors import NotFound
from lti_tool.coursework.queries import AssignmentRead
from lti_tool.db import session
from lti_tool.people import visits
from lti_tool.people.access import contexts_of
from lti_tool.people.queries import names_of
from lti_tool.privacy.holding import hold_names, said_no_child
from lti_tool.privacy.posted import Doubt
from lti_tool.web import notices
from lti_tool.web.policy import who_may

PLACE = Place("Mentoring", "placement_log.mentoring")
"""For the list of tutors' pages of the activity."""
_LATEST = 20
notices.register(
    mentor_reply_kept=("success", "Your reply is kept, and the mentor is told that it is there."),
    link_to_mentor_sent=("success", "A link is on its way to the mentor’s address."),
)


def _assignment() -> AssignmentRead:
    visit = visits.current()
    return get_log(session(), visit.assignment_id, contexts_of(visit))


def _row(membership_id: int) -> Row:
    visit = visits.current()
    return cohort.get_participant(session(), _assignment().id, contexts_of(visit), membership_id)


def open_desk(handle: str, membership_id: int) -> Desk:
    """A tutor's side of one participant's meetings.

    :raises NotFound: nobody with this membership takes part here.
    """
    return _desk_of(handle, _row(membership_id))


def _desk_of(handle: str, row: Row) -> Desk:
    visit, assignment = visits.current(), _assignment()
    args: dict[str, Any] = {"handle": handle, "membership_id": row.membership_id}
    names = name_partners(session(), assignment.context_id, row.meetings, row.mentor)
    return Desk(
        Party(TUTOR, assignment.id, assignment.context_id, row.person_id, visit.person_id),
        "placement_log.tutorials",
        url_for("placement_log.mentoring_of", **args),
        args,
        row.name,
        tutor_id=visit.person_id,
        names=names.by_key,
    )


def _page(
    handle: str,
    *,
    forms: dict[int, ReplyForm] | None = None,
    doubts: list[Doubt] | None = None,
    sentence: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    visit, assignment = visits.current(), _assignment()
    raw = request.args.get("start", "")
    start = int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 7 else 0
    rows = cohort.list_cohort(session(), assignment.id, contexts_of(visit), start=start)
    waiting = questions.list_questions(session(), assignment.id, is_open=True)
    answered = questions.list_questions(session(), assignment.id, is_open=False, limit=_LATEST)
    asked = [*waiting, *answered]
    people = {one.person_id for one in asked} | {one.replied_by_id or 0 for one in asked}
    given = forms or {}
    return render_template(
        "mentoring/cohort.html",
        handle=handle,
        rows=rows[: cohort.AT_ONCE],
        start=start,
        step=cohort.AT_ONCE,
        has_more=len(rows) > cohort.AT_ONCE,
        waiting=waiting,
        answered=answered,
        people=names_of(session(), people),
        mentors=names_of_mentors(session(), (one.mentorship_id for one in asked)),
        forms={one.id: given.get(one.id) or ReplyForm(prefix=f"q{one.id}-") for one in waiting},
        numbers=load_numbers(visits.settings_of_app().config_dir),
        doubts=doubts or [],
        sentence=sentence,
        has_errors=bool(sentence or any(form.errors for form in given.values())),
    ), status


def mentoring(handle: str) -> ResponseReturnValue:
    """Mentors' questions, and where every participant's mentoring stands."""
    return _page(handle)


def reply(handle: str, question_id: int) -> ResponseReturnValue:
    """Answer a mentor's question."""
    assignment, form = _assignment(), ReplyForm(request.form, prefix=f"q{question_id}-")
    good = form.validate()
    settings = visits.settings_of_app()
    doubts = hold_names(form, ("reply",), settings.config_dir, said_no_child())
    if not good or doubts:
        return _page(handle, forms={question_id: form}, doubts=doubts, status=422)
    try:
        questions.reply(
            session(),
            settings,
            assignment_id=assignment.id,
            context_id=assignment.context_id,
            question_id=question_id,
            text=form.reply.data,
            actor_id=visits.current().person_id,
        )
    except questions.RepliedElsewhere as error:
        typed = f"{error.sentence} You had typed: {form.reply.data}"
        return _page(handle, sentence=typed, status=409)
    return redirect(
        url_for("placement_log.mentoring", handle=handle, done="mentor-reply-kept"), 303
    )


def mentoring_of(handle: str, membership_id: int) -> ResponseReturnValue:
    """One participant's mentor, meetings and tutorials."""
    row = _row(membership_id)
    return render_template(
        "mentoring/one.html",
        handle=handle,
        row=row,
        desk=_desk_of(handle, row),
        modes=MODES,
        roles=ROLES,
        numbers=load_numbers(visits.settings_of_app().config_dir),
    )


def send_link(handle: str, membership_id: int) -> ResponseReturnValue:
    """Send the mentor their link again, to the address on file."""
    row, assignment = _row(membership_id), _assignment()
    if row.mentor is None:
        raise NotFound("This participant has no mentor here yet.")
    doors.send_link(
        session(),
        visits.settings_of_app(),
        row.mentor.id,
        assignment.id,
        visits.current().person_id,
    )
    address = url_for(
        "placement_log.mentoring_of",
        handle=handle,
        membership_id=membership_id,
        done="link-to-mentor-sent",
    )
    return redirect(address, 303)


def add_to(blueprint: Blueprint) -> None:
    """Put these pages into the activity's blueprint."""
    person = "/mentoring/<int:membership_id>"
    blueprint.get("/mentoring/")(who_may("tutor")(mentoring))
    blueprint.post("/mentoring/questions/<int:question_id>")(who_may("tutor")(reply))
    blueprint.get(f"{person}/")(who_may("tutor")(mentoring_of))
    blueprint.post(f"{person}/link")(who_may("tutor")(send_link))
    add_meeting_pages(blueprint, "tutorials", f"{person}/meetings", "tutor", open_desk)
