"""The pages of sampled moderation: what could be drawn, the draw, and how it ends.

Work goes by candidate codes here, for every marker. Nothing on these pages changes a mark.
"""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.core.errors import Conflict
from lti_tool.core.numerals import plain
from lti_tool.coursework.queries import list_assignments
from lti_tool.coursework.rules import MARKS
from lti_tool.db import session
from lti_tool.marking.moderation import queries, record, rounds, words
from lti_tool.marking.moderation.decisions import covers_all, decide
from lti_tool.marking.moderation.forms import (
    DecisionForm,
    ScaleReasonForm,
    ScalingForm,
    StartForm,
)
from lti_tool.marking.moderation.markers import list_markers
from lti_tool.marking.moderation.places import Place, get_place
from lti_tool.marking.moderation.population import get_population
from lti_tool.marking.moderation.sampling import rule_of
from lti_tool.marking.moderation.scaling import in_words, list_scaled
from lti_tool.marking.queries import list_released
from lti_tool.people import visits
from lti_tool.people.access import contexts_of
from lti_tool.web import notices
from lti_tool.web.forms import Form
from lti_tool.web.policy import who_may

blueprint = Blueprint(
    "moderation", __name__, template_folder="../templates", url_prefix="/v/<handle>/moderation"
)
notices.register(
    moderation_drawn=("success", "The sample is drawn. Its pieces are listed below."),
    moderation_decided=("success", "The moderation is decided."),
    piece_kept=("success", "Kept. No mark was changed."),
)


@blueprint.get("/")
@who_may("tutor")
def overview(handle: str) -> ResponseReturnValue:
    """Every activity of the course, with its rounds."""
    assignments = list_assignments(session(), contexts_of(visits.current()), in_use=True)
    counts = queries.count_rounds(session(), {one.id for one in assignments})
    return render_template(
        "moderation/overview.html", handle=handle, assignments=assignments, counts=counts
    )


