"""The page on which two markers agree a mark, with both views side by side."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.core.errors import Conflict
from lti_tool.core.numerals import plain, whole
from lti_tool.coursework.queries import HandedIn, get_handed_in
from lti_tool.db import session
from lti_tool.marking import judging
from lti_tool.marking.forms import marking_form, values_of, view_of
from lti_tool.marking.moderation import agreeing, pairs
from lti_tool.marking.moderation.double_views import (
    MarkerForm,
    double_place,
    judgement_row,
    marker_form,
    require_both_in,
)
from lti_tool.marking.moderation.markers import list_markers
from lti_tool.marking.moderation.places import Place
from lti_tool.marking.moderation.rounds import FieldProblem
from lti_tool.marking.queries import AGREED, FIRST, SECOND, THIRD
from lti_tool.people import visits
from lti_tool.people.access import contexts_of
from lti_tool.web import notices
from lti_tool.web.forms import Form, LongText
from lti_tool.web.policy import who_may

blueprint = Blueprint(
    "agree",
    __name__,
    template_folder="../templates",
    url_prefix="/v/<handle>/marking/<int:assignment_id>/<code>/agree",
)
notices.register(
    mark_agreed=("success", "The mark is agreed. It is the one that counts."),
    third_asked=("success", "The third marker is named."),
)


def _agree_form(place: Place) -> type[Form]:
    """The marking form, with a reason that is needed in the place of the private note."""
    why = LongText("Why this mark was agreed", 5000, hint="For markers and moderators only.")
    return type("AgreeForm", (marking_form(place.rubric, place.rules),), {"private_note": why})


def _found(assignment_id: int, code: str) -> tuple[Place, HandedIn, pairs.Pair]:
    place = double_place(assignment_id)
    work = get_handed_in(session(), assignment_id, code, contexts_of(visits.current()))
    return place, work, pairs.get_pair(session(), place.assignment, work)


def _values(place: Place, work: HandedIn) -> dict[str, Any]:
    """What the form begins with: the agreed view, else the first without its note."""
    agreed = judgement_row(work, AGREED)
    if agreed is not None:
        return values_of(place.rubric, agreed)
    return {**values_of(place.rubric, judgement_row(work, FIRST)), "number": 0, "private_note": ""}


def _page(
    handle: str,
    place: Place,
    pair: pairs.Pair,
    form: Form | None = None,
    third: MarkerForm | None = None,
    *,
    sentence: str | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    require_both_in(pair)
    work, visit = pair.work, visits.current()
    form = form or _agree_form(place)(data=_values(place, work))
    third = third or marker_form()
    hidden = pairs.hidden_kinds(pair, place.rules, visit.person_id)
    kinds = [one for one in (FIRST, SECOND, THIRD) if one in pair.latest and one not in hidden]
    return render_template(
        "moderation/agree.html",
        handle=handle,
        place=place,
        pair=pair,
        given={one: judgement_row(work, one) for one in kinds},
        agreed=judgement_row(work, AGREED),
        names=list_markers(session(), visit),
        same_band=pairs.is_same_band(pair, place.rubric),
        nearest=pairs.nearest_to_third(pair),
        may_agree=visit.person_id in pair.markers() or visit.is_leader,
        form=form,
        third=third,
        sentence=sentence,
        has_errors=bool(form.errors or third.errors or sentence),
        plain=plain,
    ), status


def _back(handle: str, work: HandedIn, done: str) -> ResponseReturnValue:
    address = url_for(
        "agree.side_by_side",
        handle=handle,
        assignment_id=work.assignment_id,
        code=work.candidate_code,
        done=done,
    )
    return redirect(address, 303)


@blueprint.get("")
@who_may("tutor")
def side_by_side(handle: str, assignment_id: int, code: str) -> ResponseReturnValue:
    """Both views beside one another, once both are in."""
    place, _, pair = _found(assignment_id, code)
    return _page(handle, place, pair)


def _require_agreeable(place: Place, pair: pairs.Pair) -> pairs.Pair:
    visit = visits.current()
    return agreeing.require_agreeable(
        session(), place.assignment, pair, visit.person_id, visit.is_leader
    )


@blueprint.post("")
@who_may("tutor")
def agree(handle: str, assignment_id: int, code: str) -> ResponseReturnValue:
    """Keep an agreed mark, with the reason."""
    place, work, pair = _found(assignment_id, code)
    pair = _require_agreeable(place, pair)
    form = _agree_form(place)(request.form)
    if not form.validate():
        return _page(handle, place, pair, form, status=422)
    view = view_of(place.rubric, form)
    me = visits.current().person_id
    try:
        mark = judging.save_judgement(
            session(),
            work,
            place.rubric,
            place.rules,
            view,
            built_on=form["number"].data or 0,
            marker_id=me,
            kind=AGREED,
        )
    except judging.MarkedElsewhere as error:
        form["number"].process(None, pair.latest[AGREED].number if AGREED in pair.latest else 0)
        return _page(handle, place, pair, form, sentence=error.sentence, status=409)
    except Conflict as error:  # a board's result was recorded
        return _page(handle, place, pair, form, sentence=error.sentence, status=409)
    if mark is None:
        sentence = "An agreed mark needs every criterion marked."
        return _page(handle, place, pair, form, sentence=sentence, status=422)
    agreeing.note_agreed(session(), place.assignment, pair, "agreed", view.private_note, me)
    return _back(handle, work, "mark-agreed")


@blueprint.post("/stands")
@who_may("tutor")
def let_stand(handle: str, assignment_id: int, code: str) -> ResponseReturnValue:
    """One click: the mark that the rules say may stand."""
    place, work, pair = _found(assignment_id, code)
    pair = _require_agreeable(place, pair)
    try:
        agreeing.let_stand(
            session(),
            place.assignment,
            place.rubric,
            pair,
            built_on=whole(request.form.get("number"), -1),
            actor_id=visits.current().person_id,
        )
    except Conflict as error:
        return _page(handle, place, pair, sentence=error.sentence, status=409)
    return _back(handle, work, "mark-agreed")


@blueprint.post("/third")
@who_may("tutor")
def ask_third(handle: str, assignment_id: int, code: str) -> ResponseReturnValue:
    """Ask a third marker, where none is agreed."""
    place, work, pair = _found(assignment_id, code)
    pair = _require_agreeable(place, pair)
    third = marker_form(request.form)
    if not third.validate():
        return _page(handle, place, pair, third=third, status=422)
    try:
        agreeing.name_marker(
            session(),
            place.assignment,
            kind=THIRD,
            markers=list_markers(session(), visits.current()),
            marker_id=int(third.marker.data),
            submission_id=work.submission_id,
            actor_id=visits.current().person_id,
        )
    except FieldProblem as error:
        third.problem(error.field, error.sentence)
        return _page(handle, place, pair, third=third, status=422)
    return _back(handle, work, "third-asked")
