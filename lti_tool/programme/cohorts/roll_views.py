"""Carrying a cohort forward into the next: courses, set-ups, dates, and who goes on."""

from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.core import clock
from lti_tool.core.errors import Conflict, NotFound
from lti_tool.coursework.calendar import Calendar, load_calendar
from lti_tool.coursework.carrying import Dates
from lti_tool.db import session
from lti_tool.people import visits
from lti_tool.programme.cohorts.forms import DatesForm, FollowForm, ForwardForm, GoingOnForm
from lti_tool.programme.cohorts.joining import list_courses
from lti_tool.programme.cohorts.overview import PersonLine, look_over
from lti_tool.programme.cohorts.pages import blueprint, config_dir
from lti_tool.programme.cohorts.participation import bring_in, take_into
from lti_tool.programme.cohorts.queries import (
    CohortRead,
    ProgrammeRead,
    find_cohort,
    list_modules,
    runs_of,
)
from lti_tool.programme.cohorts.reach import get_cohort
from lti_tool.programme.cohorts.rolling import Step, carry_forward, carry_work, plan
from lti_tool.programme.cohorts.shifting import weeks_between
from lti_tool.programme.cohorts.standing import day_to_look_at, people_in
from lti_tool.programme.cohorts.words import INTERMITTING
from lti_tool.web.policy import who_may


@dataclass
class _Forward:
    """Everything that the page of carrying forward is made of."""

    programme: ProgrammeRead
    cohort: CohortRead
    previous: CohortRead
    calendar: Calendar
    form: ForwardForm
    follows: dict[int, FollowForm]
    steps: list[Step]
    dates: dict[int, DatesForm]
    going_on: GoingOnForm

    @property
    def forms(self) -> list[ForwardForm | FollowForm | DatesForm]:
        """The forms of courses and dates, in the order of the page."""
        return [self.form, *self.follows.values(), *self.dates.values()]

    @property
    def has_errors(self) -> bool:
        """Whether something on the page is to be put right."""
        return any(one.errors for one in (*self.forms, self.going_on))


def _follow_forms(previous: CohortRead, posted: bool) -> dict[int, FollowForm]:
    courses = {str(x.context_id): x.title for x in list_courses(session(), visits.current())}
    forms = {}
    for run in runs_of(session(), previous.id):
        form = FollowForm(request.form if posted else None, prefix=f"c{run.context_id}-")
        form.course.offer(courses)
        forms[run.context_id] = form
    return forms


def _chosen(follows: dict[int, FollowForm]) -> dict[int, int]:
    return {run: int(form.course.data) for run, form in follows.items() if form.course.data}


def _dates_forms(steps: list[Step], posted: bool) -> dict[int, DatesForm]:
    """A form for each piece of work whose course is known. What was not shown yet is proposed."""
    forms = {}
    for step in (one for one in steps if one.context_id is not None):
        for line in step.lines:
            prefix = f"d{line.before.id}-"
            was_shown = posted and f"{prefix}due_at" in request.form
            data = {"due_at": line.dates.due_at, "board_on": line.dates.board_on}
            forms[line.before.id] = DatesForm(
                request.form if was_shown else None, data=data, prefix=prefix
            )
    return forms


def _going_on_form(
    programme: ProgrammeRead, previous: CohortRead, cohort: CohortRead, posted: bool
) -> GoingOnForm:
    lines = look_over(session(), config_dir(), programme, previous)
    form = GoingOnForm(request.form if posted else None)
    back = [one for one in lines if one.standing.status == INTERMITTING]
    again = [one for one in lines if one.standing.is_active and one.not_passed]
    form.comes_back.offer({str(one.entry): _says(one) for one in (*back, *again)})
    form.resubmits.offer({str(one.entry): _says(one) for one in again})
    return form


def _says(line: PersonLine) -> str:
    if line.standing.status == INTERMITTING:
        since = line.standing.since_on
        return f"{line.name}: intermitting since {since.day} {since:%B %Y}"
    return f"{line.name}: not passed yet: {', '.join(line.not_passed)}"


