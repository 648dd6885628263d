"""The dates and rules of an assignment, for its tutors."""

from decimal import Decimal
from pathlib import Path

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from lti_tool.core.errors import Conflict
from lti_tool.coursework.forms import ColumnForm, ResetForm, SetUpForm
from lti_tool.coursework.operations import ChangedElsewhere
from lti_tool.coursework.queries import AssignmentRead, get_assignment
from lti_tool.coursework.resetting import close_cohort, count_begun
from lti_tool.coursework.rules import get_rules, list_rules
from lti_tool.coursework.rules_words import say_rules
from lti_tool.coursework.setting_up import (
    RulesAreFixed,
    SetUp,
    change_column_of,
    change_set_up,
    has_handed_in,
)
from lti_tool.db import session
from lti_tool.people import visits
from lti_tool.people.access import contexts_of
from lti_tool.web import notices
from lti_tool.web.policy import who_may

blueprint = Blueprint("coursework", __name__, template_folder="templates")
notices.register(
    column_saved=("success", "The title and maximum mark are saved."),
    column_changing=(
        "success",
        "The title and maximum mark are saved, and the gradebook column is being changed. Marks "
        "that were sent go out again on the new scale.",
    ),
    dates_saved=("success", "The dates and rules are saved."),
    cohort_closed=(
        "success",
        "The earlier assignment is closed. New participants begin with empty work. Set its dates.",
    ),
)


def _assignment() -> AssignmentRead:
    visit = visits.current()
    return get_assignment(session(), visit.assignment_id, contexts_of(visit))


def _form(assignment: AssignmentRead, posted: MultiDict[str, str] | None = None) -> SetUpForm:
    form = SetUpForm(posted, obj=assignment)
    on_offer = {one.key: one.title for one in list_rules(_config_dir())}
    form.rules_key.offer({assignment.rules_key: "As they are", **on_offer})
    return form


def _config_dir() -> Path:
    return visits.settings_of_app().config_dir


def _page(
    handle: str,
    assignment: AssignmentRead,
    form: SetUpForm,
    *,
    column: ColumnForm | None = None,
    sentence: str | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    return render_template(
        "coursework/set_up.html",
        handle=handle,
        assignment=assignment,
        form=form,
        column=column or ColumnForm(obj=assignment),
        sentence=sentence,
        has_errors=bool(form.errors or sentence or (column and column.errors)),
        in_force=get_rules(
            session(), _config_dir(), assignment.rules_key, assignment.rules_version
        ),
        are_fixed=has_handed_in(session(), assignment.id),
        on_offer=list_rules(_config_dir()),
        say_rules=say_rules,
    ), status


@blueprint.get("/v/<handle>/dates")
@who_may("tutor")
def set_up(handle: str) -> ResponseReturnValue:
    """The dates as they stand."""
    assignment = _assignment()
    return _page(handle, assignment, _form(assignment))


@blueprint.post("/v/<handle>/dates")
@who_may("tutor")
def save_set_up(handle: str) -> ResponseReturnValue:
    """Change dates and rules; work handed in keeps the due date it was handed in under."""
    assignment = _assignment()
    form = _form(assignment, request.form)
    if not form.validate():
        return _page(handle, assignment, form, status=422)
    wanted = SetUp(
        form.due_at.data, form.board_on.data, form.rules_key.data or assignment.rules_key
    )
    try:
        change_set_up(
            session(),
            _config_dir(),
            assignment,
            wanted,
            version=form.version.data or 0,
            actor_id=visits.current().person_id,
        )
    except RulesAreFixed as error:
        form.problem("rules_key", error.sentence)
        return _page(handle, assignment, form, status=409)
    except ChangedElsewhere as error:
        return _page(handle, assignment, _form(assignment), sentence=error.sentence, status=409)
    return redirect(url_for("coursework.set_up", handle=handle, done="dates-saved"), 303)


@blueprint.post("/v/<handle>/dates/column")
@who_may("tutor")
def save_column(handle: str) -> ResponseReturnValue:
    """Change title and maximum; the gradebook column is told by the worker."""
    assignment = _assignment()
    form = ColumnForm(request.form)
    if not form.validate():
        return _page(handle, assignment, _form(assignment), column=form, status=422)
    try:
        is_told = change_column_of(
            session(),
            assignment,
            title=form.title.data,
            maximum=Decimal(form.maximum.data),
            version=form.version.data or 0,
            actor_id=visits.current().person_id,
        )
    except ChangedElsewhere as error:
        return _page(handle, assignment, _form(assignment), sentence=error.sentence, status=409)
    done = "column-changing" if is_told else "column-saved"
    return redirect(url_for("coursework.set_up", handle=handle, done=done), 303)


def _reset_page(
    handle: str, assignment: AssignmentRead, form: ResetForm, status: int = 200
) -> ResponseReturnValue:
    return render_template(
        "coursework/reset.html",
        handle=handle,
        assignment=assignment,
        begun=count_begun(session(), assignment.id),
        form=form,
        has_errors=bool(form.errors),
    ), status


@blueprint.get("/v/<handle>/reset")
@who_may("tutor")
def reset(handle: str) -> ResponseReturnValue:
    """What closing the earlier participants' assignment means."""
    return _reset_page(handle, _assignment(), ResetForm())


@blueprint.post("/v/<handle>/reset")
@who_may("tutor")
def close_for_reset(handle: str) -> ResponseReturnValue:
    """Close the earlier participants' assignment; the links get a fresh one."""
    assignment = _assignment()
    form = ResetForm(request.form)
    if not form.validate():
        return _reset_page(handle, assignment, form, 422)
    if request.form.get("assignment") != assignment.resource_id:
        # Sent twice: by now the link stands for the fresh one, which must stay open.
        raise Conflict("The earlier assignment is closed already. Nothing was changed.")
    close_cohort(session(), assignment, actor_id=visits.current().person_id)
    return redirect(url_for("coursework.set_up", handle=handle, done="cohort-closed"), 303)
