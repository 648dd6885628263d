"""Who may do what: the policies that routes name, and the gate every request passes.

A policy looks at the proved visit. What a visit may see is the contexts named here, and every
query takes them: nothing is ever read by its number alone.
"""

from collections.abc import Callable

from flask import Flask, Response, current_app, g, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.core.errors import NotAllowed
from lti_tool.core.identifiers import same
from lti_tool.db import abandon, database, session
from lti_tool.db.current import the_request
from lti_tool.lti import limits
from lti_tool.lti.addresses import origin
from lti_tool.lti.makers import frame_origins
from lti_tool.people import guest_purposes, guests, refusals, visits
from lti_tool.people.preview import say_nothing_is_kept
from lti_tool.people.queries import list_leader_names
from lti_tool.people.visits import CurrentVisit
from lti_tool.web.errors import error_page, readable_form
from lti_tool.web.logs import carry
from lti_tool.web.policy import PUBLIC, check_every_route, policy_of
from lti_tool.web.security import allow_frames

_SAFE = {"GET", "HEAD", "OPTIONS"}
_LARGEST_PUBLIC_POST = 4 * 1024 * 1024
"""Bytes. What comes before a visit is small; a signed message has some kilobytes."""
_NOT_TYPED = {"csrf_token", "revision", "number", "version", "next", "code", "file_data", "act"}
_MOST_FIELDS = 100

POLICIES: dict[str, Callable[[CurrentVisit], bool]] = {
    "anyone here": lambda visit: True,
    "participant": lambda visit: visit.is_participant,
    "tutor": lambda visit: visit.may_mark,
    "leader": lambda visit: visit.may_mark and visit.is_leader,
    "admin": lambda visit: visit.is_admin,
    "member": lambda visit: visit.is_participant or visit.may_mark,
}


_gates: dict[str, Callable[[str], ResponseReturnValue | None]] = {}
"""By policy: the gate of pages that no visit leads to."""


def add_gate(policies: set[str], gate: Callable[[str], ResponseReturnValue | None]) -> None:
    """Let a floor above judge requests to routes with these policies.

    :param gate: told the policy; answers None where the request may go on.
    """
    _gates.update(dict.fromkeys(policies, gate))


def contexts_of(visit: CurrentVisit) -> tuple[int, ...]:
    """Row numbers of the contexts this visit may see."""
    return (visit.context_id,)


def check_form(token: str) -> None:
    """Whether a posted form is one of ours.

    :param token: what its hidden field must hold.
    :raises NotAllowed: it holds something else.
    """
    if not same(request.form.get("csrf_token", ""), token):
        raise NotAllowed(
            "This form could not be checked as ours. Go back, reload the page and send it again; "
            "what you typed is still there."
        )


def _load(handle: str, secret: str | None) -> CurrentVisit:
    if request.method in _SAFE:
        return visits.load(session(), handle, secret)
    with database().read() as reading:  # a forged post must not hold up writers
        return visits.load(reading, handle, secret)


def _gate() -> ResponseReturnValue | None:
    asked = the_request()
    if asked.endpoint is None:
        return None
    policy = policy_of(current_app.view_functions[asked.endpoint])
    if policy == PUBLIC or policy is None:
        asked.max_content_length = _LARGEST_PUBLIC_POST
        return None
    if policy in _gates:
        return _gates[policy](policy)
    handle = str((asked.view_args or {}).get("handle", ""))
    if policy in guest_purposes.list_keys():
        _guest_gate(policy, handle)
        return None
    visit = _load(handle, asked.cookies.get(visits.COOKIE))
    g.visit = visit
    carry(visit=handle)
    allow_frames(*frame_origins(visit.auth_login_url, visit.return_url, visit.asked_from))
    if not POLICIES[policy](visit):
        if policy != "admin" and visit.is_tutor and not visit.may_mark:
            return _grant_needed(visit)
        if policy == "leader" and visit.may_mark:
            return _leaders_only(visit)
        raise NotAllowed(_refusal(policy))
    if asked.method not in _SAFE:
        check_form(visits.form_token(visits.settings_of_app(), visit))
    return None


def _guest_gate(policy: str, handle: str) -> None:
    """For those who came by a link: the guest visit, proved by its own cookie."""
    with database().read() as reading:
        guest = guests.load(reading, handle, request.cookies.get(guests.COOKIE))
    g.guest = guest
    carry(visit=handle)
    if guest.purpose != policy:
        raise NotAllowed("Your link does not open this page.")
    if request.method not in _SAFE:
        check_form(guests.form_token(visits.settings_of_app(), guest))


