"""A cohort: begin it, change it, join its courses, see everybody's standing."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.core.errors import Conflict, NotFound
from lti_tool.db import session
from lti_tool.people import visits
from lti_tool.people.queries import names_of
from lti_tool.programme.cohorts import beginning, joining
from lti_tool.programme.cohorts.awards import years_after
from lti_tool.programme.cohorts.beginning import CohortValues
from lti_tool.programme.cohorts.forms import CohortForm, JoinForm
from lti_tool.programme.cohorts.operations import NameTaken, RouteClosed
from lti_tool.programme.cohorts.outcome_sets import find_set_of, list_offered
from lti_tool.programme.cohorts.overview import PersonLine, look_over
from lti_tool.programme.cohorts.pages import PAGE, blueprint, config_dir, page_number
from lti_tool.programme.cohorts.participation import bring_in, list_elsewhere, listed_in
from lti_tool.programme.cohorts.queries import (
    CohortRead,
    ProgrammeRead,
    find_cohort,
    list_cohorts,
    list_modules,
    runs_of,
)
from lti_tool.programme.cohorts.reach import get_cohort, get_programme
from lti_tool.programme.cohorts.words import AWARDS, STATUS_CHIPS, STATUSES
from lti_tool.web.policy import who_may

NEEDS = "needs"
"""The filter that shows whom somebody should look at."""


def _offer_sets(form: CohortForm, cohort: CohortRead | None = None) -> CohortForm:
    """Offer the outcome sets in force, and the one that a cohort has."""
    registration_id = visits.current().registration_id
    offered = list_offered(session(), config_dir(), registration_id)
    kept = find_set_of(session(), config_dir(), cohort) if cohort else None
    titles = {one.key: one.title for one in offered}
    form.outcome_set.offer(titles | ({kept.key: kept.title} if kept else {}))
    return form


def _values(form: CohortForm) -> CohortValues:
    return CohortValues(
        form.title.data, form.starts_on.data, form.ends_on.data, form.outcome_set.data
    )


def _new_page(
    handle: str,
    programme: ProgrammeRead,
    previous: CohortRead | None,
    form: CohortForm,
    status: int = 200,
) -> ResponseReturnValue:
    return render_template(
        "cohorts/new_cohort.html",
        handle=handle,
        programme=programme,
        previous=previous,
        form=form,
        has_errors=bool(form.errors),
    ), status


def _previous(programme: ProgrammeRead) -> CohortRead | None:
    """The cohort that the new one follows, where the address names one of this programme."""
    asked = request.args.get("after", "")
    cohorts = list_cohorts(session(), programme.id)
    return next((one for one in cohorts if str(one.id) == asked), None)


@blueprint.get("/programmes/<int:programme_id>/cohorts/new")
@who_may("leader")
def new_cohort(handle: str, programme_id: int) -> ResponseReturnValue:
    """A form for a cohort; one that follows another begins a year after it."""
    programme = get_programme(session(), visits.current(), programme_id)
    previous = _previous(programme)
    data = {}
    if previous is not None:
        data = {
            "starts_on": years_after(previous.starts_on, 1),
            "ends_on": years_after(previous.ends_on, 1) if previous.ends_on else None,
            "outcome_set": previous.outcome_set,
        }
    return _new_page(handle, programme, previous, _offer_sets(CohortForm(data=data)))


@blueprint.post("/programmes/<int:programme_id>/cohorts/new")
@who_may("leader")
def begin_cohort(handle: str, programme_id: int) -> ResponseReturnValue:
    """Begin a cohort."""
    visit = visits.current()
    programme = get_programme(session(), visit, programme_id)
    previous = _previous(programme)
    form = _offer_sets(CohortForm(request.form))
    if not form.validate():
        return _new_page(handle, programme, previous, form, 422)
    try:
        made = beginning.make_cohort(
            session(),
            config_dir(),
            programme,
            _values(form),
            previous_id=previous.id if previous else None,
            actor_id=visit.person_id,
        )
    except RouteClosed as error:
        form.problem("starts_on", error.sentence)
        return _new_page(handle, programme, previous, form, 422)
    except NameTaken as error:
        form.problem("title", error.sentence)
        return _new_page(handle, programme, previous, form, 409)
    page, done = ("forward", "cohort-next") if previous else ("cohort", "cohort-begun")
    return redirect(url_for(f"cohorts.{page}", handle=handle, cohort_id=made, done=done), 303)


def keep_shown(lines: list[PersonLine]) -> list[PersonLine]:
    """The people under the filter in the address."""
    wanted = request.args.get("show", "")
    if wanted == NEEDS:
        return [one for one in lines if one.needs_person]
    if wanted in STATUSES:
        return [one for one in lines if one.standing.status == wanted]
    return lines


def _join_form(cohort: CohortRead, programme: ProgrammeRead, posted: bool) -> JoinForm:
    form = JoinForm(request.form if posted else None)
    runs = {one.module_id for one in runs_of(session(), cohort.id)}
    modules = list_modules(session(), programme.id)
    form.module.offer(
        {str(one.id): one.title + (" (once more)" if one.id in runs else "") for one in modules}
    )
    courses = joining.list_courses(session(), visits.current())
    form.course.offer({str(one.context_id): one.title for one in courses})
    return form


def _page(
    handle: str,
    programme: ProgrammeRead,
    cohort: CohortRead,
    *,
    join: JoinForm | None = None,
    sentence: str | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    lines = look_over(session(), config_dir(), programme, cohort)
    found = keep_shown(lines)
    number, pages = page_number(len(found))
    elsewhere = list_elsewhere(session(), cohort, listed_in(session(), cohort))
    return render_template(
        "cohorts/cohort.html",
        handle=handle,
        programme=programme,
        cohort=cohort,
        outcome_set=find_set_of(session(), config_dir(), cohort),
        previous=find_cohort(session(), cohort.previous_id) if cohort.previous_id else None,
        runs=runs_of(session(), cohort.id),
        join=join or _join_form(cohort, programme, posted=False),
        lines=found[(number - 1) * PAGE : number * PAGE],
        total=len(lines),
        shown=request.args.get("show", ""),
        counts={key: sum(x.standing.status == key for x in lines) for key in STATUSES},
        needs=sum(one.needs_person for one in lines),
        elsewhere=sorted(names_of(session(), elsewhere).values()),
        page=number,
        pages=pages,
        statuses=STATUSES,
        chips=STATUS_CHIPS,
        awards=AWARDS,
        sentence=sentence,
        has_errors=bool(sentence or (join and join.errors)),
    ), status


@blueprint.get("/<int:cohort_id>")
@who_may("leader")
def cohort(handle: str, cohort_id: int) -> ResponseReturnValue:
    """Everybody's standing, credits, what a board could award, what closes."""
    return _page(handle, *get_cohort(session(), visits.current(), cohort_id))