def _read(cohort_id: int, posted: str = "") -> _Forward:
    """:param posted: which form of the page was sent: courses, people or none."""
    programme, cohort = get_cohort(session(), visits.current(), cohort_id)
    previous = find_cohort(session(), cohort.previous_id) if cohort.previous_id else None
    if previous is None:
        raise NotFound("This cohort follows no other, so there is nothing to carry forward.")
    calendar = load_calendar(config_dir())
    usual = max(0, weeks_between(previous.starts_on, cohort.starts_on))
    sent = posted == "courses"
    form = ForwardForm(request.form if sent else None, data={"weeks": usual})
    follows = _follow_forms(previous, sent)
    is_good = not sent or all([one.validate() for one in (form, *follows.values())])
    weeks = form.weeks.data if is_good else usual
    steps = plan(session(), cohort, _chosen(follows) if is_good else {}, weeks, calendar)
    is_new = request.form.get("shown_weeks") not in (None, str(weeks))
    dates = _dates_forms(steps, sent and not (is_new and request.form.get("act") == "look"))
    people = _going_on_form(programme, previous, cohort, posted == "people")
    return _Forward(programme, cohort, previous, calendar, form, follows, steps, dates, people)


def _page(
    handle: str, page: _Forward, sentence: str | None = None, status: int = 200
) -> ResponseReturnValue:
    return render_template(
        "cohorts/forward.html",
        handle=handle,
        page=page,
        programme=page.programme,
        cohort=page.cohort,
        previous=page.previous,
        why_closed=page.calendar.why_closed,
        sentence=sentence,
        has_errors=bool(sentence or page.has_errors),
    ), status


@blueprint.get("/<int:cohort_id>/forward")
@who_may("leader")
def forward(handle: str, cohort_id: int) -> ResponseReturnValue:
    """What the earlier cohort had, and where it goes."""
    return _page(handle, _read(cohort_id))


def _require_own_courses(page: _Forward) -> None:
    """No course follows two at once."""
    seen: set[str] = set()
    for form in page.follows.values():
        if form.course.data and form.course.data in seen:
            form.problem("course", "This course is chosen twice. Each follows one.")
        seen.add(form.course.data or "")


@blueprint.post("/<int:cohort_id>/forward")
@who_may("leader")
def save_forward(handle: str, cohort_id: int) -> ResponseReturnValue:
    """Show every date before and after, or carry forward with the dates as they were left."""
    page = _read(cohort_id, "courses")
    _require_own_courses(page)
    are_good = all([form.validate() for form in page.dates.values()])
    if page.has_errors or not are_good:
        return _page(handle, page, status=422)
    if request.form.get("act") != "carry":
        return _page(handle, page)
    visit = visits.current()
    if not page.dates and not any(step.context_id for step in page.steps):
        said = "Choose at least one course that follows. Others can be carried forward later."
        return _page(handle, page, said, 422)
    if any(f"d{number}-due_at" not in request.form for number in page.dates):
        said = "Look at the dates of the courses you chose first, then carry them forward."
        return _page(handle, page, said, 422)
    dates = {
        number: Dates(form.due_at.data, form.board_on.data) for number, form in page.dates.items()
    }
    modules = list_modules(session(), page.programme.id)
    try:
        carry_forward(session(), visit, page.programme, page.cohort, modules, page.steps, dates)
    except (Conflict, NotFound) as error:
        return _page(handle, page, error.sentence, 409)
    bring_in(session(), page.cohort, actor_id=visit.person_id)
    return redirect(
        url_for("cohorts.forward", handle=handle, cohort_id=cohort_id, done="carried"), 303
    )


@blueprint.post("/<int:cohort_id>/forward/people")
@who_may("leader")
def save_going_on(handle: str, cohort_id: int) -> ResponseReturnValue:
    """Take people along: into the cohort, or to resubmit; with their own drafts and visits."""
    page, visit = _read(cohort_id, "people"), visits.current()
    form = page.going_on
    if not form.validate():
        return _page(handle, page, status=422)
    if set(form.comes_back.data) & set(form.resubmits.data):
        form.problem("resubmits", "Somebody is ticked in both lists. Tick them in one.")
        return _page(handle, page, status=422)
    lines = look_over(session(), config_dir(), page.programme, page.previous)
    by_entry = {str(one.entry): one.person_id for one in lines}
    comes = [by_entry[entry] for entry in form.comes_back.data]
    again = [by_entry[entry] for entry in form.resubmits.data]
    take_into(
        session(),
        page.cohort,
        page.previous,
        comes,
        form.reason.data or f"Goes on in {page.cohort.title}.",
        actor_id=visit.person_id,
    )
    on = day_to_look_at(page.cohort.starts_on, clock.today())
    here = people_in(session(), page.cohort.id, on).keys()
    moved = [one.person_id for one in lines if one.person_id in here]
    everyone = list(dict.fromkeys((*comes, *again, *moved)))
    carry_work(session(), page.steps, everyone, actor_id=visit.person_id)
    return redirect(
        url_for("cohorts.forward", handle=handle, cohort_id=cohort_id, done="going-on"), 303
    )
