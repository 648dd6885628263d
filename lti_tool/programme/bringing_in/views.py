"""Bringing a cohort's facts in by file: the template, the preview of every row, the keeping."""

import base64

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.core.errors import Conflict, Sentence
from lti_tool.db import session
from lti_tool.papers.downloads import as_table_file
from lti_tool.papers.reading import LARGEST_FILE
from lti_tool.people import visits
from lti_tool.people.access import contexts_of
from lti_tool.people.queries import addresses_of, list_participants
from lti_tool.programme.bringing_in.columns import load_file_words
from lti_tool.programme.bringing_in.comparing import (
    CHANGED,
    Compared,
    Member,
    compare,
    digest_of,
)
from lti_tool.programme.bringing_in.keeping import keep_all
from lti_tool.programme.bringing_in.meaning import Words, read_rows
from lti_tool.programme.bringing_in.reading import FileRead, read_file
from lti_tool.programme.bringing_in.written import make_table, say_changes
from lti_tool.programme.cohort import MOST_PEOPLE
from lti_tool.programme.eligibility import Facts, facts_of
from lti_tool.programme.forms import today
from lti_tool.programme.numbers import load_programme_numbers
from lti_tool.programme.own_views import by_visit
from lti_tool.programme.records import Place
from lti_tool.programme.words import load_school_words
from lti_tool.web import notices
from lti_tool.web.policy import who_may
from lti_tool.web.uploads import posted_file

blueprint = Blueprint(
    "cohort_file",
    __name__,
    template_folder="../templates",
    url_prefix="/v/<handle>/programme/file",
)
notices.register(facts_brought_in=("success", "The rows of the file are kept."))
_GROUPS = {
    "standing": "Teacher and SENCO",
    "school": "School",
    "agreement": "School’s agreement",
    "mentor": "Mentor",
    "dbs": "DBS check",
}


def _cohort() -> tuple[list[Member], dict[int, Facts]]:
    listed = list_participants(session(), contexts_of(visits.current()), limit=MOST_PEOPLE)
    emails = addresses_of(session(), [one.person_id for one in listed])
    members = [Member(one.person_id, one.name, emails.get(one.person_id)) for one in listed]
    return members, facts_of(session(), [one.person_id for one in members])


def _page(
    handle: str,
    *,
    read: FileRead | None = None,
    compared: list[Compared] | None = None,
    data: bytes = b"",
    sentence: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    return render_template(
        "programme/file.html",
        handle=handle,
        read=read,
        compared=compared,
        to_save=sum(one.state == CHANGED for one in compared or ()),
        groups=_GROUPS,
        say_changes=say_changes,
        headings=load_file_words(visits.settings_of_app().config_dir).headings,
        file_data=base64.b64encode(data).decode(),
        seen=digest_of(compared or ()),
        sentence=sentence,
        has_errors=bool(sentence),
    ), status


@blueprint.get("/")
@who_may("tutor")
def show(handle: str) -> ResponseReturnValue:
    """Where a file is chosen."""
    return _page(handle)


@blueprint.get("/template.<ending>")
@who_may("tutor")
def template(handle: str, ending: str) -> ResponseReturnValue:
    """The file to fill in, with what is recorded of the cohort."""
    config_dir = visits.settings_of_app().config_dir
    table = make_table(load_file_words(config_dir), load_school_words(config_dir), *_cohort())
    return as_table_file([table], "cohort", ending)


def _compared(data: bytes) -> tuple[FileRead, list[Compared]]:
    config_dir = visits.settings_of_app().config_dir
    file_words = load_file_words(config_dir)
    words = Words(
        file_words, load_school_words(config_dir), load_programme_numbers(config_dir), today()
    )
    read = read_file(data, file_words)
    return read, compare(read_rows(read.rows, words), *_cohort(), words)


@blueprint.post("/")
@who_may("tutor")
def read_or_keep(handle: str) -> ResponseReturnValue:
    """Show what a file would change; with `act=keep`, keep it if that is still what it changes."""
    try:
        data = posted_file(LARGEST_FILE, "Choose the filled-in file: .csv or .xlsx.")
        read, compared = _compared(data)
    except Sentence as error:
        return _page(handle, sentence=error.sentence, status=422)
    if request.form.get("act") != "keep":
        return _page(handle, read=read, compared=compared, data=data)
    sentence = _keep(compared)
    if sentence:
        return _page(handle, read=read, compared=compared, data=data, sentence=sentence, status=409)
    return redirect(url_for("cohort_facts.overview", handle=handle, done="facts-brought-in"), 303)


def _keep(compared: list[Compared]) -> str:
    """Keep the rows, if they are still those that were shown; else a sentence why not."""
    if request.form.get("seen") != digest_of(compared):
        return (
            "What is recorded has changed since you looked, so nothing was kept. Below is what the "
            "file would change now."
        )
    visit = visits.current()
    place = Place(session(), visits.settings_of_app(), visit.registration_id, by_visit())
    try:
        count = keep_all(place, compared)
    except Conflict as error:
        return error.sentence
    return "" if count else "Nothing was kept: no row of this file changes anything."
