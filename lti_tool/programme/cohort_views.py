"""The tutor's pages: who in the cohort lacks what, one person's facts with their history, and the
forms that record them. Addresses hold the number of a membership of this course, no person's."""

from datetime import date

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.core.errors import Conflict, NotFound
from lti_tool.coursework.queries import get_assignment
from lti_tool.db import session
from lti_tool.papers.downloads import as_table_file
from lti_tool.people import visits
from lti_tool.people.access import contexts_of
from lti_tool.people.queries import Listed
from lti_tool.programme import asking, recording, words
from lti_tool.programme.agreement_words import load_wording
from lti_tool.programme.cohort import get_member, keep_lines, list_cohort, page_of, to_table
from lti_tool.programme.dates import in_words, senco_deadline
from lti_tool.programme.eligibility import WHAT, Facts, facts_of, missing_in, why_dbs_short
from lti_tool.programme.forms import CheckedForm, today
from lti_tool.programme.mentors import end_mentorship
from lti_tool.programme.numbers import load_programme_numbers
from lti_tool.programme.own_views import by_visit
from lti_tool.programme.records import KINDS, Kind, Place
from lti_tool.programme.shown import history_of, notes_of
from lti_tool.web import notices
from lti_tool.web.policy import who_may
from lti_tool.web.trust import show_trust_line

blueprint = Blueprint(
    "cohort_facts",
    __name__,
    template_folder="templates",
    url_prefix="/v/<handle>/programme/cohort",
)
notices.register(
    facts_kept=("success", "Kept."),
    mentorship_ended=("info", "Ended: the mentor’s links no longer work."),
    dbs_withdrawn=("info", "Withdrawn. It stays in the history."),
    link_sent=("success", "The head gets a fresh link; the one before no longer works."),
)
_LINE = "Who can see this: the participant, their tutors and the programme office."


def board_day() -> date | None:
    """When the board of the activity that is open meets."""
    visit = visits.current()
    if visit.assignment_id is None:
        return None
    return get_assignment(session(), visit.assignment_id, contexts_of(visit)).board_on


def _number(raw: str) -> int:
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 5 else 1


@blueprint.get("/")
@who_may("tutor")
def overview(handle: str) -> ResponseReturnValue:
    """Who lacks what."""
    config_dir = visits.settings_of_app().config_dir
    lacks = request.args.get("lacks", "")
    lines = list_cohort(session(), config_dir, contexts_of(visits.current()), board_day(), today())
    return render_template(
        "programme/cohort.html",
        handle=handle,
        cohort=page_of(lines, lacks, _number(request.args.get("page", "1"))),
        lacks=lacks,
        what=WHAT,
        wording=load_wording(config_dir),
        numbers=load_programme_numbers(config_dir),
        in_words=in_words,
    )


@blueprint.get("/lacks.<form>")
@who_may("tutor")
def take_overview(handle: str, form: str) -> ResponseReturnValue:
    """Who lacks what, under the filter of the page, as a file."""
    lines = list_cohort(
        session(),
        visits.settings_of_app().config_dir,
        contexts_of(visits.current()),
        board_day(),
        today(),
    )
    kept = keep_lines(lines, request.args.get("lacks", ""))
    return as_table_file([to_table(kept)], "before-visits", form)


def _facts(membership_id: int) -> tuple[Listed, Facts]:
    member = get_member(session(), contexts_of(visits.current()), membership_id)
    return member, facts_of(session(), [member.person_id])[member.person_id]


def _person(
    handle: str, member: Listed, facts: Facts, sentence: str = "", status: int = 200
) -> ResponseReturnValue:
    show_trust_line(_LINE)
    config_dir = visits.settings_of_app().config_dir
    numbers = load_programme_numbers(config_dir)
    return render_template(
        "programme/person.html",
        handle=handle,
        member=member,
        facts=facts,
        missing=missing_in(facts, numbers, today()),
        warnings=notes_of(facts, numbers, board_day(), today()),
        what=WHAT,
        kinds=KINDS,
        words=words,
        school_words=words.load_school_words(config_dir),
        numbers=numbers,
        in_words=in_words,
        deadline=senco_deadline(facts.standing.senco_since, numbers),
        dbs_short=why_dbs_short(facts.dbs, numbers, today()),
        history=history_of(session(), member.person_id),
        of_tutor=True,
        sentence=sentence,
    ), status