def _grant_needed(visit: CurrentVisit) -> ResponseReturnValue:
    """For an Instructor in a course whose leader wants to know who marks: whom to ask."""
    with database().read() as reading:
        names = list_leader_names(reading, visit.context_id, visit.registration_id)
    ask = ", ".join(names) if names else "whoever leads your programme"
    return error_page(
        403,
        "In this course your programme leader says who marks, and you have not been named yet.",
        f"Ask {ask} to name you under Markers. Your course site sends everyone who teaches, "
        "examines or manages in the same role, so it cannot tell us.",
        "grant_needed",
        title="You are not named as a marker here",
        links=[{"label": "Try again", "url": request.path}] if request.method in _SAFE else [],
    )


def _leaders_only(visit: CurrentVisit) -> ResponseReturnValue:
    """For a tutor at a leader's page: whom to ask, and where to ask to lead."""
    with database().read() as reading:
        names = list_leader_names(reading, visit.context_id, visit.registration_id)
    ask = f"Here leads: {', '.join(names)}." if names else "Nobody leads here yet."
    ask_url = url_for("cohorts.ask", handle=visit.handle)
    return error_page(
        403,
        _refusal("leader"),
        f"{ask} You can also ask to lead yourself: an administrator of your course site answers.",
        "leaders_only",
        title="For programme leaders",
        links=[{"label": "Ask to lead this programme", "url": ask_url}],
    )


def _refusal(policy: str) -> str:
    if policy == "admin":
        return "This page is for administrators of your course site."
    if policy == "leader":
        return (
            "This page is for programme leaders. Whoever runs this tool names them: "
            "lti-tool people grant."
        )
    if policy == "tutor":
        return (
            "This page is for tutors. If you teach on this course, ask the course administrator "
            "to enrol you as a teacher, then open the activity again."
        )
    if policy == "participant":
        return "This page is for participants of the course."
    return "Your course site did not give you a role that opens this page."


def typed_words() -> list[tuple[str, str]]:
    """What a person typed into a form that came too late: label and text, to be copied.

    Only of our own pages' posts: another site must not put words onto a page of ours.
    """
    own = origin(visits.settings_of_app().base_url)
    if request.method in _SAFE or request.headers.get("Origin", own) != own:
        return []
    fields = [
        (name.replace("_", " ").replace("-", " ").strip().capitalize(), value)
        for name, value in readable_form().items(multi=True)
        if name not in _NOT_TYPED and value.strip()
    ]
    return fields[:_MOST_FIELDS]


def _visit_over(error: visits.VisitOver) -> ResponseReturnValue:
    abandon()
    is_code = request.endpoint == "people.full_width"
    wait_s = 0
    if is_code or request.cookies.get(visits.COOKIE):  # without either nothing was guessed
        what = limits.CODES if is_code else limits.VISITS
        wait_s = limits.count_here(database(), visits.settings_of_app(), what)
    return error_page(
        401,
        error.sentence,
        "Go back to your course and open the activity again. Everything that was saved is still "
        "there. A page also closes when it was open for a long time, or when your browser cleared "
        "its cookies.",
        "visit_over",
        typed=typed_words(),
        wait_s=wait_s,
    )


def _guest_visit_over(error: guests.GuestVisitOver) -> ResponseReturnValue:
    abandon()
    wait_s = 0
    if request.cookies.get(guests.COOKIE):
        wait_s = limits.count_here(database(), visits.settings_of_app(), limits.VISITS)
    return error_page(
        401,
        error.sentence,
        "Open the link in your message again. Everything that was saved is still there.",
        "guest_visit_over",
        typed=typed_words(),
        wait_s=wait_s,
    )


def _keep_nothing(response: Response) -> Response:
    """In a preview: undo what a view wrote, and say so where it would have told of it."""
    if request.method in _SAFE or "visit" not in g or not g.visit.is_preview:
        return response
    if policy_of(current_app.view_functions[str(request.endpoint)]) == "anyone here":
        return response  # how pages look, and staying: the visit's own, not work
    abandon()
    return say_nothing_is_kept(g.visit, response)


def _prolong(response: Response) -> Response:
    """A person's own good save keeps the visit alive; reading changes nothing."""
    if request.method not in _SAFE and response.status_code < 400 and "visit" in g:
        visits.prolong(session())
    return response


def init_app(app: Flask) -> None:
    """Put the gate before every view and check that every route declares a policy."""
    app.before_request(_gate)
    app.register_error_handler(visits.VisitOver, _visit_over)
    app.register_error_handler(guests.GuestVisitOver, _guest_visit_over)
    app.after_request(_prolong)
    app.after_request(_keep_nothing)
    app.after_request(refusals.note_page)  # runs first of these three


def check_routes(app: Flask) -> None:
    """Stop the start where a route does not say who may use it."""
    check_every_route(app, {*POLICIES, *guest_purposes.list_keys(), *_gates})