def _start_page(
    handle: str,
    place: Place,
    form: Form,
    *,
    sentence: str | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    population = get_population(session(), place.assignment, place.rules)
    found = queries.list_rounds(session(), place.assignment.id)
    rule = rule_of(place.rules, place.rubric)
    return render_template(
        "moderation/assignment.html",
        handle=handle,
        place=place,
        rounds=found,
        is_open=any(one.is_open for one in found),
        population=population,
        preview=words.preview(rule, population.marks),
        form=form,
        sentence=sentence,
        has_errors=bool(form.errors or sentence),
        words=words,
    ), status


def _start_form(markers: dict[int, str], data: Any = None) -> StartForm:
    form = StartForm(data)
    form.moderator.offer({str(number): name for number, name in markers.items()})
    return form


@blueprint.get("/<int:assignment_id>")
@who_may("tutor")
def assignment(handle: str, assignment_id: int) -> ResponseReturnValue:
    """One activity: its rounds, and what a new sample would be drawn from."""
    place = get_place(session(), assignment_id)
    return _start_page(handle, place, _start_form(list_markers(session(), visits.current())))


@blueprint.post("/<int:assignment_id>/start")
@who_may("tutor")
def start(handle: str, assignment_id: int) -> ResponseReturnValue:
    """Draw the sample and give it to a moderator."""
    place = get_place(session(), assignment_id)
    markers = list_markers(session(), visits.current())
    form = _start_form(markers, request.form)
    if not form.validate():
        return _start_page(handle, place, form, status=422)
    try:
        number = rounds.start_round(
            session(),
            place.assignment,
            place.rules,
            place.rubric,
            markers=markers,
            moderator_id=int(form.moderator.data),
            is_blind=form.is_blind.data,
            actor_id=visits.current().person_id,
        )
    except rounds.FieldProblem as error:
        form.problem(error.field, error.sentence)
        return _start_page(handle, place, form, status=422)
    except Conflict as error:
        return _start_page(handle, place, form, sentence=error.sentence, status=409)
    return _to_round(handle, assignment_id, number, "moderation-drawn")


def _to_round(handle: str, assignment_id: int, number: int, done: str) -> ResponseReturnValue:
    return redirect(
        url_for(
            "moderation.show_round",
            handle=handle,
            assignment_id=assignment_id,
            number=number,
            done=done,
        ),
        303,
    )


def _round_page(
    handle: str,
    place: Place,
    one: queries.RoundRead,
    form: Form,
    *,
    sentence: str | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    shown = record.get_record(session(), place.rules, one, visits.current().person_id)
    population = get_population(session(), place.assignment, place.rules)
    return render_template(
        "moderation/round.html",
        handle=handle,
        place=place,
        one=one,
        record=shown,
        changed=record.count_changed(one, population),
        can_scale=covers_all(one, population) and place.rules.mode == MARKS,
        is_mine=one.moderator_id == visits.current().person_id,
        form=form,
        sentence=sentence,
        has_errors=bool(form.errors or sentence),
        plain=plain,
        words=words,
        in_words=in_words,
    ), status


@blueprint.get("/<int:assignment_id>/<int:number>")
@who_may("tutor")
def show_round(handle: str, assignment_id: int, number: int) -> ResponseReturnValue:
    """The record of one round: rule, draw, what the moderator found, and the decision."""
    place = get_place(session(), assignment_id)
    one = queries.get_round(session(), assignment_id, number)
    return _round_page(handle, place, one, DecisionForm())


@blueprint.post("/<int:assignment_id>/<int:number>/decide")
@who_may("tutor")
def decide_round(handle: str, assignment_id: int, number: int) -> ResponseReturnValue:
    """Confirm, have all marked again, or abandon."""
    place = get_place(session(), assignment_id)
    one = queries.get_round(session(), assignment_id, number)
    form = DecisionForm(request.form)
    if not form.validate():
        return _round_page(handle, place, one, form, status=422)
    try:
        decide(
            session(),
            place.assignment,
            place.rules,
            one,
            form.decision.data,
            reason=form.reason.data,
            actor_id=visits.current().person_id,
        )
    except Conflict as error:
        return _round_page(handle, place, one, form, sentence=error.sentence, status=409)
    return _to_round(handle, assignment_id, number, "moderation-decided")


def _scale_page(
    handle: str,
    place: Place,
    one: queries.RoundRead,
    form: ScalingForm,
    reason: ScaleReasonForm,
    *,
    is_asked: bool,
    sentence: str | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    record.require_looked_at(session(), one)
    is_good = is_asked and form.validate()
    codes = record.codes_of(session(), place.assignment)
    return render_template(
        "moderation/scale.html",
        handle=handle,
        place=place,
        one=one,
        form=form,
        reason=reason,
        lines=list_scaled(one.marks, form.scaling, place.rules, codes) if is_good else None,
        released=len(list_released(session(), one.population)),
        sentence=sentence,
        has_errors=bool(form.errors or reason.errors or sentence),
        plain=plain,
        in_words=in_words,
    ), (422 if is_asked and not is_good else status)


@blueprint.get("/<int:assignment_id>/<int:number>/scale")
@who_may("tutor")
def preview_scaling(handle: str, assignment_id: int, number: int) -> ResponseReturnValue:
    """Every mark before and after a scaling; nothing is changed."""
    place = get_place(session(), assignment_id)
    one = queries.get_round(session(), assignment_id, number)
    is_asked = bool(request.args.get("kind") or request.args.get("amount"))
    form = ScalingForm(request.args if is_asked else None)
    return _scale_page(handle, place, one, form, ScaleReasonForm(), is_asked=is_asked)


@blueprint.post("/<int:assignment_id>/<int:number>/scale")
@who_may("tutor")
def scale(handle: str, assignment_id: int, number: int) -> ResponseReturnValue:
    """Scale the whole cohort, as previewed."""
    place = get_place(session(), assignment_id)
    one = queries.get_round(session(), assignment_id, number)
    form, reason = ScalingForm(request.form), ScaleReasonForm(request.form)
    if not (form.validate() and reason.validate()):
        return _scale_page(handle, place, one, form, reason, is_asked=True, status=422)
    try:
        decide(
            session(),
            place.assignment,
            place.rules,
            one,
            queries.SCALED,
            reason=reason.reason.data,
            scaling=form.scaling,
            actor_id=visits.current().person_id,
        )
    except Conflict as error:
        return _scale_page(
            handle, place, one, form, reason, is_asked=True, sentence=error.sentence, status=409
        )
    return _to_round(handle, assignment_id, number, "moderation-decided")
