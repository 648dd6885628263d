"""Moving the checklist on, taking over newer standards, what changed since last year, reviewers."""

from collections import Counter
from datetime import timedelta

from flask import render_template, request
from flask.typing import ResponseReturnValue

from lti_tool.activities.quality_standards import moving, reading, states, taking_over, trail
from lti_tool.activities.quality_standards.changes import list_changes
from lti_tool.activities.quality_standards.door import Book
from lti_tool.activities.quality_standards.forms import InviteForm, MoveForm
from lti_tool.activities.quality_standards.pages import (
    actor,
    back,
    blueprint,
    config_dir,
    number_in,
    open_book,
)
from lti_tool.activities.quality_standards.progress import look_over
from lti_tool.activities.quality_standards.reviewing import REVIEWER, get_link, list_links
from lti_tool.activities.quality_standards.views import show_checklist
from lti_tool.activities.quality_standards.years import say_year
from lti_tool.core import clock
from lti_tool.core.errors import Conflict
from lti_tool.db import session
from lti_tool.people import guest_links, visits
from lti_tool.web.policy import who_may

_USUAL_DAYS = 28


def _what_is_missing(book: Book, became: str, form: MoveForm) -> bool:
    """Whether the move must wait; says why in the form."""
    known = states.find_move(book.checklist.state, became, states.LEADER)
    if known is not None and known.needs_words and not form.words.data:
        form.problem("words", "Write down the actions or conditions that the reviewers gave.")
        return True
    if became == states.SUBMITTED:
        entries = reading.entries_of(session(), book.checklist.id)
        said = {item_id: one.said for item_id, one in entries.items()}
        left = look_over(book.framework, said).not_judged
        if left:
            named = ", ".join(one.label or one.id for one in left[:8])
            more = f" and {len(left) - 8} more" if len(left) > 8 else ""
            form.problem("words", f"Judge every standard first. Still open: {named}{more}.")
            return True
    return False


@blueprint.post("/<int:year>/state")
@who_may("leader")
def move(handle: str, year: int) -> ResponseReturnValue:
    """Submit the checklist, take it back, or record what the reviewers decided."""
    book, form = open_book(year, to_lead=True), MoveForm(request.form)
    became = request.form.get("act", "")
    if not form.validate() or _what_is_missing(book, became, form):
        return show_checklist(handle, book, move=form, status=422)
    revision = number_in(request.form.get("revision", ""))
    place = book.place(config_dir())
    try:
        moving.move(session(), actor(), book, place, became, revision, form.words.data)
    except Conflict as error:
        return show_checklist(
            handle, open_book(year), move=form, sentence=error.sentence, status=409
        )
    return back("checklist", "checklist-moved", year=year)


@blueprint.get("/<int:year>/changes")
@who_may("leader")
def changes(handle: str, year: int) -> ResponseReturnValue:
    """What is different from last year's checklist."""
    book = open_book(year, to_lead=True)
    previous, found = None, []
    if book.checklist.previous_id is not None:
        previous = reading.get_checklist(session(), book.checklist.previous_id)
        registration_id = visits.current().registration_id
        before = reading.framework_of(session(), registration_id, previous)
        found = list_changes(
            (before, *_said(previous.id)), (book.framework, *_said(book.checklist.id))
        )
    return render_template(
        "quality_standards/changes.html",
        handle=handle,
        book=book,
        framework=book.framework,
        previous=previous,
        changes=found,
        say_year=say_year,
    )


def _said(checklist_id: int) -> tuple[dict[str, reading.Entry], dict[str, int]]:
    evidence = reading.evidence_of(session(), checklist_id)
    counts = Counter(one.item_id for one in evidence)
    return reading.entries_of(session(), checklist_id), dict(counts)


@blueprint.get("/<int:year>/newer-standards")
@who_may("leader")
def newer_standards(handle: str, year: int) -> ResponseReturnValue:
    """The version in force beside the one the checklist keeps, and what maps."""
    return _newer_page(handle, open_book(year, to_lead=True))


def _newer_page(
    handle: str, book: Book, sentence: str = "", status: int = 200
) -> ResponseReturnValue:
    newer = taking_over.find_newer(session(), config_dir(), book)
    entries = reading.entries_of(session(), book.checklist.id).values()
    return render_template(
        "quality_standards/newer.html",
        handle=handle,
        book=book,
        framework=book.framework,
        newer=newer,
        mapping=taking_over.map_entries(book.framework, newer.framework, entries)
        if newer
        else None,
        say_year=say_year,
        sentence=sentence,
        has_errors=bool(sentence),
    ), status


@blueprint.post("/<int:year>/newer-standards")
@who_may("leader")
def take_over(handle: str, year: int) -> ResponseReturnValue:
    """Keep the version in force from now on."""
    book = open_book(year, to_lead=True)
    entries = reading.entries_of(session(), book.checklist.id).values()
    shown = request.form.get("shown", "")
    try:
        taking_over.take_over(session(), config_dir(), actor(), book, entries, shown)
    except Conflict as error:
        return _newer_page(handle, book, error.sentence, 409)
    return back("checklist", "checklist-taken-over", year=year)


@blueprint.get("/<int:year>/reviewers")
@who_may("leader")
def reviewers(handle: str, year: int) -> ResponseReturnValue:
    """Links given to reviewers, and whether they were opened."""
    return _reviewers_page(handle, open_book(year, to_lead=True))


def _reviewers_page(
    handle: str,
    book: Book,
    *,
    form: InviteForm | None = None,
    address: str | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    return render_template(
        "quality_standards/reviewers.html",
        handle=handle,
        book=book,
        framework=book.framework,
        links=list_links(session(), book.checklist.id),
        is_submitted=trail.find_submitted(session(), book.checklist.id) is not None,
        form=form or InviteForm(data={"days": _USUAL_DAYS}),
        address=address,
        say_year=say_year,
        has_errors=bool(form and form.errors),
    ), status


@blueprint.post("/<int:year>/reviewers")
@who_may("leader")
def invite(handle: str, year: int) -> ResponseReturnValue:
    """Give a link. Its address is shown on this answer only; it is kept nowhere."""
    book, form = open_book(year, to_lead=True), InviteForm(request.form)
    if trail.find_submitted(session(), book.checklist.id) is None:
        raise Conflict("Submit the checklist first: a reviewer sees what was submitted.")
    if not form.validate():
        return _reviewers_page(handle, book, form=form, status=422)
    visit, settings = visits.current(), visits.settings_of_app()
    guest_id = guest_links.keep_guest(
        session(), visit.registration_id, form.name.data, form.email.data, renames=False
    )
    link_id = guest_links.give_link(
        session(),
        settings,
        guest_id,
        purpose=REVIEWER,
        subject=("checklist", book.checklist.id),
        expires_at=clock.now() + timedelta(days=form.days.data),
        actor_id=visit.person_id,
        context_id=visit.context_id,
    )
    return _reviewers_page(handle, book, address=guest_links.address_of(settings, link_id))


@blueprint.post("/<int:year>/reviewers/revoke")
@who_may("leader")
def revoke(handle: str, year: int) -> ResponseReturnValue:
    """Take a link back."""
    book, visit = open_book(year, to_lead=True), visits.current()
    link = get_link(session(), book.checklist.id, number_in(request.form.get("link", "")))
    guest_links.revoke(session(), link.id, actor_id=visit.person_id, context_id=visit.context_id)
    return back("reviewers", "reviewer-revoked", year=year)
