"""Steps 1, 3 and 6 of a launch: what the browser asks and what it is answered.

Login, cookie probe, launch, and the first page of a visit. A framed browser is probed before the
platform's single-use hint is spent: one that keeps no cookie is offered a window of its own.
"""

from typing import cast

from flask import Blueprint, current_app, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from lti_tool.catalogue.register import find_activity, list_activities
from lti_tool.coursework.queries import get_assignment
from lti_tool.db import database, session
from lti_tool.launch.operations import enter, set_up_link
from lti_tool.lti import keys, oidc
from lti_tool.lti.addresses import origin
from lti_tool.lti.errors import LaunchRefused
from lti_tool.lti.pylti_adapter import verify_launch
from lti_tool.people import visits
from lti_tool.people.access import contexts_of
from lti_tool.web.errors import error_page
from lti_tool.web.logs import log
from lti_tool.web.policy import PUBLIC, who_may
from lti_tool.web.security import allow_forms_to, allow_frames

blueprint = Blueprint("launch", __name__, template_folder="templates")
_PROTOCOL = "the protocol proves the caller: state, nonce, signature"


def _set_login_cookie(response: Response, reference: str, binding: str) -> None:
    """One cookie per login, so that two launches in one browser never mix."""
    response.set_cookie(
        oidc.COOKIE_PREFIX + reference,
        binding,
        max_age=int(oidc.LOGIN_LASTS.total_seconds()),
        path="/lti/",
        secure=True,
        httponly=True,
        samesite="None",
        partitioned=True,
    )


def _drop_login_cookie(response: Response, reference: str) -> None:
    """Only this login's: another tab may be in the middle of its own."""
    response.delete_cookie(
        oidc.COOKIE_PREFIX + reference,
        path="/lti/",
        secure=True,
        httponly=True,
        samesite="None",
        partitioned=True,
    )


def _is_framed() -> bool:
    """Whether the browser says it is loading a frame: only there are cookies in doubt."""
    return request.headers.get("Sec-Fetch-Dest", "") in {"iframe", "frame", "embed", "object"}


@blueprint.route("/lti/login", methods=["GET", "POST"])
@who_may(PUBLIC, because=_PROTOCOL)
def login() -> ResponseReturnValue:
    """Step 1: the platform sends the browser with issuer and login hint."""
    settings = visits.settings_of_app()
    parameters = oidc.read_parameters(request.values.to_dict(flat=False))
    framed = _is_framed()
    with database().write() as writing:
        started = oidc.begin_login(writing, settings, parameters, is_sent=not framed)
    target = (
        url_for("launch.check_cookie", reference=started.reference) if framed else started.auth_url
    )
    response = redirect(target, 302)
    _set_login_cookie(response, started.reference, started.binding)
    return response


@blueprint.get("/lti/login/<reference>")
@who_may(PUBLIC, because=_PROTOCOL)
def check_cookie(reference: str) -> ResponseReturnValue:
    """The probe: on to the platform if the cookie came back, else a window of one's own."""
    settings = visits.settings_of_app()
    binding = request.cookies.get(oidc.COOKIE_PREFIX + reference)
    with database().write() as writing:
        auth_url, platform_url = oidc.continue_login(writing, settings, reference[:40], binding)
    if auth_url is not None:
        return redirect(auth_url, 302)
    if not _is_framed():
        raise LaunchRefused("cookies_blocked")
    allow_frames(origin(platform_url))
    allow_forms_to(origin(platform_url))
    return render_template("launch/new_window.html", reference=reference)


@blueprint.post("/lti/login/<reference>/window")
@who_may(PUBLIC, because=_PROTOCOL)
def open_window(reference: str) -> ResponseReturnValue:
    """Begin again in a window of one's own, where the tool's cookies are first-party."""
    with database().write() as writing:
        binding = oidc.rebind_login(writing, reference[:40])
    response = redirect(url_for("launch.check_cookie", reference=reference), 303)
    _set_login_cookie(response, reference, binding)
    return response


def _platform_error(state: str) -> LaunchRefused:
    """The platform stopped the launch (Security Framework 1.0, 5.1.1.5): close its state."""
    with database().write() as writing:
        pending = oidc.find_pending(writing, state[:200])
        if pending is not None:
            oidc.consume(writing, pending.id)
    return LaunchRefused("platform_error", "error from platform")


@blueprint.post("/lti/launch")
@who_may(PUBLIC, because=_PROTOCOL)
def launch() -> ResponseReturnValue:
    """Steps 3 to 6: the platform posts the id token; a visit begins."""
    settings = visits.settings_of_app()
    for name in ("state", "id_token", "error"):
        if len(request.form.getlist(name)) > 1:
            raise LaunchRefused("token_malformed", f"{name} repeated")
    state = request.form.get("state", "")
    if "error" in request.form and "id_token" not in request.form:
        raise _platform_error(state)
    prefix = oidc.COOKIE_PREFIX
    cookies = {
        name.removeprefix(prefix): value
        for name, value in request.cookies.items()
        if name.startswith(prefix)
    }
    fields = {"state": state, "id_token": request.form.get("id_token", "")}
    message, reference = verify_launch(database(), settings, fields, cookies)
    with database().write() as writing:
        entered = enter(writing, settings.config_dir, message)
    log.info("launched", registration=message.registration_id)
    response = redirect(url_for("launch.start", handle=entered.handle), 303)
    visits.set_cookie(response, entered.handle, entered.secret)
    _drop_login_cookie(response, reference)
    return response


@blueprint.get("/lti/jwks.json")
@who_may(PUBLIC, because="public keys are for everyone")
def jwks() -> ResponseReturnValue:
    """The tool's public keys (Security Framework 1.0, 6.3)."""
    response = jsonify(keys.published_keys(visits.settings_of_app().keys_dir))
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


@blueprint.get("/v/<handle>/")
@who_may("anyone here")
def start(handle: str) -> ResponseReturnValue:
    """Step 7: the first page, by role: the tutor's queue, or the activity's landing page."""
    visit = visits.current()
    if visit.assignment_id is None:
        return render_template("launch/not_set_up.html", visit=visit, activities=list_activities())
    if visit.is_tutor:
        return redirect(url_for("marking.queue", handle=handle), 303)
    if not visit.is_participant:
        return render_template("launch/no_role.html", visit=visit)
    assignment = get_assignment(session(), visit.assignment_id, contexts_of(visit))
    activity = find_activity(assignment.activity)
    if activity is None:
        return render_template("launch/not_set_up.html", visit=visit, activities=[])
    return cast(ResponseReturnValue, current_app.view_functions[activity.landing](handle=handle))


@blueprint.post("/v/<handle>/set-up-link")
@who_may("tutor")
def choose_activity(handle: str) -> ResponseReturnValue:
    """A tutor says what a link that carries no activity stands for."""
    set_up_link(
        session(),
        visits.settings_of_app().config_dir,
        visits.current(),
        request.form.get("activity", ""),
    )
    return redirect(url_for("launch.start", handle=handle), 303)


def refuse(error: LaunchRefused) -> ResponseReturnValue:
    """The page of a refused launch: what happened, a reason code, a reference, a way back."""
    log.info("launch refused", reason=error.code, detail=error.detail)
    links = [{"label": "Back to your course", "url": error.return_url}] if error.return_url else []
    return error_page(
        error.status,
        error.sentence,
        error.what_to_do,
        error.code,
        title="This activity could not be opened",
        links=links,
    )
