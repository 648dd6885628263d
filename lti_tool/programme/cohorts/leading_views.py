"""Asking to lead a programme, and the administrator's page of those who asked."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.core.errors import Conflict, NotAllowed
from lti_tool.db import session
from lti_tool.people import visits
from lti_tool.people.queries import list_leader_names
from lti_tool.programme.cohorts import leading
from lti_tool.programme.cohorts.forms import AnswerForm
from lti_tool.programme.cohorts.pages import blueprint
from lti_tool.web.policy import who_may


def _ask_page(handle: str, sentence: str | None = None, status: int = 200) -> ResponseReturnValue:
    visit = visits.current()
    return render_template(
        "cohorts/ask.html",
        handle=handle,
        is_leader=visit.is_leader,
        leaders=list_leader_names(session(), visit.context_id, visit.registration_id),
        own=leading.find_own(session(), visit),
        admins=sorted(leading.list_admins(session(), visit.registration_id).values()),
        sentence=sentence,
        has_errors=bool(sentence),
    ), status


@blueprint.get("/ask")
@who_may("tutor")
def ask(handle: str) -> ResponseReturnValue:
    """Who leads here, and how to ask."""
    return _ask_page(handle)


@blueprint.post("/ask")
@who_may("tutor")
def send_request(handle: str) -> ResponseReturnValue:
    """Ask to lead."""
    try:
        leading.ask_to_lead(session(), visits.current())
    except Conflict as error:
        return _ask_page(handle, error.sentence, 409)
    return redirect(url_for("cohorts.ask", handle=handle, done="asked-to-lead"), 303)


def _answer_form(one: leading.Request, posted: bool) -> AnswerForm:
    reaches = {leading.THIS_COURSE: f"Only the course {one.course}, and programmes they make"}
    if one.programme_key:
        reaches = {
            leading.THIS_PROGRAMME: "The programme this course is part of",
            leading.THIS_COURSE: f"Only the course {one.course}",
        }
    reaches[leading.EVERYWHERE] = "All programmes on this course site"
    form = AnswerForm(
        request.form if posted else None,
        prefix=f"r{one.id}-",
        data={"reaches": next(iter(reaches))},
    )
    form.reaches.offer(reaches)
    return form


def _requests_page(
    handle: str,
    forms: dict[int, AnswerForm] | None = None,
    sentence: str | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    visit = visits.current()
    found = leading.list_requests(session(), visit.registration_id)
    admins = leading.list_admins(session(), visit.registration_id)
    others = sorted(name for number, name in admins.items() if number != visit.person_id)
    return render_template(
        "cohorts/requests.html",
        handle=handle,
        waiting=[one for one in found if one.answered_at is None],
        answered=[one for one in found if one.answered_at is not None],
        forms={one.id: (forms or {}).get(one.id) or _answer_form(one, False) for one in found},
        own_id=visit.person_id,
        others=others,
        sentence=sentence,
        has_errors=bool(sentence or any(one.errors for one in (forms or {}).values())),
    ), status


@blueprint.get("/requests")
@who_may("admin")
def requests(handle: str) -> ResponseReturnValue:
    """Who asked to lead, by name."""
    return _requests_page(handle)


@blueprint.post("/requests/<int:request_id>")
@who_may("admin")
def answer(handle: str, request_id: int) -> ResponseReturnValue:
    """Say yes or no."""
    visit = visits.current()
    found = leading.list_requests(session(), visit.registration_id)
    one = next((x for x in found if x.id == request_id), None)
    form = _answer_form(one, True) if one else AnswerForm()
    if one is not None and not form.validate():
        return _requests_page(handle, {request_id: form}, status=422)
    try:
        leading.answer_request(
            session(),
            visit,
            request_id,
            is_granted=request.form.get("act") == "agree",
            reaches=form.reaches.data or "",
            reason=form.reason.data or "",
        )
    except NotAllowed as error:
        return _requests_page(handle, sentence=error.sentence, status=403)
    except Conflict as error:
        return _requests_page(handle, sentence=error.sentence, status=409)
    return redirect(url_for("cohorts.requests", handle=handle, done="request-answered"), 303)
