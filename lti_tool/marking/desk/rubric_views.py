"""The page on which a tutor chooses among an activity's rubrics, before work is handed in."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.catalogue.register import get_activity
from lti_tool.core.errors import Conflict
from lti_tool.coursework.queries import AssignmentRead, get_assignment
from lti_tool.coursework.resetting import require_open
from lti_tool.coursework.setting_up import has_handed_in
from lti_tool.db import session
from lti_tool.marking.desk.rubric_choice import choose_rubric
from lti_tool.marking.rubrics import check_rubric
from lti_tool.people import visits
from lti_tool.people.access import contexts_of
from lti_tool.web import notices
from lti_tool.web.forms import Choice, Form, Whole
from lti_tool.web.policy import who_may

blueprint = Blueprint(
    "rubric", __name__, template_folder="../templates", url_prefix="/v/<handle>/rubric"
)
notices.register(rubric_chosen=("success", "The rubric is chosen."))


class RubricForm(Form):
    """Which rubric."""

    key = Choice("Rubric")
    version = Whole("Version", required=False)


def _assignment() -> AssignmentRead:
    visit = visits.current()
    return get_assignment(session(), visit.assignment_id, contexts_of(visit))


def _page(
    handle: str,
    assignment: AssignmentRead,
    form: RubricForm,
    *,
    sentence: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    config_dir = visits.settings_of_app().config_dir
    keys = get_activity(assignment.activity).rubric_keys
    return render_template(
        "marking/rubric.html",
        handle=handle,
        assignment=assignment,
        form=form,
        rubrics=[check_rubric(config_dir, key) for key in keys],
        is_fixed=has_handed_in(session(), assignment.id),
        sentence=sentence,
        has_errors=bool(form.errors or sentence),
    ), status


def _offer(assignment: AssignmentRead, form: RubricForm) -> RubricForm:
    config_dir = visits.settings_of_app().config_dir
    keys = get_activity(assignment.activity).rubric_keys
    form.key.offer([(key, check_rubric(config_dir, key).title) for key in keys])
    return form


@blueprint.get("/")
@who_may("tutor")
def rubric(handle: str) -> ResponseReturnValue:
    """The rubrics on offer, and which one is in force."""
    assignment = _assignment()
    data = {"key": assignment.rubric_key, "version": assignment.version}
    return _page(handle, assignment, _offer(assignment, RubricForm(data=data)))


@blueprint.post("/")
@who_may("tutor")
def choose(handle: str) -> ResponseReturnValue:
    """Have the work marked by the rubric chosen."""
    assignment = _assignment()
    require_open(assignment)
    form = _offer(assignment, RubricForm(request.form))
    if not form.validate():
        return _page(handle, assignment, form, status=422)
    try:
        choose_rubric(
            session(),
            assignment,
            visits.settings_of_app().config_dir,
            str(form.key.data),
            version=form.version.data or 0,
            actor_id=visits.current().person_id,
        )
    except Conflict as error:
        return _page(handle, _assignment(), form, sentence=error.sentence, status=409)
    return redirect(url_for("rubric.rubric", handle=handle, done="rubric-chosen"), 303)
