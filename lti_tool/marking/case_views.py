"""Decisions on one piece of work, beside its marks: taking a release back, holding a result, a
further attempt, and what a board, an appeal or a panel decided.

Addresses hold the assignment's number and a candidate code, never a person's id.
"""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.core.errors import Conflict
from lti_tool.core.numerals import plain
from lti_tool.db import session
from lti_tool.marking import case_forms as forms
from lti_tool.marking.case import Case, get_case
from lti_tool.marking.decisions import SOURCES, Decision, record_decision
from lti_tool.marking.evidence import make_pack
from lti_tool.marking.holds import lift_hold, place_hold
from lti_tool.marking.marks import mark_in_words
from lti_tool.marking.releasing import take_back_release
from lti_tool.marking.retaking import open_second_attempt
from lti_tool.people import visits
from lti_tool.web import notices
from lti_tool.web.forms import Form
from lti_tool.web.policy import who_may

blueprint = Blueprint(
    "case",
    __name__,
    template_folder="templates",
    url_prefix="/v/<handle>/decisions/<int:assignment_id>/<code>",
)
notices.register(
    release_taken_back_unsent=(
        "success",
        "The participant no longer sees this mark. It had not been sent to the gradebook, and is "
        "not sent now.",
    ),
    release_taken_back_stands=(
        "warning",
        "The participant no longer sees this mark here. It still stands in your course’s "
        "gradebook. Release a corrected mark, or have it taken out: page Gradebook, all tries.",
    ),
    release_taken_back_going=(
        "warning",
        "The participant no longer sees this mark here. It is being sent at this moment, so it may "
        "still appear in your course’s gradebook: look there, and reload this page.",
    ),
    hold_placed=("success", "The result is held back. The participant reads one neutral sentence."),
    hold_kept=(
        "success",
        "Nothing of this work is deleted while the hold stands. The participant still sees the "
        "result, which is recorded.",
    ),
    hold_lifted=("success", "The hold is lifted. Release the result when it is ready."),
    attempt_opened=("success", "The further attempt is open. The participant is told."),
    decision_recorded=("success", "The decision is recorded. The participant can see the result."),
)
_SHOWS = {
    "nothing was sent": "release-taken-back-unsent",
    "stands in the gradebook": "release-taken-back-stands",
}


_FORMS: dict[str, type[Form]] = {
    "take_back": forms.TakeBackForm,
    "hold": forms.HoldForm,
    "attempt": forms.AttemptForm,
}


def _form(name: str, case: Case) -> type[Form]:
    """The form of an act, as this work's rules have it."""
    return _FORMS.get(name) or forms.decision_form(case.terms.rules.mode)


def _page(
    handle: str,
    case: Case,
    *,
    filled: tuple[str, Form] | None = None,
    sentence: str | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    shown = {name: _form(name, case)(prefix=f"{name}-") for name in (*_FORMS, "decision")}
    if filled is not None:
        shown[filled[0]] = filled[1]
    return render_template(
        "marking/case.html",
        handle=handle,
        case=case,
        forms=shown,
        wrong=filled[1] if filled else None,
        sentence=sentence,
        has_errors=bool(filled or sentence),
        is_leader=visits.current().is_leader,
        days_late=case.terms.days_late(case.work),
        sources=SOURCES,
        plain=plain,
        mark_in_words=mark_in_words,
    ), status


@blueprint.get("/")
@who_may("tutor")
def case(handle: str, assignment_id: int, code: str) -> ResponseReturnValue:
    """All that was decided about a piece of work, and what can be."""
    return _page(handle, get_case(assignment_id, code))


def _act(
    handle: str,
    assignment_id: int,
    code: str,
    name: str,
    do: Callable[[Case, Any], str],
) -> ResponseReturnValue:
    """Check a form and do its act; what was typed stays where it is refused.

    :param do: gives the code of the notice that says what was done.
    """
    found = get_case(assignment_id, code)
    form = _form(name, found)(request.form, prefix=f"{name}-")
    if not form.validate():
        return _page(handle, found, filled=(name, form), status=422)
    try:
        done = do(found, form)
    except Conflict as error:
        return _page(handle, found, filled=(name, form), sentence=error.sentence, status=409)
    return _back(handle, assignment_id, code, done)


def _back(handle: str, assignment_id: int, code: str, done: str) -> ResponseReturnValue:
    return redirect(
        url_for("case.case", handle=handle, assignment_id=assignment_id, code=code, done=done), 303
    )


@blueprint.post("/take-back")
@who_may("tutor")
def take_back(handle: str, assignment_id: int, code: str) -> ResponseReturnValue:
    """Hide a released mark again, and say what the gradebook shows."""

    def do(found: Case, form: Any) -> str:
        shows = take_back_release(
            session(),
            found.assignment,
            found.work,
            reason=form.reason.data,
            actor_id=visits.current().person_id,
        )
        return _SHOWS.get(shows, "release-taken-back-going")

    return _act(handle, assignment_id, code, "take_back", do)


@blueprint.post("/hold")
@who_may("tutor")
def hold(handle: str, assignment_id: int, code: str) -> ResponseReturnValue:
    """Keep one result back."""

    def do(found: Case, form: Any) -> str:
        actor_id = visits.current().person_id
        kind, reason = form.kind.data, form.reason.data
        place_hold(session(), found.work, kind=kind, reason=reason, actor_id=actor_id)
        return "hold-kept" if found.released else "hold-placed"

    return _act(handle, assignment_id, code, "hold", do)


@blueprint.post("/lift")
@who_may("tutor")
def lift(handle: str, assignment_id: int, code: str) -> ResponseReturnValue:
    """Let a result go again."""
    found = get_case(assignment_id, code)
    try:
        lift_hold(session(), found.work, actor_id=visits.current().person_id)
    except Conflict as error:
        return _page(handle, found, sentence=error.sentence, status=409)
    return _back(handle, assignment_id, code, "hold-lifted")


@blueprint.post("/attempt")
@who_may("tutor")
def attempt(handle: str, assignment_id: int, code: str) -> ResponseReturnValue:
    """Open a further attempt."""

    def do(found: Case, form: Any) -> str:
        open_second_attempt(
            session(),
            found.assignment,
            found.work,
            found.terms,
            why=form.why.data,
            due_at=form.due_at.data,
            reason=form.reason.data,
            actor_id=visits.current().person_id,
        )
        return "attempt-opened"

    return _act(handle, assignment_id, code, "attempt", do)


@blueprint.post("/decide")
@who_may("leader")
def decide(handle: str, assignment_id: int, code: str) -> ResponseReturnValue:
    """Record what a board, an appeal or a panel decided about one person."""

    def do(found: Case, form: Any) -> str:
        record_decision(
            session(),
            found.assignment,
            found.work,
            found.terms,
            Decision(form.source.data, form.mark, form.reason.data),
            actor_id=visits.current().person_id,
        )
        return "decision-recorded"

    return _act(handle, assignment_id, code, "decision", do)


@blueprint.post("/evidence")
@who_may("tutor")
def evidence(handle: str, assignment_id: int, code: str) -> ResponseReturnValue:
    """Everything kept of one piece of work, as a zip to take away. Leaves an audit entry."""
    found = get_case(assignment_id, code)
    actor_id = visits.current().person_id
    pack = make_pack(session(), found.assignment, found.work, found.terms, actor_id=actor_id)
    name = f"evidence-{found.work.candidate_code}-attempt-{found.work.attempt}.zip"
    return Response(
        pack,
        mimetype="application/zip",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        },
    )
