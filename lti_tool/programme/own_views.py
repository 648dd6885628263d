"""The participant's pages: what is missing before they visit, their school, asking their head."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.coursework.queries import get_assignment
from lti_tool.db import session
from lti_tool.people import visits
from lti_tool.people.access import contexts_of
from lti_tool.people.queries import find_address
from lti_tool.programme import asking, words
from lti_tool.programme.agreement_words import load_wording
from lti_tool.programme.asking import AgreedAlready, SentTooOften
from lti_tool.programme.dates import deadline_warnings, in_words, senco_deadline
from lti_tool.programme.eligibility import (
    WHAT,
    Facts,
    facts_of,
    missing_in,
    why_dbs_short,
)
from lti_tool.programme.forms import HeadForm, SchoolForm, today
from lti_tool.programme.mentors import By
from lti_tool.programme.numbers import load_programme_numbers
from lti_tool.programme.posts import PostRead, find_post
from lti_tool.programme.recording import change_school
from lti_tool.programme.schools import keep_school
from lti_tool.web import notices
from lti_tool.web.policy import who_may
from lti_tool.web.trust import show_trust_line

blueprint = Blueprint(
    "eligibility", __name__, template_folder="templates", url_prefix="/v/<handle>/programme"
)
notices.register(
    school_kept=("success", "Your school is kept. Next, ask your head."),
    head_asked=("success", "Your head is asked by e-mail. You hear from us when they answer."),
    head_asked_again=("success", "A fresh link is on its way; the one before no longer works."),
    head_withdrawn=("info", "Withdrawn: the head’s link no longer works."),
)
_LINE = (
    "Who can see this: you, your tutors and the programme office. Your head sees only what they "
    "enter themselves."
)


def by_visit() -> By:
    """Who acts here, and from where."""
    visit = visits.current()
    return By(visit.context_id, visit.assignment_id, visit.person_id)


def deadlines(facts: Facts) -> list[str]:
    """Sentences on dates of somebody, held against the board of the activity that is open."""
    visit = visits.current()
    board_on = None
    if visit.assignment_id is not None:
        board_on = get_assignment(session(), visit.assignment_id, contexts_of(visit)).board_on
    return deadline_warnings(
        qualification=facts.standing.qualification,
        senco_since=facts.standing.senco_since,
        board_on=board_on,
        on=today(),
        numbers=load_programme_numbers(visits.settings_of_app().config_dir),
    )


@blueprint.get("/")
@who_may("participant")
def mine(handle: str) -> ResponseReturnValue:
    """What is missing and who can put it right, and all that is recorded of me."""
    return _mine(handle)


def _mine(handle: str, sentence: str = "", status: int = 200) -> ResponseReturnValue:
    show_trust_line(_LINE)
    person_id = visits.current().person_id
    config_dir = visits.settings_of_app().config_dir
    facts = facts_of(session(), [person_id])[person_id]
    numbers = load_programme_numbers(config_dir)
    return render_template(
        "programme/mine.html",
        handle=handle,
        facts=facts,
        missing=missing_in(facts, numbers, today()),
        what=WHAT,
        words=words,
        school_words=words.load_school_words(config_dir),
        numbers=numbers,
        in_words=in_words,
        dbs_short=why_dbs_short(facts.dbs, numbers, today()),
        deadline=senco_deadline(facts.standing.senco_since, numbers),
        warnings=deadlines(facts),
        sentence=sentence,
    ), status


def _school_form(post: PostRead | None, *, is_posted: bool) -> SchoolForm:
    form = SchoolForm(request.form if is_posted else None)
    form.offer(words.load_school_words(visits.settings_of_app().config_dir))
    form.not_before = post.started_on if post else None
    return form


def _school_page(
    handle: str, form: SchoolForm, post: PostRead | None, sentence: str = "", status: int = 200
) -> ResponseReturnValue:
    show_trust_line(_LINE)
    return render_template(
        "programme/school.html",
        handle=handle,
        form=form,
        post=post,
        sentence=sentence,
        has_errors=bool(form.errors),
        in_words=in_words,
    ), status


@blueprint.get("/school")
@who_may("participant")
def school(handle: str) -> ResponseReturnValue:
    """Where I work."""
    post = find_post(session(), visits.current().person_id)
    return _school_page(handle, _school_form(post, is_posted=False), post)


@blueprint.post("/school")
@who_may("participant")
def keep_own_school(handle: str) -> ResponseReturnValue:
    """Keep where I work; a further school ends what belonged to the one before."""
    visit = visits.current()
    post = find_post(session(), visit.person_id)
    form = _school_form(post, is_posted=True)
    if not form.validate():
        return _school_page(handle, form, post, status=422)
    if request.form.get("seen", "0") != str(post.id if post else 0):
        sentence = "Your school was changed in another window. Look at what is recorded now."
        return _school_page(handle, form, post, sentence, 409)
    school_id = keep_school(
        session(),
        visit.registration_id,
        urn=form.urn.data or None,
        name=form.name.data,
        phase=form.phase.data or "",
        kind=form.kind.data or "",
    )
    change_school(
        session(), visit.person_id, school_id, started_on=form.started_on.data, by=by_visit()
    )
    return redirect(url_for("eligibility.mine", handle=handle, done="school-kept"), 303)


def _head_page(
    handle: str, form: HeadForm, post: PostRead | None, sentence: str = "", status: int = 200
) -> ResponseReturnValue:
    show_trust_line(_LINE)
    config_dir = visits.settings_of_app().config_dir
    return render_template(
        "programme/ask_head.html",
        handle=handle,
        form=form,
        post=post,
        sentence=sentence,
        has_errors=bool(form.errors),
        wording=load_wording(config_dir),
        days=load_programme_numbers(config_dir).agreement_school_days,
    ), status


@blueprint.get("/head")
@who_may("participant")
def head(handle: str) -> ResponseReturnValue:
    """Where I name my head."""
    return _head_page(handle, HeadForm(), find_post(session(), visits.current().person_id))


@blueprint.post("/head")
@who_may("participant")
def ask(handle: str) -> ResponseReturnValue:
    """Ask my head."""
    visit = visits.current()
    form = HeadForm(request.form)
    form.own_email = find_address(session(), visit.person_id)
    post = find_post(session(), visit.person_id)
    if not form.validate():
        return _head_page(handle, form, post, status=422)
    if post is None:
        sentence = "Tell us first where you work: the agreement is that of your school."
        return _head_page(handle, form, post, sentence, 409)
    try:
        asking.ask_head(
            session(),
            visits.settings_of_app(),
            visit.person_id,
            post.school.id,
            registration_id=visit.registration_id,
            name=form.name.data,
            email=form.email.data,
            by=by_visit(),
        )
    except (AgreedAlready, SentTooOften) as error:
        return _head_page(handle, form, post, error.sentence, 409)
    return redirect(url_for("eligibility.mine", handle=handle, done="head-asked"), 303)


@blueprint.post("/head/again")
@who_may("participant")
def ask_again(handle: str) -> ResponseReturnValue:
    """Send my head a fresh link."""
    try:
        asking.send_again(
            session(), visits.settings_of_app(), visits.current().person_id, by=by_visit()
        )
    except (asking.NothingToSend, SentTooOften) as error:
        return _mine(handle, error.sentence, 409)
    return redirect(url_for("eligibility.mine", handle=handle, done="head-asked-again"), 303)


@blueprint.post("/head/withdraw")
@who_may("participant")
def withdraw(handle: str) -> ResponseReturnValue:
    """Take back what my head was asked."""
    try:
        asking.withdraw(session(), visits.current().person_id, by=by_visit())
    except asking.NothingToSend as error:
        return _mine(handle, error.sentence, 409)
    return redirect(url_for("eligibility.mine", handle=handle, done="head-withdrawn"), 303)
