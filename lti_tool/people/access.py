"""Who may do what: the policies that routes name, and the gate every request passes.

A policy looks at the proved visit. What a visit may see is the contexts named here, and every
query takes them: nothing is ever read by its number alone.
"""

from collections.abc import Callable

from flask import Flask, Response, current_app, g, request
from flask.typing import ResponseReturnValue

from lti_tool.core.errors import NotAllowed
from lti_tool.core.identifiers import same
from lti_tool.db import session
from lti_tool.lti.addresses import origin
from lti_tool.people import visits
from lti_tool.people.visits import CurrentVisit
from lti_tool.web.errors import error_page
from lti_tool.web.policy import PUBLIC, check_every_route, policy_of
from lti_tool.web.security import allow_frames

_SAFE = {"GET", "HEAD", "OPTIONS"}

POLICIES: dict[str, Callable[[CurrentVisit], bool]] = {
    "anyone here": lambda visit: True,
    "participant": lambda visit: visit.is_participant,
    "tutor": lambda visit: visit.is_tutor and not visit.is_preview,
    "member": lambda visit: visit.is_participant or visit.is_tutor,
}


def contexts_of(visit: CurrentVisit) -> tuple[int, ...]:
    """Row numbers of the contexts this visit may see."""
    return (visit.context_id,)


def _check_form(visit: CurrentVisit) -> None:
    given = request.form.get("csrf_token", "")
    if not same(given, visits.form_token(visits.settings_of_app(), visit)):
        raise NotAllowed(
            "This form could not be checked as ours. Go back, reload the page and send it again; "
            "what you typed is still there."
        )


def _gate() -> ResponseReturnValue | None:
    if request.endpoint is None:
        return None
    policy = policy_of(current_app.view_functions[request.endpoint])
    if policy == PUBLIC or policy is None:
        return None
    handle = str((request.view_args or {}).get("handle", ""))
    visit = visits.load(session(), handle, request.cookies.get(visits.COOKIE))
    g.visit = visit
    allow_frames(origin(visit.auth_login_url))
    if not POLICIES[policy](visit):
        raise NotAllowed(_refusal(policy))
    if request.method not in _SAFE:
        _check_form(visit)
    return None


def _refusal(policy: str) -> str:
    if policy == "tutor":
        return (
            "This page is for tutors. If you teach on this course, ask the course administrator "
            "to enrol you as a teacher, then open the activity again."
        )
    if policy == "participant":
        return "This page is for participants of the course."
    return "Your course site did not give you a role that opens this page."


def _visit_over(error: visits.VisitOver) -> ResponseReturnValue:
    return error_page(
        401,
        error.sentence,
        "Go back to your course and open the activity again. Everything that was saved is still "
        "there. A page also closes when it was open for a long time, or when your browser cleared "
        "its cookies.",
        "visit_over",
    )


def _prolong(response: Response) -> Response:
    """A person's own good save keeps the visit alive; reading changes nothing."""
    visit = g.get("visit")
    if visit is not None and request.method not in _SAFE and response.status_code < 400:
        visits.prolong(session(), visit)
    return response


def init_app(app: Flask) -> None:
    """Put the gate before every view and check that every route declares a policy."""
    app.before_request(_gate)
    app.register_error_handler(visits.VisitOver, _visit_over)
    app.after_request(_prolong)


def check_routes(app: Flask) -> None:
    """Stop the start where a route does not say who may use it."""
    check_every_route(app, set(POLICIES))
