"""One person in a cohort: status and its history, results, number, what a board decided."""

from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.core import clock
from lti_tool.core.errors import Conflict, NotFound
from lti_tool.core.numerals import plain
from lti_tool.db import session
from lti_tool.people import visits
from lti_tool.people.queries import names_of
from lti_tool.programme.cohorts.awarding import list_awards
from lti_tool.programme.cohorts.forms import NumberForm, StatusForm
from lti_tool.programme.cohorts.overview import PersonLine, look_over
from lti_tool.programme.cohorts.pages import blueprint, config_dir
from lti_tool.programme.cohorts.participation import Change, change_status
from lti_tool.programme.cohorts.queries import (
    CohortRead,
    ProgrammeRead,
    list_cohorts_of,
)
from lti_tool.programme.cohorts.reach import get_cohort, list_led
from lti_tool.programme.cohorts.results.recording import keep_number
from lti_tool.programme.cohorts.results.shown import history_of
from lti_tool.programme.cohorts.standing import find_by_entry, list_steps
from lti_tool.programme.cohorts.words import AWARDS, BOARD_STATES, STATUS_CHIPS, STATUSES
from lti_tool.web.policy import who_may


@dataclass(frozen=True, slots=True)
class Here:
    """Whose page it is."""

    programme: ProgrammeRead
    cohort: CohortRead
    line: PersonLine


def open_person(cohort_id: int, entry: int) -> Here:
    """The person whom pages name by this number, in a cohort that the visit's person leads."""
    programme, cohort = get_cohort(session(), visits.current(), cohort_id)
    person_id = find_by_entry(session(), cohort.id, entry)
    lines = look_over(session(), config_dir(), programme, cohort)
    line = next((one for one in lines if one.person_id == person_id), None)
    if line is None:
        raise NotFound("There is no such person in this cohort.")
    return Here(programme, cohort, line)


def _status_form(here: Here, posted: bool) -> StatusForm:
    steps = list_steps(session(), here.cohort.id, here.line.person_id)
    data = {"since_on": clock.today(), "built_on": max(one.id for one in steps)}
    form = StatusForm(request.form if posted else None, data=data)
    led = list_led(session(), visits.current())
    titles = {one.id: one.title for one in led}
    form.to_cohort.offer(
        {
            str(one.id): f"{one.title} ({titles[one.programme_id]})"
            for one in list_cohorts_of(session(), list(titles))
            if one.id != here.cohort.id
        }
    )
    return form


def _page(
    handle: str,
    here: Here,
    *,
    form: StatusForm | None = None,
    number: NumberForm | None = None,
    sentence: str | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    steps = list_steps(session(), here.cohort.id, here.line.person_id)
    return render_template(
        "cohorts/person.html",
        handle=handle,
        programme=here.programme,
        cohort=here.cohort,
        line=here.line,
        steps=steps,
        by=names_of(session(), {one.recorded_by_id for one in steps if one.recorded_by_id}),
        results=history_of(session(), here.programme.id, here.line.person_id),
        decided=list_awards(session(), here.cohort.id, here.line.person_id),
        form=form or _status_form(here, posted=False),
        number=number or NumberForm(data={"number": here.line.number}),
        statuses=STATUSES,
        chips=STATUS_CHIPS,
        board_states=BOARD_STATES,
        awards=AWARDS,
        plain=plain,
        sentence=sentence,
        has_errors=bool(sentence or (form and form.errors) or (number and number.errors)),
    ), status


@blueprint.get("/<int:cohort_id>/people/<int:entry>")
@who_may("leader")
def person(handle: str, cohort_id: int, entry: int) -> ResponseReturnValue:
    """Where somebody stands and how it came about."""
    return _page(handle, open_person(cohort_id, entry))


def _back(handle: str, here: Here, done: str) -> ResponseReturnValue:
    return redirect(
        url_for(
            "cohorts.person",
            handle=handle,
            cohort_id=here.cohort.id,
            entry=here.line.entry,
            done=done,
        ),
        303,
    )


@blueprint.post("/<int:cohort_id>/people/<int:entry>/status")
@who_may("leader")
def save_status(handle: str, cohort_id: int, entry: int) -> ResponseReturnValue:
    """Give somebody a status from a day on."""
    here = open_person(cohort_id, entry)
    form = _status_form(here, posted=True)
    if not form.validate():
        return _page(handle, here, form=form, status=422)
    to_cohort = int(form.to_cohort.data) if form.to_cohort.data else None
    change = Change(form.status.data, form.since_on.data, form.reason.data, to_cohort)
    try:
        change_status(
            session(),
            here.cohort,
            here.line.person_id,
            change,
            built_on=form.built_on.data or 0,
            actor_id=visits.current().person_id,
        )
    except Conflict as error:
        return _page(handle, here, form=form, sentence=error.sentence, status=409)
    return _back(handle, here, "status-kept")


@blueprint.post("/<int:cohort_id>/people/<int:entry>/number")
@who_may("leader")
def save_number(handle: str, cohort_id: int, entry: int) -> ResponseReturnValue:
    """Keep somebody's student number."""
    here = open_person(cohort_id, entry)
    form = NumberForm(request.form)
    if not form.validate():
        return _page(handle, here, number=form, status=422)
    visit = visits.current()
    try:
        keep_number(
            session(),
            visit.registration_id,
            here.line.person_id,
            form.number.data,
            actor_id=visit.person_id,
        )
    except Conflict as error:
        form.problem("number", error.sentence)
        return _page(handle, here, number=form, status=409)
    return _back(handle, here, "number-kept")
