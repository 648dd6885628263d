"""Step 1 of a grade: the tutor's queue, the work beside the rubric, saving and releasing.

Addresses hold the assignment's number and a candidate code, never a person's id.
"""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.catalogue.register import get_activity
from lti_tool.core import clock
from lti_tool.core.errors import Conflict
from lti_tool.coursework.queries import (
    AssignmentRead,
    HandedIn,
    get_assignment,
    get_copy,
    get_handed_in,
)
from lti_tool.coursework.resetting import require_open
from lti_tool.coursework.rules import Rules, get_rules
from lti_tool.db import session
from lti_tool.gradebook.queries import list_standings, plain
from lti_tool.marking import judging, queries, releasing
from lti_tool.marking.forms import marking_form, values_of, view_of
from lti_tool.marking.rubrics import Rubric
from lti_tool.marking.terms import get_terms
from lti_tool.people import visits
from lti_tool.people.access import contexts_of
from lti_tool.people.queries import names_of
from lti_tool.web import notices
from lti_tool.web.forms import Form
from lti_tool.web.policy import who_may
from lti_tool.web.trust import TO_A_MARKER, show_trust_line

blueprint = Blueprint(
    "marking", __name__, template_folder="templates", url_prefix="/v/<handle>/marking"
)
notices.register(
    mark_saved=("success", "Your marks are saved. The participant cannot see them yet."),
    mark_released=("success", "The mark is released. The participant can see it now."),
)


@dataclass(frozen=True, slots=True)
class _Desk:
    """All that lies on a marker's desk for one piece of work."""

    assignment: AssignmentRead
    work: HandedIn
    rubric: Rubric
    rules: Rules
    judgement: dict[str, Any] | None
    released: queries.ReleasedMark | None


def _desk(assignment_id: int, code: str) -> _Desk:
    contexts = contexts_of(visits.current())
    assignment = get_assignment(session(), assignment_id, contexts)
    work = get_handed_in(session(), assignment_id, code, contexts)
    row = queries.find_judgement(session(), work.submission_id)
    return _Desk(
        assignment=assignment,
        work=work,
        rubric=queries.rubric_of(session(), assignment),
        rules=get_rules(
            session(),
            visits.settings_of_app().config_dir,
            assignment.rules_key,
            assignment.rules_version,
        ),
        judgement=dict(row._mapping) if row else None,
        released=queries.find_released(session(), work.submission_id),
    )


@blueprint.get("/")
@who_may("tutor")
def queue(handle: str) -> ResponseReturnValue:
    """All work handed in to this course, with its state and where its mark stands."""
    parts = queries.get_queue(session(), contexts_of(visits.current()))
    return render_template("marking/queue.html", handle=handle, parts=parts, plain=plain)


def _desk_page(
    handle: str,
    desk: _Desk,
    form: Form,
    *,
    clash: dict[str, Any] | None = None,
    sentence: str | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    show_trust_line(TO_A_MARKER)
    work, assignment = desk.work, desk.assignment
    copy = get_copy(session(), work.copy_id)
    names = names_of(session(), {work.person_id})
    standing = list_standings(session(), (work.context_id,), (assignment.id,), work.person_id).get(
        (assignment.id, work.person_id)
    )
    page = render_template(
        "marking/work.html",
        handle=handle,
        desk=desk,
        form=form,
        clash=clash,
        plain=plain,
        has_errors=bool(form.errors or sentence),
        sentence=sentence,
        standing=standing,
        name=queries.name_to_show(assignment, names.get(work.person_id), work.candidate_code),
        rendered=get_activity(assignment.activity).render_for_marking(copy.document),
        declarations=copy.declarations,
        today=clock.in_london(clock.now()).date(),
    )
    return page, status


@blueprint.get("/<int:assignment_id>/<code>")
@who_may("tutor")
def work(handle: str, assignment_id: int, code: str) -> ResponseReturnValue:
    """One piece of work beside the rubric."""
    desk = _desk(assignment_id, code)
    form = marking_form(desk.rubric)(data=values_of(desk.rubric, desk.judgement))
    return _desk_page(handle, desk, form)


@blueprint.post("/<int:assignment_id>/<code>")
@who_may("tutor")
def save(handle: str, assignment_id: int, code: str) -> ResponseReturnValue:
    """Keep marks and feedback, whole or in part; nothing is shown to the participant."""
    desk = _desk(assignment_id, code)
    require_open(desk.assignment)
    form = marking_form(desk.rubric)(request.form)
    if not form.validate():
        return _desk_page(handle, desk, form, status=422)
    try:
        judging.save_judgement(
            session(),
            desk.work,
            desk.rubric,
            desk.rules,
            view_of(desk.rubric, form),
            built_on=form["number"].data or 0,
            marker_id=visits.current().person_id,
        )
    except judging.MarkedElsewhere as error:
        form["number"].process(None, (desk.judgement or {}).get("number", 0))
        return _desk_page(
            handle,
            desk,
            form,
            clash=values_of(desk.rubric, desk.judgement),
            sentence=error.sentence,
            status=409,
        )
    return redirect(
        url_for(
            "marking.work", handle=handle, assignment_id=assignment_id, code=code, done="mark-saved"
        ),
        303,
    )


@blueprint.post("/<int:assignment_id>/<code>/release")
@who_may("tutor")
def release(handle: str, assignment_id: int, code: str) -> ResponseReturnValue:
    """Let the participant see the mark and send it to the gradebook."""
    desk = _desk(assignment_id, code)
    number = request.form.get("number", "")
    try:
        releasing.release_mark(
            session(),
            desk.assignment,
            desk.work,
            get_terms(session(), visits.settings_of_app().config_dir, desk.assignment),
            number=int(number) if number.isdigit() and len(number) < 9 else -1,
            actor_id=visits.current().person_id,
        )
    except Conflict as error:
        form = marking_form(desk.rubric)(data=values_of(desk.rubric, desk.judgement))
        return _desk_page(handle, desk, form, sentence=error.sentence, status=409)
    return redirect(
        url_for(
            "marking.work",
            handle=handle,
            assignment_id=assignment_id,
            code=code,
            done="mark-released",
        ),
        303,
    )
