"""The pages of double marking: who is second, the second and third markers' desk, agreeing.

Addresses hold the assignment's number and a candidate code. Names of participants are not shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.core.errors import Conflict, NotFound
from lti_tool.core.numerals import plain
from lti_tool.coursework.queries import HandedIn, get_handed_in
from lti_tool.db import session
from lti_tool.marking import judging, remarking
from lti_tool.marking.forms import marking_form, values_of, view_of
from lti_tool.marking.moderation import agreeing, pairs
from lti_tool.marking.moderation.markers import list_markers
from lti_tool.marking.moderation.places import Place, get_place
from lti_tool.marking.moderation.remarks_seen import list_shown
from lti_tool.marking.moderation.rounds import FieldProblem
from lti_tool.marking.queries import FIRST, SECOND, THIRD, find_judgement
from lti_tool.people import visits
from lti_tool.people.access import contexts_of
from lti_tool.web import notices
from lti_tool.web.forms import Choice, Form
from lti_tool.web.policy import who_may
from lti_tool.web.trust import TO_A_MARKER, show_trust_line

blueprint = Blueprint(
    "double",
    __name__,
    template_folder="../templates",
    url_prefix="/v/<handle>/marking/<int:assignment_id>",
)
FORM_ID = "marks-form"
notices.register(
    marker_named=("success", "The marker is named."),
    double_saved=("success", "Your marks are saved."),
)


class MarkerForm(Form):
    """Who marks second, or third."""

    marker = Choice("Marker", as_list=True)


def marker_form(data: Any = None) -> MarkerForm:
    """The form with the course's markers on offer."""
    form = MarkerForm(data)
    markers = list_markers(session(), visits.current())
    form.marker.offer({str(number): name for number, name in markers.items()})
    return form


def double_place(assignment_id: int) -> Place:
    """An assignment whose rules ask for two markers.

    :raises NotFound: they ask for one.
    """
    place = get_place(session(), assignment_id)
    if not place.rules.is_double_marked:
        raise NotFound("This activity is not double-marked: its rules ask for one marker.")
    return place


def _list_page(
    handle: str, place: Place, form: MarkerForm, status: int = 200
) -> ResponseReturnValue:
    visit = visits.current()
    held = pairs.list_pairs(session(), place.assignment)
    return render_template(
        "moderation/double.html",
        handle=handle,
        place=place,
        pairs=held,
        missing=sum(1 for one in held if SECOND not in one.turns and SECOND not in one.latest),
        hidden={
            one.work.submission_id: pairs.hidden_kinds(one, place.rules, visit.person_id)
            for one in held
        },
        names=list_markers(session(), visit),
        me=visit.person_id,
        form=form,
        has_errors=bool(form.errors),
        plain=plain,
    ), status


@blueprint.get("/double")
@who_may("tutor")
def double(handle: str, assignment_id: int) -> ResponseReturnValue:
    """Every piece with its two markers and how far they are."""
    return _list_page(handle, double_place(assignment_id), marker_form())


@blueprint.post("/double")
@who_may("tutor")
def name_second(handle: str, assignment_id: int) -> ResponseReturnValue:
    """Name the second marker of every piece that has none."""
    place = double_place(assignment_id)
    form = marker_form(request.form)
    if not form.validate():
        return _list_page(handle, place, form, 422)
    try:
        agreeing.name_marker(
            session(),
            place.assignment,
            kind=SECOND,
            markers=list_markers(session(), visits.current()),
            marker_id=int(form.marker.data),
            actor_id=visits.current().person_id,
        )
    except FieldProblem as error:
        form.problem(error.field, error.sentence)
        return _list_page(handle, place, form, 422)
    address = url_for(
        "double.double", handle=handle, assignment_id=assignment_id, done="marker-named"
    )
    return redirect(address, 303)


@dataclass(frozen=True, slots=True)
class _Desk:
    """One piece on the second or third marker's desk."""

    place: Place
    work: HandedIn
    pair: pairs.Pair
    kind: str
    judgement: dict[str, Any] | None


def judgement_row(work: HandedIn, kind: str) -> dict[str, Any] | None:
    """The newest judgement of a kind, or None."""
    row = find_judgement(session(), work.submission_id, kind)
    return dict(row._mapping) if row else None


def _desk(assignment_id: int, code: str, kind: str) -> _Desk:
    place = double_place(assignment_id)
    work = get_handed_in(session(), assignment_id, code, contexts_of(visits.current()))
    pair = pairs.get_pair(session(), place.assignment, work)
    return _Desk(place, work, pair, kind, judgement_row(work, kind))


