"""The mentor's pages for one participant, reached by a link."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.activities.placement_log.mentoring import doors, questions, seen
from lti_tool.activities.placement_log.mentoring.doors import Door
from lti_tool.activities.placement_log.mentoring.entry import MODES
from lti_tool.activities.placement_log.mentoring.forms import QuestionForm
from lti_tool.activities.placement_log.mentoring.meeting_pages import Desk, add_meeting_pages
from lti_tool.activities.placement_log.mentoring.queries import list_for
from lti_tool.activities.placement_log.mentoring.wording import load_mentor_words
from lti_tool.db import session
from lti_tool.people import guests, visits
from lti_tool.people.queries import names_of
from lti_tool.privacy.holding import hold_names, said_no_child
from lti_tool.privacy.posted import Doubt
from lti_tool.web import notices
from lti_tool.web.errors import error_page
from lti_tool.web.policy import who_may

blueprint = Blueprint(
    "mentoring", __name__, template_folder="../templates", url_prefix="/g/<handle>/mentor"
)
notices.register(
    question_kept=(
        "success",
        "Your question is with the tutors. You get a message when they reply.",
    ),
)


def _door() -> Door:
    return doors.get_door(session(), guests.current().link_id)


def open_desk(handle: str) -> Desk:
    """The mentor's side of their participant's meetings.

    :raises DoorClosed: the mentorship has ended.
    """
    door = _door()
    person_id = door.mentorship.person_id
    return Desk(
        door.party,
        "mentoring.meetings",
        url_for("mentoring.overview", handle=handle),
        {"handle": handle},
        names_of(session(), (person_id,))[person_id],
        mentorship_id=door.mentorship.id,
        names={f"m{door.mentorship.id}": door.mentorship.name},
    )


@blueprint.errorhandler(doors.DoorClosed)
def closed(error: doors.DoorClosed) -> ResponseReturnValue:
    """The mentorship ended while the page was open: said in a friendly way."""
    words = load_mentor_words(visits.settings_of_app().config_dir)
    return error_page(
        410, words.ended[0], " ".join(words.ended[1:]), "mentorship_over", title="Thank you"
    )


@blueprint.get("/")
@who_may("mentor")
def overview(handle: str) -> ResponseReturnValue:
    """What a mentor does and sees, the participant's visits and meetings, what is missing."""
    desk, config_dir = open_desk(handle), visits.settings_of_app().config_dir
    visited = seen.list_visits(session(), desk.party)
    return render_template(
        "mentoring/mentor.html",
        desk=desk,
        handle=handle,
        meetings=list_for(session(), desk.party),
        visits=visited,
        missing=seen.list_missing(session(), config_dir, desk.party, visited),
        words=load_mentor_words(config_dir),
        expires_at=guests.current().expires_at,
        days_in_words=seen.days_in_words,
        modes=MODES,
    )


def _ask_page(
    handle: str, form: QuestionForm, *, doubts: list[Doubt] | None = None, status: int = 200
) -> ResponseReturnValue:
    return render_template(
        "mentoring/questions.html",
        handle=handle,
        questions=questions.list_own(session(), _door().party),
        form=form,
        doubts=doubts or [],
        has_errors=bool(form.errors),
    ), status


@blueprint.get("/questions")
@who_may("mentor")
def ask(handle: str) -> ResponseReturnValue:
    """What this mentor asked, with the replies, and a form to ask more."""
    return _ask_page(handle, QuestionForm())


@blueprint.post("/questions")
@who_may("mentor")
def keep_question(handle: str) -> ResponseReturnValue:
    """Keep a question to the tutors."""
    form = QuestionForm(request.form)
    good = form.validate()
    doubts = hold_names(form, ("question",), visits.settings_of_app().config_dir, said_no_child())
    if not good or doubts:
        return _ask_page(handle, form, doubts=doubts, status=422)
    questions.ask(session(), _door().party, form.question.data)
    return redirect(url_for("mentoring.ask", handle=handle, done="question-kept"), 303)


add_meeting_pages(blueprint, "meetings", "/meetings", "mentor", open_desk)
