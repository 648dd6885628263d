"""Step 1 of a grade: the tutor's queue, the work beside the rubric, saving and releasing.

Addresses hold the assignment's number, a candidate code and the queue's filter, never a
person's id.
"""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.catalogue.register import get_activity
from lti_tool.core import clock
from lti_tool.core.errors import Conflict, Unusable
from lti_tool.coursework.calendar import load_calendar
from lti_tool.coursework.queries import get_copy
from lti_tool.coursework.resetting import require_open
from lti_tool.db import session
from lti_tool.gradebook.queries import list_standings, plain
from lti_tool.marking import judging, releasing
from lti_tool.marking.desk import bank, filters
from lti_tool.marking.desk.desks import Desk, device_key, load_desk
from lti_tool.marking.desk.pieces import list_shelves
from lti_tool.marking.desk.timing import in_words, work_out_pace
from lti_tool.marking.forms import marking_form, values_of, view_of
from lti_tool.marking.marks import mark_in_words
from lti_tool.marking.reckoning import explain
from lti_tool.people import visits
from lti_tool.web import notices
from lti_tool.web.forms import Form
from lti_tool.web.policy import who_may
from lti_tool.web.trust import TO_A_MARKER, show_trust_line

blueprint = Blueprint(
    "marking", __name__, template_folder="templates", url_prefix="/v/<handle>/marking"
)
notices.register(
    mark_saved=("success", "Your marks are saved. The participant cannot see them yet."),
    mark_released=("success", "The mark is released. The participant can see it now."),
    without_names=(
        "info",
        "This work is marked without names, so the gradebook’s link cannot open it. Find it here "
        "by its code.",
    ),
    queue_done=("success", "Your marks are saved. Nothing comes after it under this filter."),
)


def _desk(assignment_id: int, code: str) -> Desk:
    config_dir = visits.settings_of_app().config_dir
    return load_desk(session(), visits.current(), config_dir, assignment_id, code)


def _pace(shelves: list[Any], wanted: filters.Filter, person_id: int) -> str:
    """How many a day finish on time, of what waits for this marker or, on their own, for all."""
    marker_id = person_id if wanted.whose == filters.MINE else None
    due = [
        piece.feedback_on
        for shelf in shelves
        if shelf.assignment.closed_at is None
        for piece in shelf.pieces
        if piece.waits_for(marker_id) and (marker_id is None or piece.is_mine(marker_id))
    ]
    today = clock.in_london(clock.now()).date()
    calendar = load_calendar(visits.settings_of_app().config_dir)
    return in_words(work_out_pace(due, today, calendar))


@blueprint.get("/")
@who_may("tutor")
def queue(handle: str) -> ResponseReturnValue:
    """The work handed in to this course under a filter: state, mark, and when feedback is due."""
    visit = visits.current()
    shelves = list_shelves(session(), visit, visits.settings_of_app().config_dir)
    wanted = filters.read_filter(request.args, shelves, visit.person_id)
    return render_template(
        "marking/queue.html",
        handle=handle,
        queue=filters.sort_out(shelves, wanted, visit.person_id),
        has_turns=any(shelf.has_turns for shelf in shelves),
        pace=_pace(shelves, wanted, visit.person_id),
        today=clock.in_london(clock.now()).date(),
        tabs=filters.TABS,
        own_assignment=visit.assignment_id,
    )


def _beside(desk: Desk) -> tuple[filters.Filter, filters.Neighbours]:
    """The filter a marker came with, and what comes before and after this piece in it."""
    visit = visits.current()
    shelves = list_shelves(session(), visit, visits.settings_of_app().config_dir)
    wanted = filters.read_filter(request.args, shelves, visit.person_id)
    beside = filters.find_neighbours(shelves, wanted, visit.person_id, desk.work.submission_id)
    return wanted, beside


def _comments(desk: Desk) -> dict[str, list[bank.Banked]]:
    found: dict[str, list[bank.Banked]] = {}
    visit = visits.current()
    for one in bank.list_comments(session(), visit.context_id, desk.rubric.key, visit.person_id):
        found.setdefault(one.criterion_id, []).append(one)
    return found


def _going_out(desk: Desk) -> dict[str, str] | None:
    """What the participant would be shown, penalty and cap taken off, and how it came about."""
    if desk.judgement is None or not desk.can_release:
        return None
    reckoned = desk.terms.reckon(desk.work, desk.judgement["overall"])
    return {
        "result": mark_in_words(desk.rules, reckoned.final),
        "working": explain(reckoned.working) if len(reckoned.steps) > 1 else "",
    }