def _look(
    handle: str,
    desk: _Desk,
    typed: Mapping[str, str] | None = None,
    problem: tuple[str, str] | None = None,
) -> remarking.Beside:
    """The work with the remarks this marker may see, and fields for their own."""
    me = visits.current().person_id
    action = url_for(
        "double.save",
        handle=handle,
        assignment_id=desk.place.assignment.id,
        code=desk.work.candidate_code,
        kind=desk.kind,
    )
    may_write = desk.pair.turns.get(desk.kind) == me and desk.place.assignment.closed_at is None
    return remarking.look_beside(
        session(),
        desk.place.assignment.activity,
        desk.work,
        list_shown(session(), desk.place.assignment, desk.place.rules, desk.work, me),
        me,
        form_id=FORM_ID if may_write else None,
        action=action,
        typed=typed,
        problem=problem,
    )


def _desk_page(
    handle: str,
    desk: _Desk,
    form: Form,
    *,
    clash: dict[str, Any] | None = None,
    sentence: str | None = None,
    note: str | None = None,
    typed: Mapping[str, str] | None = None,
    problem: tuple[str, str] | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    show_trust_line(TO_A_MARKER)
    me = visits.current().person_id
    hidden = pairs.hidden_kinds(desk.pair, desk.place.rules, me)
    shown = [one for one in (FIRST, SECOND) if one not in hidden and one != desk.kind]
    at = _look(handle, desk, typed, problem)
    return render_template(
        "moderation/second.html",
        handle=handle,
        desk=desk,
        form=form,
        is_mine=desk.pair.turns.get(desk.kind) == me,
        form_id=FORM_ID,
        others={one: judgement_row(desk.work, one) for one in shown if one in desk.pair.latest},
        at=at,
        clash=clash,
        sentence=sentence,
        problem=at.problem,
        note=note,
        has_errors=bool(form.errors or sentence or problem),
        plain=plain,
    ), status


@blueprint.get("/<code>/second", defaults={"kind": SECOND})
@blueprint.get("/<code>/third", defaults={"kind": THIRD})
@who_may("tutor")
def work(handle: str, assignment_id: int, code: str, kind: str) -> ResponseReturnValue:
    """One piece for its second or third marker; nobody else sees what they wrote until then."""
    desk = _desk(assignment_id, code, kind)
    me = visits.current().person_id
    given = desk.judgement if desk.pair.marker(kind) == me else None
    form = marking_form(desk.place.rubric, desk.place.rules)(
        data=values_of(desk.place.rubric, given)
    )
    return _desk_page(handle, desk, form)


def _keep_all(handle: str, desk: _Desk, form: Form, typed: dict[str, str]) -> None:
    """Marks, and remarks that were typed and not saved by themselves; all of it or nothing."""
    if typed:
        remarking.keep_all(session(), _look(handle, desk), list(typed.items()))
    judging.save_judgement(
        session(),
        desk.work,
        desk.place.rubric,
        desk.place.rules,
        view_of(desk.place.rubric, form),
        built_on=form["number"].data or 0,
        marker_id=visits.current().person_id,
        kind=desk.kind,
    )


@blueprint.post("/<code>/second", defaults={"kind": SECOND})
@blueprint.post("/<code>/third", defaults={"kind": THIRD})
@who_may("tutor")
def save(handle: str, assignment_id: int, code: str, kind: str) -> ResponseReturnValue:
    """Keep the second or third marker's marks, whole or in part."""
    desk = _desk(assignment_id, code, kind)
    place, me = desk.place, visits.current().person_id
    agreeing.require_turn(session(), place.assignment, desk.pair, place.rules, kind, me)
    form = marking_form(place.rubric, place.rules)(request.form)
    typed = remarking.read_typed(request.form)
    act = request.form.get("act", "save")
    if not act.startswith(remarking.ACTS) and not form.validate():
        return _desk_page(handle, desk, form, typed=typed, status=422)
    try:
        with session().begin_nested():
            if act.startswith(remarking.ACTS):
                left = remarking.do_act(session(), _look(handle, desk), act, typed)
            else:
                _keep_all(handle, desk, form, typed)
    except remarking.RemarkProblem as error:
        problem = (error.name, error.sentence)
        return _desk_page(handle, desk, form, typed=typed, problem=problem, status=error.status)
    except judging.MarkedElsewhere as error:
        now = judgement_row(desk.work, kind)
        form["number"].process(None, (now or {}).get("number", 0))
        clash, said = values_of(place.rubric, now), error.sentence
        return _desk_page(handle, desk, form, clash=clash, sentence=said, typed=typed, status=409)
    except Conflict as error:  # taken back, or a board's result was recorded
        return _desk_page(handle, desk, form, sentence=error.sentence, typed=typed, status=409)
    if act.startswith(remarking.ACTS):
        note = "Your remark is kept as you wanted it. The marks are not saved yet."
        return _desk_page(handle, desk, form, note=note, typed=left)
    address = url_for(
        "double.work",
        handle=handle,
        assignment_id=assignment_id,
        code=code,
        kind=kind,
        done="double-saved",
    )
    return redirect(address, 303)


def require_both_in(pair: pairs.Pair) -> None:
    """Refuse to show marks side by side while one is missing.

    :raises Conflict: it is.
    """
    if not pair.both_in:
        raise Conflict("Both markers have to give their mark first. Then they are shown together.")
