"""Recording what a board, or an NPQ's lead provider, decided for some people of a cohort."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.core.errors import Conflict
from lti_tool.db import session
from lti_tool.people import visits
from lti_tool.programme.cohorts.awarding import Checked, Decision, check, record_awards
from lti_tool.programme.cohorts.forms import AwardForm
from lti_tool.programme.cohorts.numbers import load_law
from lti_tool.programme.cohorts.overview import PersonLine, look_over
from lti_tool.programme.cohorts.pages import blueprint, config_dir
from lti_tool.programme.cohorts.queries import CohortRead, ProgrammeRead
from lti_tool.programme.cohorts.reach import get_cohort
from lti_tool.programme.cohorts.words import AWARDS, AWARDS_OF, NO_AWARD, NPQ
from lti_tool.web.policy import who_may


def _said(line: PersonLine) -> str:
    """What stands beside a person's tick."""
    if line.awarded is not None:
        said = f"decided before: {AWARDS[line.awarded.kind]}"
        return said + (", could be raised now" if line.can_be_raised else "")
    if line.facts.route == NPQ:
        return "no result yet"
    if line.forecast.kind == NO_AWARD:
        return "nothing yet: " + " ".join(line.forecast.missing)
    return AWARDS[line.forecast.kind]


def _form(programme: ProgrammeRead, lines: list[PersonLine], posted: bool) -> AwardForm:
    asked = request.args.get("entry", "")
    form = AwardForm(request.form if posted else None, data={"people": [asked]})
    form.kind.offer({kind: AWARDS[kind] for kind in AWARDS_OF[programme.route]})
    form.people.offer({str(one.entry): f"{one.name}: {_said(one)}" for one in lines})
    return form


def _page(
    handle: str,
    programme: ProgrammeRead,
    cohort: CohortRead,
    form: AwardForm,
    *,
    checked: Checked | None = None,
    sentence: str | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    return render_template(
        "cohorts/award.html",
        handle=handle,
        programme=programme,
        cohort=cohort,
        form=form,
        checked=checked,
        is_npq=programme.route == NPQ,
        sentence=sentence,
        has_errors=bool(form.errors or sentence),
    ), status


def _lines(programme: ProgrammeRead, cohort: CohortRead) -> list[PersonLine]:
    """Who can be given a decision: whoever is or was on the way, not those who left."""
    lines = look_over(session(), config_dir(), programme, cohort)
    return [one for one in lines if one.standing.can_be_awarded]


@blueprint.get("/<int:cohort_id>/award")
@who_may("leader")
def award(handle: str, cohort_id: int) -> ResponseReturnValue:
    """Everybody with what a board could award them now."""
    programme, cohort = get_cohort(session(), visits.current(), cohort_id)
    lines = _lines(programme, cohort)
    return _page(handle, programme, cohort, _form(programme, lines, posted=False))


@blueprint.post("/<int:cohort_id>/award")
@who_may("leader")
def save_award(handle: str, cohort_id: int) -> ResponseReturnValue:
    """Record a decision for those who are ticked: all of them or none."""
    programme, cohort = get_cohort(session(), visits.current(), cohort_id)
    lines = _lines(programme, cohort)
    form = _form(programme, lines, posted=True)
    if not form.validate():
        return _page(handle, programme, cohort, form, status=422)
    ticked = [one for one in lines if str(one.entry) in form.people.data]
    decision = Decision(form.kind.data, form.decided_on.data, form.reason.data)
    law = load_law(config_dir())
    checked = check(law, ticked, decision)
    if checked.barred:
        form.problem("people", "For some of those who are ticked this cannot be recorded.")
    if checked.doubtful and not decision.reason:
        form.problem("reason", "Give a reason: the tool does not know all that this rests on.")
    if form.errors:
        return _page(handle, programme, cohort, form, checked=checked, status=422)
    try:
        record_awards(session(), law, cohort, ticked, decision, actor_id=visits.current().person_id)
    except Conflict as error:
        return _page(handle, programme, cohort, form, sentence=error.sentence, status=409)
    return redirect(
        url_for("cohorts.cohort", handle=handle, cohort_id=cohort.id, done="award-kept"), 303
    )
