"""The checklist at a glance, its beginning, and the comments on the whole."""

from collections import Counter

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.activities.quality_standards import (
    commenting,
    progress,
    reading,
    states,
    trail,
    writing,
)
from lti_tool.activities.quality_standards.door import Book, Desk, find_desk, require_lead
from lti_tool.activities.quality_standards.forms import CommentForm, MoveForm
from lti_tool.activities.quality_standards.measuring import (
    MEASURE,
    Found,
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
from lti_tool.activities.quality_standards.taking_over import find_newer
from lti_tool.activities.quality_standards.years import say_year, year_of
from lti_tool.core import clock
from lti_tool.core.errors import Conflict, NotFound
from lti_tool.db import session
from lti_tool.people import visits
from lti_tool.people.queries import list_leader_names, names_of
from lti_tool.web.policy import who_may


@blueprint.get("/for-participants")
@who_may("participant")
def for_participants(handle: str) -> ResponseReturnValue:
    """Participants have nothing to do here: one sentence."""
    return render_template("quality_standards/for_participants.html", handle=handle)


@blueprint.get("/")
@who_may("tutor")
def overview(handle: str) -> ResponseReturnValue:
    """The checklist of this year, or the way to begin one."""
    desk = find_desk(session(), visits.current())
    if desk is None or desk.current is None:
        return _begin_page(handle, desk)
    return redirect(
        url_for("quality_standards.checklist", handle=handle, year=desk.current.year), 303
    )


def _begin_page(
    handle: str, desk: Desk | None, sentence: str = "", status: int = 200
) -> ResponseReturnValue:
    visit = visits.current()
    first = year_of(clock.today())
    taken = {one.year for one in desk.checklists} if desk else set()
    standards = writing.standards_in_force(session(), config_dir(), visit.registration_id)
    return render_template(
        "quality_standards/begin.html",
        handle=handle,
        desk=desk,
        leads_some=visit.is_leader,
        leaders=list_leader_names(session(), visit.context_id, visit.registration_id),
        years=[one for one in (first, first + 1) if one not in taken],
        say_year=say_year,
        framework=standards,
        previous=_previous(desk, first + 1) if desk else None,
        sentence=sentence,
        has_errors=bool(sentence),
    ), status


def _previous(desk: Desk, year: int) -> reading.ChecklistRead | None:
    """The latest checklist before a year."""
    return next((one for one in desk.checklists if one.year < year), None)


@blueprint.get("/begin")
@who_may("leader")
def begin_page(handle: str) -> ResponseReturnValue:
    """The page on which the next year's checklist is begun."""
    return _begin_page(handle, find_desk(session(), visits.current()))


@blueprint.post("/begin")
@who_may("leader")
def begin(handle: str) -> ResponseReturnValue:
    """Begin the checklist of a year."""
    desk = find_desk(session(), visits.current())
    if desk is None:
        raise NotFound("This course is not part of a programme yet. Join it first.")
    require_lead(session(), desk)
    year, first = number_in(request.form.get("year", "")), year_of(clock.today())
    if year not in (first, first + 1):
        return _begin_page(handle, desk, "Choose the academic year of the checklist.", 422)
    try:
        writing.begin(
            session(), config_dir(), actor(), desk.programme.id, year, _previous(desk, year)
        )
    except Conflict as error:
        return _begin_page(handle, desk, error.sentence, 409)
    return back("checklist", "checklist-begun", year=year)


@blueprint.get("/<int:year>/")
@who_may("tutor")
def checklist(handle: str, year: int) -> ResponseReturnValue:
    """How far the checklist is: by area, what is urgent first, every standard."""
    return show_checklist(handle, open_book(year))


def show_checklist(
    handle: str,
    book: Book,
    *,
    comment: CommentForm | None = None,
    move: MoveForm | None = None,
    sentence: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    """The page of a checklist, with what is wrong with a form on it."""
    entries = reading.entries_of(session(), book.checklist.id)
    evidence = reading.evidence_of(session(), book.checklist.id)
    comments = trail.comments_of(session(), book.checklist.id)
    steps = trail.steps_of(session(), book.checklist.id)
    said = {item_id: one.said for item_id, one in entries.items()}
    figures = _figures(book, evidence)
    people = reading.ids_of(
        (one.owner_id for one in entries.values()),
        (one.person_id for one in comments),
        (one.person_id for one in steps),
    )
    visit = visits.current()
    return render_template(
        "quality_standards/checklist.html",
        handle=handle,
        book=book,
        framework=book.framework,
        look=progress.look_over(book.framework, said),
        ordered=progress.urgent_first(book.framework, said),
        entries=entries,
        counts=Counter(one.item_id for one in evidence if one.form != MEASURE),
        figures=figures,
        without_figures=_without_figures(book, evidence),
        open_comments=[one for one in comments if one.settled_at is None],
        comments=[one for one in comments if not one.item_id],
        comment_form=comment or CommentForm(),
        move_form=move or MoveForm(),
        moves=states.moves_from(book.checklist.state, states.LEADER) if book.desk.leads else [],
        steps=steps,
        states=state_words(book),
        chips=states.CHIPS,
        names=names_of(session(), people),
        newer=_newer(book),
        leaders=list_leader_names(session(), visit.context_id, visit.registration_id),
        say_year=say_year,
        in_place=progress.is_in_place,
        me=visit.person_id,
        sentence=sentence,
        has_errors=bool(sentence or (comment and comment.errors) or (move and move.errors)),
    ), status


def _newer(book: Book) -> bool:
    """Whether there is a newer version to take over."""
    may = book.desk.leads and book.checklist.is_editable
    return may and find_newer(session(), config_dir(), book) is not None


def _figures(book: Book, evidence: list[reading.Evidence]) -> dict[str, list[Found]]:
    """What the measures find, for those who lead; others see how far it is, and their own."""
    if not book.desk.leads:
        return {}
    return read_figures(session(), book.place(config_dir()), book.framework.judged, evidence)


def _without_figures(book: Book, evidence: list[reading.Evidence]) -> set[str]:
    """Standards that the tool's figures could be evidence for, and for which it has none yet."""
    return {one.id for one in book.framework.judged if one.auto and not measures_of(one, evidence)}


def state_words(book: Book) -> dict[str, str]:
    """Every state in the framework's words, in ours where it has none."""
    overall = book.framework.overall
    own = {one.id: one.title for one in overall.states} if overall else {}
    return {**states.STATES, **{key: words for key, words in own.items() if key in states.STATES}}


@blueprint.post("/<int:year>/comments")
@who_may("leader")
def add_comment(handle: str, year: int) -> ResponseReturnValue:
    """Say something of the whole checklist."""
    book, form = open_book(year, to_lead=True), CommentForm(request.form)
    if not form.validate():
        return show_checklist(handle, book, comment=form, status=422)
    commenting.comment(
        session(),
        book.checklist.id,
        "",
        form["text"].data,
        person_id=visits.current().person_id,
        context_id=visits.current().context_id,
    )
    return back("checklist", "checklist-comment", year=year)


@blueprint.post("/<int:year>/comments/settle")
@who_may("leader")
def settle(handle: str, year: int) -> ResponseReturnValue:
    """A comment, on the whole or on a standard, is dealt with."""
    book = open_book(year, to_lead=True)
    number = number_in(request.form.get("comment", ""))
    commenting.settle_comment(session(), actor(), book.checklist.id, number)
    item_id = request.form.get("standard", "")
    if book.framework.find_item(item_id) is not None:
        return back("standard", "checklist-settled", year=year, item_id=item_id)
    return back("checklist", "checklist-settled", year=year)
