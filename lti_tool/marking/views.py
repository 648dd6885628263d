"""Step 1 of a grade: the tutor's queue, the work beside the rubric, saving and releasing.

Addresses hold the assignment's number, a candidate code and the queue's filter, never a
person's id.
"""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.core import clock
from lti_tool.core.errors import Conflict, NotFound, Unusable
from lti_tool.core.numerals import whole
from lti_tool.coursework.calendar import load_calendar
from lti_tool.coursework.resetting import require_open
from lti_tool.db import session
from lti_tool.marking import judging, releasing, remarking
from lti_tool.marking.desk import bank, filters
from lti_tool.marking.desk.desks import Desk, load_desk
from lti_tool.marking.desk.pieces import list_shelves
from lti_tool.marking.desk.showing import desk_page, find_beside, list_comments, look
from lti_tool.marking.desk.timing import in_words, work_out_pace
from lti_tool.marking.forms import marking_form, values_of, view_of
from lti_tool.people import visits
from lti_tool.people.access import contexts_of
from lti_tool.people.queries import list_tutors
from lti_tool.web import notices
from lti_tool.web.forms import Form
from lti_tool.web.policy import who_may

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
        teaching={one.person_id for one in list_tutors(session(), contexts_of(visit))},
        own_assignment=visit.assignment_id,
    )


@blueprint.get("/<int:assignment_id>/<code>")
@who_may("tutor")
def work(handle: str, assignment_id: int, code: str) -> ResponseReturnValue:
    """One piece of work beside the rubric."""
    desk = _desk(assignment_id, code)
    form = marking_form(desk.rubric, desk.rules)(data=values_of(desk.rubric, desk.judgement))
    return desk_page(handle, desk, form)


def _use_bank(handle: str, desk: Desk, form: Form, act: str) -> ResponseReturnValue:
    """Put a kept comment into the form, keep one of the form's, or take one out of use. Nothing is
    saved of the marks, and all that was typed comes back.

    :param act: `insert:<comment>`, `unbank:<comment>` or `bank:<criterion>:<own or shared>`.
    """
    typed = remarking.read_typed(request.form)
    what, _, rest = act.partition(":")
    try:
        if what == "insert":
            note = _insert(desk, form, rest)
        elif what == "unbank":
            note = _take_out_of_use(desk, rest)
        else:
            note = _keep_comment(desk, form, *rest.partition(":")[::2])
    except Unusable as error:
        return desk_page(handle, desk, form, sentence=error.sentence, typed=typed, status=422)
    except NotFound as error:
        return desk_page(handle, desk, form, sentence=error.sentence, typed=typed, status=409)
    return desk_page(handle, desk, form, note=note, typed=typed)


def _insert(desk: Desk, form: Form, number: str) -> str:
    known = [one for part in list_comments(desk).values() for one in part if str(one.id) == number]
    if not known or f"comment_{known[0].criterion_id}" not in form:
        raise NotFound("This comment is no longer kept.")
    field = form[f"comment_{known[0].criterion_id}"]
    field.data = "\n".join(filter(None, (field.data, known[0].text)))
    return "The comment is put in. Save the marks to keep it."


def _take_out_of_use(desk: Desk, number: str) -> str:
    visit = visits.current()
    known = [one.id for part in list_comments(desk).values() for one in part]
    comment_id = next((one for one in known if str(one) == number), 0)
    bank.remove_comment(session(), visit.context_id, comment_id, marker_id=visit.person_id)
    return "The comment is no longer offered. Where it was used, it stays. The marks are not saved."


def _keep_comment(desk: Desk, form: Form, criterion: str, whose: str) -> str:
    visit = visits.current()
    name = f"comment_{criterion}"
    is_new = bank.keep_comment(
        session(),
        visit.context_id,
        desk.rubric,
        criterion,
        form[name].data if name in form else "",
        is_shared=whose == "shared",
        marker_id=visit.person_id,
    )
    note = "The comment is kept for use again." if is_new else "You keep this comment already."
    return f"{note} The marks are not saved yet."


def _use_remark(handle: str, desk: Desk, form: Form, act: str) -> ResponseReturnValue:
    """Save, change or remove one remark. Nothing is saved of the marks, and all that was typed
    comes back."""
    typed = remarking.read_typed(request.form)
    try:
        with session().begin_nested():
            left = remarking.do_act(session(), look(handle, desk, {}), act, typed)
    except remarking.RemarkProblem as error:
        problem = (error.name, error.sentence)
        return desk_page(handle, desk, form, typed=typed, problem=problem, status=error.status)
    what = {"unremark": "removed", "change": "changed"}.get(act.partition(":")[0], "saved")
    note = f"The remark is {what}. The marks are not saved yet."
    return desk_page(handle, desk, form, note=note, typed=left)


def _after_saving(handle: str, desk: Desk, act: str) -> ResponseReturnValue:
    """Where a marker goes on: the same piece, or the next one under the filter."""
    wanted, beside = find_beside(desk)
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


def _keep_all(handle: str, desk: Desk, form: Form, typed: dict[str, str]) -> None:
    """Marks, and remarks that were typed and not saved by themselves; all of it or nothing."""
    if typed:
        remarking.keep_all(session(), look(handle, desk, {}), list(typed.items()))
    judging.save_judgement(
        session(),
        desk.work,
        desk.rubric,
        desk.rules,
        view_of(desk.rubric, form),
        built_on=form["number"].data or 0,
        marker_id=visits.current().person_id,
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
    if act.startswith(("insert:", "bank:", "unbank:")):
        return _use_bank(handle, desk, form, act)
    if act.startswith(remarking.ACTS):
        return _use_remark(handle, desk, form, act)
    typed = remarking.read_typed(request.form)
    if not form.validate():
        return desk_page(handle, desk, form, typed=typed, status=422)
    try:
        with session().begin_nested():
            _keep_all(handle, desk, form, typed)
    except remarking.RemarkProblem as error:
        problem = (error.name, error.sentence)
        return desk_page(handle, desk, form, typed=typed, problem=problem, status=error.status)
    except judging.MarkedElsewhere as error:
        form["number"].process(None, (desk.judgement or {}).get("number", 0))
        clash = values_of(desk.rubric, desk.judgement)
        said = error.sentence
        return desk_page(handle, desk, form, clash=clash, sentence=said, typed=typed, status=409)
    except Conflict as error:  # taken back, or a board's result was recorded
        return desk_page(handle, desk, form, sentence=error.sentence, typed=typed, status=409)
    return _after_saving(handle, desk, act)


@blueprint.post("/<int:assignment_id>/<code>/release")
@who_may("tutor")
def release(handle: str, assignment_id: int, code: str) -> ResponseReturnValue:
    """Let the participant see the mark and send it to the gradebook."""
    desk = _desk(assignment_id, code)
    try:
        releasing.release_mark(
            session(),
            desk.assignment,
            desk.work,
            desk.terms,
            number=whole(request.form.get("number"), -1),
            actor_id=visits.current().person_id,
        )
    except Conflict as error:
        form = marking_form(desk.rubric, desk.rules)(data=values_of(desk.rubric, desk.judgement))
        return desk_page(handle, desk, form, sentence=error.sentence, status=409)
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