def _desk_page(
    handle: str,
    desk: Desk,
    form: Form,
    *,
    clash: dict[str, Any] | None = None,
    sentence: str | None = None,
    note: str | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    show_trust_line(TO_A_MARKER)
    work, assignment = desk.work, desk.assignment
    copy = get_copy(session(), work.copy_id)
    standing = list_standings(session(), (work.context_id,), (assignment.id,), work.person_id).get(
        (assignment.id, work.person_id)
    )
    wanted, beside = _beside(desk)
    page = render_template(
        "marking/work.html",
        handle=handle,
        desk=desk,
        form=form,
        clash=clash,
        plain=plain,
        has_errors=bool(form.errors or sentence),
        sentence=sentence,
        note=note,
        standing=standing,
        rendered=get_activity(assignment.activity).render_for_marking(copy.document),
        declarations=copy.declarations,
        today=clock.in_london(clock.now()).date(),
        beside=beside,
        query=wanted.as_query(),
        comments=_comments(desk),
        mark_in_words=mark_in_words,
        own_id=visits.current().person_id,
        going_out=_going_out(desk),
        keep_key=device_key(
            visits.settings_of_app(), visits.current().person_id, work.submission_id
        ),
    )
    return page, status


@blueprint.get("/<int:assignment_id>/<code>")
@who_may("tutor")
def work(handle: str, assignment_id: int, code: str) -> ResponseReturnValue:
    """One piece of work beside the rubric."""
    desk = _desk(assignment_id, code)
    form = marking_form(desk.rubric, desk.rules)(data=values_of(desk.rubric, desk.judgement))
    return _desk_page(handle, desk, form)


def _use_bank(handle: str, desk: Desk, form: Form, act: str) -> ResponseReturnValue:
    """Put a kept comment into the form, or keep one of the form's. Nothing is saved of the marks,
    and all that was typed comes back.

    :param act: `insert:<comment>` or `bank:<criterion>:<own or shared>`.
    """
    what, _, rest = act.partition(":")
    visit = visits.current()
    if what == "insert":
        known = [one for part in _comments(desk).values() for one in part if str(one.id) == rest]
        if not known or f"comment_{known[0].criterion_id}" not in form:
            return _desk_page(
                handle, desk, form, sentence="This comment is no longer kept.", status=409
            )
        field = form[f"comment_{known[0].criterion_id}"]
        field.data = "\n".join(filter(None, (field.data, known[0].text)))
        return _desk_page(
            handle, desk, form, note="The comment is put in. Save the marks to keep it."
        )
    criterion, _, whose = rest.partition(":")
    name = f"comment_{criterion}"
    try:
        is_new = bank.keep_comment(
            session(),
            visit.context_id,
            desk.rubric,
            criterion,
            form[name].data if name in form else "",
            is_shared=whose == "shared",
            marker_id=visit.person_id,
        )
    except Unusable as error:
        return _desk_page(handle, desk, form, sentence=error.sentence, status=422)
    note = "The comment is kept for use again." if is_new else "You keep this comment already."
    return _desk_page(handle, desk, form, note=f"{note} The marks are not saved yet.")


def _after_saving(handle: str, desk: Desk, act: str) -> ResponseReturnValue:
    """Where a marker goes on: the same piece, or the next one under the filter."""
    wanted, beside = _beside(desk)
    piece = desk.work
    if act == "next":
        if beside.after is None:
            where = url_for(
                "marking.queue",
                handle=handle,
                show=wanted.as_query().get("show"),
                whose=wanted.as_query().get("whose"),
                done="queue-done",
            )
            return redirect(where, 303)
        piece = beside.after.work
    return redirect(
        url_for(
            "marking.work",
            handle=handle,
            assignment_id=piece.assignment_id,
            code=piece.candidate_code,
            show=wanted.as_query().get("show"),
            whose=wanted.as_query().get("whose"),
            done="mark-saved",
        ),
        303,
    )


@blueprint.post("/<int:assignment_id>/<code>")
@who_may("tutor")
def save(handle: str, assignment_id: int, code: str) -> ResponseReturnValue:
    """Keep marks and feedback, whole or in part; nothing is shown to the participant."""
    desk = _desk(assignment_id, code)
    require_open(desk.assignment)
    if desk.is_kept_apart:
        raise Conflict("You are not the first marker of this work, so nothing was saved here.")
    form = marking_form(desk.rubric, desk.rules)(request.form)
    act = request.form.get("act", "save")
    if act.startswith(("insert:", "bank:")):
        return _use_bank(handle, desk, form, act)
    if not form.validate():
        return _desk_page(handle, desk, form, status=422)
    try:
        judging.save_judgement(
            session(),
            desk.work,
            desk.rubric,
            desk.rules,
            view_of(desk.rubric, form),
            built_on=form["number"].data or 0,
            marker_id=visits.current().person_id,
        )
    except judging.MarkedElsewhere as error:
        form["number"].process(None, (desk.judgement or {}).get("number", 0))
        clash = values_of(desk.rubric, desk.judgement)
        return _desk_page(handle, desk, form, clash=clash, sentence=error.sentence, status=409)
    return _after_saving(handle, desk, act)


@blueprint.post("/<int:assignment_id>/<code>/release")
@who_may("tutor")
def release(handle: str, assignment_id: int, code: str) -> ResponseReturnValue:
    """Let the participant see the mark and send it to the gradebook."""
    desk = _desk(assignment_id, code)
    number = request.form.get("number", "")
    try:
        releasing.release_mark(
            session(),
            desk.assignment,
            desk.work,
            desk.terms,
            number=int(number) if number.isdigit() and len(number) < 9 else -1,
            actor_id=visits.current().person_id,
        )
    except Conflict as error:
        form = marking_form(desk.rubric, desk.rules)(data=values_of(desk.rubric, desk.judgement))
        return _desk_page(handle, desk, form, sentence=error.sentence, status=409)
    return redirect(
        url_for(
            "marking.work",
            handle=handle,
            assignment_id=assignment_id,
            code=code,
            show=request.args.get("show"),
            whose=request.args.get("whose"),
            done="mark-released",
        ),
        303,
    )