def _back(handle: str, cohort_id: int, done: str) -> ResponseReturnValue:
    return redirect(url_for("cohorts.cohort", handle=handle, cohort_id=cohort_id, done=done), 303)


@blueprint.post("/<int:cohort_id>/courses")
@who_may("leader")
def join_course(handle: str, cohort_id: int) -> ResponseReturnValue:
    """Join a course as the run of a module, and bring in who takes part in it."""
    visit = visits.current()
    programme, found = get_cohort(session(), visit, cohort_id)
    form = _join_form(found, programme, posted=True)
    if not form.validate():
        return _page(handle, programme, found, join=form, status=422)
    module = next(
        one for one in list_modules(session(), programme.id) if str(one.id) == form.module.data
    )
    try:
        joining.join_course(session(), visit, programme, found, module, int(form.course.data))
    except (Conflict, NotFound) as error:
        form.problem("course", error.sentence)
        return _page(handle, programme, found, join=form, status=409)
    bring_in(session(), found, actor_id=visit.person_id)
    return _back(handle, cohort_id, "course-joined")


@blueprint.post("/<int:cohort_id>/courses/leave")
@who_may("leader")
def leave_course(handle: str, cohort_id: int) -> ResponseReturnValue:
    """Take a course out."""
    visit = visits.current()
    _, found = get_cohort(session(), visit, cohort_id)
    wanted = request.form.get("course", "")
    run = next((x for x in runs_of(session(), found.id) if str(x.context_id) == wanted), None)
    if run is None:
        raise NotFound("This course is not joined to this cohort.")
    joining.leave_course(session(), found, run.context_id, actor_id=visit.person_id)
    return _back(handle, cohort_id, "course-left")


@blueprint.post("/<int:cohort_id>/people")
@who_may("leader")
def read_people(handle: str, cohort_id: int) -> ResponseReturnValue:
    """Bring in whom the course site's lists have gained."""
    visit = visits.current()
    _, found = get_cohort(session(), visit, cohort_id)
    bring_in(session(), found, actor_id=visit.person_id)
    return _back(handle, cohort_id, "people-read")


def _edit_page(
    handle: str,
    programme: ProgrammeRead,
    cohort: CohortRead,
    form: CohortForm,
    sentence: str | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    return render_template(
        "cohorts/edit_cohort.html",
        handle=handle,
        programme=programme,
        cohort=cohort,
        form=form,
        sentence=sentence,
        has_errors=bool(form.errors or sentence),
    ), status


@blueprint.get("/<int:cohort_id>/change")
@who_may("leader")
def edit_cohort(handle: str, cohort_id: int) -> ResponseReturnValue:
    """What a cohort is, to be changed."""
    programme, found = get_cohort(session(), visits.current(), cohort_id)
    return _edit_page(handle, programme, found, _offer_sets(CohortForm(obj=found), found))


@blueprint.post("/<int:cohort_id>/change")
@who_may("leader")
def save_cohort(handle: str, cohort_id: int) -> ResponseReturnValue:
    """Change title, days or outcome set."""
    visit = visits.current()
    programme, found = get_cohort(session(), visit, cohort_id)
    form = _offer_sets(CohortForm(request.form), found)
    if not form.validate():
        return _edit_page(handle, programme, found, form, status=422)
    try:
        beginning.change_cohort(
            session(),
            config_dir(),
            programme,
            found,
            _values(form),
            revision=form.revision.data or 0,
            actor_id=visit.person_id,
        )
    except RouteClosed as error:
        form.problem("starts_on", error.sentence)
        return _edit_page(handle, programme, found, form, status=422)
    except NameTaken as error:
        form.problem("title", error.sentence)
        return _edit_page(handle, programme, found, form, status=409)
    except Conflict as error:
        fresh = _offer_sets(CohortForm(obj=found), found)
        return _edit_page(handle, programme, found, fresh, error.sentence, 409)
    return _back(handle, cohort_id, "cohort-saved")