@blueprint.get("/<int:membership_id>")
@who_may("tutor")
def person(handle: str, membership_id: int) -> ResponseReturnValue:
    """All that is recorded of one participant, and its history."""
    return _person(handle, *_facts(membership_id))


def _back(handle: str, membership_id: int, done: str) -> ResponseReturnValue:
    address = url_for("cohort_facts.person", handle=handle, membership_id=membership_id, done=done)
    return redirect(address, 303)


def _kind(what: str) -> Kind:
    if what not in KINDS:
        raise NotFound("There is no such record.")
    return KINDS[what]


def _record_page(
    handle: str,
    what: str,
    member: Listed,
    facts: Facts,
    form: CheckedForm,
    sentence: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    show_trust_line(_LINE)
    return render_template(
        "programme/record.html",
        handle=handle,
        what=what,
        kind=KINDS[what],
        member=member,
        form=form,
        mark=KINDS[what].mark(facts),
        sentence=sentence,
        has_errors=bool(form.errors),
    ), status


@blueprint.get("/<int:membership_id>/<what>")
@who_may("tutor")
def record(handle: str, membership_id: int, what: str) -> ResponseReturnValue:
    """A form for one kind of fact."""
    kind = _kind(what)
    member, facts = _facts(membership_id)
    form = kind.make(session(), visits.settings_of_app().config_dir, facts, None)
    return _record_page(handle, what, member, facts, form)


@blueprint.post("/<int:membership_id>/<what>")
@who_may("tutor")
def keep(handle: str, membership_id: int, what: str) -> ResponseReturnValue:
    """Keep what a tutor records of one participant."""
    kind = _kind(what)
    member, facts = _facts(membership_id)
    settings = visits.settings_of_app()
    form = kind.make(session(), settings.config_dir, facts, request.form)
    if request.form.get("seen") != str(kind.mark(facts)):
        sentence = (
            "Somebody else recorded this since you opened the form, and nothing of yours was kept. "
            "What you typed is still below. Look at what is recorded now, then keep yours if it "
            "is right."
        )
        return _record_page(handle, what, member, facts, form, sentence, 409)
    if not form.validate():
        return _record_page(handle, what, member, facts, form, status=422)
    place = Place(session(), settings, visits.current().registration_id, by_visit())
    try:
        kind.save(place, facts, form)
    except Conflict as error:
        return _record_page(handle, what, member, facts, form, error.sentence, 409)
    return _back(handle, membership_id, "facts-kept")


@blueprint.post("/<int:membership_id>/mentor/end")
@who_may("tutor")
def end_mentor(handle: str, membership_id: int) -> ResponseReturnValue:
    """The mentor is it no longer; their links end at once."""
    member, facts = _facts(membership_id)
    is_meant = facts.mentor is not None and request.form.get("seen") == str(facts.mentor.id)
    if facts.mentor is None or not is_meant:
        return _person(handle, member, facts, "The mentor was changed since: look again.", 409)
    end_mentorship(session(), facts.mentor.id, on=today(), reason="ended by a tutor", by=by_visit())
    return _back(handle, membership_id, "mentorship-ended")


@blueprint.post("/<int:membership_id>/dbs/withdraw")
@who_may("tutor")
def withdraw_dbs(handle: str, membership_id: int) -> ResponseReturnValue:
    """A check was recorded wrongly."""
    member, facts = _facts(membership_id)
    if facts.dbs is None or request.form.get("seen") != str(facts.dbs.id):
        return _person(handle, member, facts, "The check was changed since: look again.", 409)
    recording.withdraw_dbs(session(), member.person_id, facts.dbs.id, by=by_visit())
    return _back(handle, membership_id, "dbs-withdrawn")


@blueprint.post("/<int:membership_id>/head/again")
@who_may("tutor")
def ask_again(handle: str, membership_id: int) -> ResponseReturnValue:
    """Send the head a fresh link for a participant."""
    member, facts = _facts(membership_id)
    try:
        asking.send_again(session(), visits.settings_of_app(), member.person_id, by=by_visit())
    except (asking.NothingToSend, asking.SentTooOften) as error:
        return _person(handle, member, facts, error.sentence, 409)
    return _back(handle, membership_id, "link-sent")
