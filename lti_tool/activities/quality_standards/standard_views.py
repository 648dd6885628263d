"""One standard: what is said of it, its evidence and figures, comments."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from lti_tool.activities.quality_standards import commenting, evidencing, reading, trail, writing
from lti_tool.activities.quality_standards.door import Book, list_team
from lti_tool.activities.quality_standards.files import LARGEST, check_file
from lti_tool.activities.quality_standards.forms import (
    CommentForm,
    LinkForm,
    StandardForm,
    evidence_form,
)
from lti_tool.activities.quality_standards.measuring import (
    MEASURE,
    measures_of,
    read_figures,
)
from lti_tool.activities.quality_standards.pages import (
    actor,
    back,
    blueprint,
    config_dir,
    number_in,
    open_book,
)
from lti_tool.activities.quality_standards.reading import Entry
from lti_tool.activities.quality_standards.years import say_year
from lti_tool.catalogue.measures import find_measure
from lti_tool.core.errors import Conflict, NotAllowed, NotFound, Unusable
from lti_tool.db import session
from lti_tool.frameworks.framework import Item
from lti_tool.people import visits
from lti_tool.people.queries import list_leader_names, names_of
from lti_tool.web.forms import Form
from lti_tool.web.policy import who_may
from lti_tool.web.uploads import posted_file


def open_standard(year: int, item_id: str) -> tuple[Book, Item, Entry]:
    """A standard that the visitor may read.

    :raises NotAllowed: it is not theirs; the sentence names whom to ask.
    """
    book = open_book(year)
    item = book.get_item(item_id)
    entry = reading.find_entry(session(), book.checklist.id, item_id)
    if not book.desk.may_read(entry):
        visit = visits.current()
        names = list_leader_names(session(), visit.context_id, visit.registration_id)
        ask = f"Ask {', '.join(names)}." if names else "Ask whoever leads your programme."
        raise NotAllowed(
            f"Those who lead the programme and who looks after a standard see what it says. {ask}"
        )
    return book, item, entry


def _may_write(book: Book, entry: Entry) -> None:
    if book.desk.leads or entry.owner_id == visits.current().person_id:
        return
    raise NotAllowed("Only those who lead the programme and who looks after it change a standard.")


def _form(book: Book, entry: Entry, team: dict[int, str], *, posted: bool) -> StandardForm:
    form = StandardForm(
        request.form if posted else None,
        data={
            "judgement": entry.judgement or None,
            "narrative": entry.narrative,
            "reason": entry.reason,
            "owner": str(entry.owner_id) if entry.owner_id in team else None,
            "action": entry.action,
            "due_on": entry.due_on,
            "revision": entry.revision,
        },
    )
    levels = book.framework.scale.levels if book.framework.scale else ()
    form.judgement.offer({one.id: one.title for one in levels})
    form.owner.offer({str(number): name for number, name in team.items()})
    return form


def _page(
    handle: str,
    book: Book,
    item: Item,
    entry: Entry,
    *,
    form: StandardForm | None = None,
    theirs: Entry | None = None,
    adding: dict[str, Form] | None = None,
    comment: CommentForm | None = None,
    sentence: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    evidence = reading.evidence_of(session(), book.checklist.id, item.id)
    comments = trail.comments_of(session(), book.checklist.id, item.id)
    team = list_team(session(), book.desk.programme.id)
    given = adding or {}
    shown = [one for one in (form, comment, *given.values()) if one is not None]
    people = reading.ids_of(
        (one.person_id for one in comments), (entry.updated_by_id, entry.owner_id)
    )
    may_write = book.desk.may_write(book.checklist, entry)
    levels = book.framework.scale.levels if book.framework.scale else ()
    return render_template(
        "quality_standards/standard.html",
        handle=handle,
        book=book,
        framework=book.framework,
        item=item,
        area=book.framework.area_of(item),
        entry=entry,
        theirs=theirs,
        levels={one.id: one.title for one in levels},
        form=form or _form(book, entry, team, posted=False),
        may_write=may_write or theirs is not None,
        adding={
            name: given.get(name) or evidence_form(book.framework, name)
            for name in evidencing.FORMS
        },
        forms=evidencing.FORMS,
        kinds={one.id: one.title for one in book.framework.evidence_kinds},
        evidence=evidence,
        figures=read_figures(session(), book.place(config_dir()), (item,), evidence)[item.id],
        has_measures=bool(measures_of(item, evidence)),
        comments=comments,
        comment_form=comment or CommentForm(),
        names=names_of(session(), people),
        say_year=say_year,
        sentence=sentence,
        errors=shown,
        has_errors=bool(sentence or any(one.errors for one in shown)),
    ), status


@blueprint.get("/<int:year>/standard/<item_id>")
@who_may("tutor")
def standard(handle: str, year: int, item_id: str) -> ResponseReturnValue:
    """One standard."""
    return _page(handle, *open_standard(year, item_id))


@blueprint.post("/<int:year>/standard/<item_id>")
@who_may("tutor")
def save(handle: str, year: int, item_id: str) -> ResponseReturnValue:
    """Keep what is said of a standard; where somebody else saved it since, show both texts."""
    book, item, entry = open_standard(year, item_id)
    _may_write(book, entry)
    team = list_team(session(), book.desk.programme.id)
    form = _form(book, entry, team, posted=True)
    good = form.validate()
    if not (form.check_against(book.framework) and good):
        return _page(handle, book, item, entry, form=form, status=422)
    values = writing.Values(
        judgement=form.judgement.data or "",
        narrative=form.narrative.data,
        reason=form.reason.data,
        owner_id=number_in(form.owner.data or "") or None if book.desk.leads else entry.owner_id,
        due_on=form.due_on.data,
        action=form.action.data,
    )
    revision = form.revision.data or 0
    try:
        writing.save_entry(session(), actor(), book.checklist.id, entry, revision, values)
    except writing.ChangedElsewhere as error:
        theirs = reading.find_entry(session(), book.checklist.id, item_id)
        form.revision.data = theirs.revision
        sentence = error.sentence
        return _page(
            handle, book, item, theirs, form=form, theirs=theirs, sentence=sentence, status=409
        )
    except Conflict as error:
        sentence = error.sentence
        return _page(
            handle, book, item, entry, form=form, theirs=entry, sentence=sentence, status=409
        )
    return back("standard", "standard-saved", year=year, item_id=item_id)


def _read_evidence(item: Item, name: str, form: Form) -> evidencing.NewEvidence | None:
    """What was posted as evidence, or None with what is wrong said at its field."""
    good = form.validate()
    if isinstance(form, LinkForm):
        good = form.check_url() and good
    file = None
    if name == evidencing.FILE:
        try:
            content = posted_file(LARGEST, "Choose the file.")
            upload = request.files.get("file")
            file = check_file(upload.filename or "" if upload else "", content)
        except Unusable as error:
            form.problem("title", error.sentence)
            return None
    if not good:
        return None
    if name == MEASURE:
        measure = find_measure(form["measure"].data)
        title = measure.title if measure else ""
        return evidencing.NewEvidence(
            item.id, "system_report", name, title, measure_key=form["measure"].data
        )
    return evidencing.NewEvidence(
        item.id,
        form["kind"].data,
        name,
        form["title"].data,
        url=form["url"].data if name == evidencing.LINK else "",
        held_on=form["held_on"].data if name == evidencing.MEETING else None,
        file=file,
    )


@blueprint.post("/<int:year>/standard/<item_id>/evidence")
@who_may("tutor")
def add_evidence(handle: str, year: int, item_id: str) -> ResponseReturnValue:
    """Add a file, a link, a meeting or figures."""
    book, item, entry = open_standard(year, item_id)
    _may_write(book, entry)
    name = request.form.get("act", "")
    if name not in evidencing.FORMS:
        raise NotFound("Evidence is a file, a link, a meeting or figures from this tool.")
    form = evidence_form(book.framework, name, request.form)
    new = _read_evidence(item, name, form)
    if new is None:
        return _page(handle, book, item, entry, adding={name: form}, status=422)
    try:
        evidencing.add_evidence(session(), actor(), book.checklist, new)
    except Conflict as error:
        sentence = error.sentence
        return _page(handle, book, item, entry, adding={name: form}, sentence=sentence, status=409)
    return back("standard", "evidence-added", year=year, item_id=item_id)


@blueprint.post("/<int:year>/standard/<item_id>/evidence/away")
@who_may("tutor")
def take_away_evidence(handle: str, year: int, item_id: str) -> ResponseReturnValue:
    """Take a piece of evidence away."""
    book, item, entry = open_standard(year, item_id)
    _may_write(book, entry)
    number = number_in(request.form.get("evidence", ""))
    try:
        evidencing.take_away_evidence(session(), actor(), book.checklist.id, item.id, number)
    except Conflict as error:
        return _page(handle, book, item, entry, sentence=error.sentence, status=409)
    return back("standard", "evidence-away", year=year, item_id=item_id)


@blueprint.post("/<int:year>/standard/<item_id>/comments")
@who_may("tutor")
def comment(handle: str, year: int, item_id: str) -> ResponseReturnValue:
    """Say something of a standard."""
    book, item, entry = open_standard(year, item_id)
    form = CommentForm(request.form)
    if not form.validate():
        return _page(handle, book, item, entry, comment=form, status=422)
    visit = visits.current()
    commenting.comment(
        session(),
        book.checklist.id,
        item.id,
        form["text"].data,
        person_id=visit.person_id,
        context_id=visit.context_id,
    )
    return back("standard", "checklist-comment", year=year, item_id=item_id)
