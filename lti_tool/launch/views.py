"""Steps 1, 3 and 6 of a launch: what the browser asks and what it is answered.

Login, cookie probe, launch, and the first page of a visit. A framed browser is probed before the
platform's single-use hint is spent: one that keeps no cookie is offered a window of its own.
"""

from typing import Any, cast

from flask import Blueprint, current_app, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from lti_tool.catalogue.register import find_activity, list_activities
from lti_tool.coursework.queries import get_assignment
from lti_tool.db import abandon, database, session
from lti_tool.launch.operations import enter, enter_again, set_up_link
from lti_tool.launch.review import first_page
from lti_tool.lti import keys, limits, oidc, storage, waiting_logins
from lti_tool.lti.addresses import origin, with_query
from lti_tool.lti.errors import LaunchRefused
from lti_tool.lti.makers import frame_origins
from lti_tool.lti.proving import Proved, close, use_up, verify_launch
from lti_tool.lti.states import LOGIN_LASTS
from lti_tool.people import beginning, visits
from lti_tool.people.access import contexts_of
from lti_tool.people.refusals import note_launch
from lti_tool.web import cookies
from lti_tool.web.errors import error_page
from lti_tool.web.logs import add, carry, log
from lti_tool.web.logs import reference as reference_to_quote
from lti_tool.web.meters import launches
from lti_tool.web.policy import PUBLIC, who_may
from lti_tool.web.security import allow_forms_to, allow_frames

blueprint = Blueprint("launch", __name__, template_folder="templates")
_PROTOCOL = "the protocol proves the caller: state, nonce, signature"


def _set_login_cookie(response: Response, reference: str, binding: str) -> None:
    """One cookie per login, so that two launches in one browser never mix."""
    name = oidc.COOKIE_PREFIX + reference
    cookies.keep(response, name, binding, "/lti/", lasts=LOGIN_LASTS)


def _is_framed() -> bool:
    """Whether the browser says it is loading a frame: only there are cookies in doubt."""
    return request.headers.get("Sec-Fetch-Dest", "") in {"iframe", "frame", "embed", "object"}


@blueprint.route("/lti/login", methods=["GET", "POST"])
@who_may(PUBLIC, because=_PROTOCOL)
def login() -> ResponseReturnValue:
    """Step 1: the platform sends the browser with issuer and login hint."""
    settings = visits.settings_of_app()
    parameters = oidc.read_parameters(request.values.to_dict(flat=False))
    started = oidc.begin_login(database(), settings, parameters, is_sent=not _is_framed())
    target = started.auth_url or url_for("launch.check_cookie", reference=started.reference)
    response = redirect(target, 302)
    _set_login_cookie(response, started.reference, started.binding)
    return response


def _waiting(reference: str) -> Any:
    with database().read() as reading:
        return waiting_logins.find_waiting(reading, reference[:40])


@blueprint.get("/lti/login/<reference>")
@who_may(PUBLIC, because=_PROTOCOL)
def check_cookie(reference: str) -> ResponseReturnValue:
    """The probe: on to the platform if the cookie came back, else by the platform's storage
    where it offers one, else a window of one's own."""
    settings = visits.settings_of_app()
    login = _waiting(reference)
    if waiting_logins.is_bound(login, request.cookies.get(oidc.COOKIE_PREFIX + reference)):
        return redirect(oidc.continue_login(database(), settings, login), 302)
    if not _is_framed():
        raise LaunchRefused("cookies_blocked")
    allow_frames(*frame_origins(login.auth_login_url))
    allow_forms_to(origin(login.auth_login_url))
    place = None
    if login.storage_target is not None:
        value = storage.new_value(settings, reference)
        place = storage.where(login.storage_target, login.auth_login_url, reference, value)
    return render_template("launch/new_window.html", reference=reference, storage=place)


@blueprint.post("/lti/login/<reference>/storage")
@who_may(PUBLIC, because=_PROTOCOL)
def continue_by_storage(reference: str) -> ResponseReturnValue:
    """On to the platform, whose storage keeps the value that the page before put there."""
    settings = visits.settings_of_app()
    login = _waiting(reference)
    value = request.form.get("value", "")[:200]
    if login.storage_target is None or not storage.is_ours(settings, reference, value):
        raise LaunchRefused("state_unknown", "no value of ours")
    return redirect(oidc.continue_login(database(), settings, login, stored=value), 302)


@blueprint.post("/lti/login/<reference>/window")
@who_may(PUBLIC, because=_PROTOCOL)
def open_window(reference: str) -> ResponseReturnValue:
    """Begin again in a window of one's own, where the tool's cookies are first-party."""
    login = _waiting(reference)
    binding = waiting_logins.rebind(database(), login)
    response = redirect(url_for("launch.check_cookie", reference=reference), 303)
    _set_login_cookie(response, reference, binding)
    return response


def _stored_value() -> str:
    """What our own page read from the platform's storage. Another site's page, which may know
    the value of a login of its own, cannot post it here: browsers say where a post is from."""
    own = origin(visits.settings_of_app().base_url)
    if request.headers.get("Origin") != own:
        return ""
    return request.form.get("storage_value", "")[:200]


def _ask_storage(asked: storage.ProofInStorage, fields: dict[str, str]) -> ResponseReturnValue:
    """A page whose script reads the proof from the platform's storage and posts once more what
    this browser has just posted; so nothing is kept here, and nothing new goes into the page."""
    allow_frames(asked.storage.origin)
    return render_template("launch/read_storage.html", storage=asked.storage, fields=fields)


def _offer_full_width(handle: str, secret: str) -> ResponseReturnValue:
    """A frame that keeps no cookie cannot hold a visit: open it in a window, by a one-time code,
    without another launch."""
    settings = visits.settings_of_app()
    with database().read() as reading:
        visit = visits.load(reading, handle, secret)
    allow_frames(*frame_origins(visit.auth_login_url, visit.return_url, visit.asked_from))
    code = beginning.full_width_code(settings, visit)
    return render_template("launch/full_width.html", code=code)


def _enter(proved: Proved) -> tuple[str, str, str]:
    """Step 5: what the launch says is kept, the visit begun: its handle and secret, and where its
    first page is."""
    begun = enter_again(database(), proved)
    if begun is not None:
        return *begun, url_for("launch.start", handle=begun[0])
    with database().write() as writing:
        use_up(writing, proved.state)
        entered = enter(writing, visits.settings_of_app().config_dir, proved.message)
        return entered.handle, entered.secret, first_page(writing, entered, proved.message)


@blueprint.post("/lti/launch")
@who_may(PUBLIC, because=_PROTOCOL)
def launch() -> ResponseReturnValue:
    """Steps 3 to 6: the platform posts the id token; a visit begins."""
    settings = visits.settings_of_app()
    for name in ("state", "id_token", "error"):
        if len(request.form.getlist(name)) > 1:
            raise LaunchRefused("token_malformed", f"{name} repeated")
    state = request.form.get("state", "")
    # The platform stopped the launch (Security Framework 1.0, 5.1.1.5).
    if "error" in request.form and "id_token" not in request.form:
        close(database(), settings, state)
        raise LaunchRefused("platform_error", "error from platform")
    prefix = oidc.COOKIE_PREFIX
    held = {
        name.removeprefix(prefix): value
        for name, value in request.cookies.items()
        if name.startswith(prefix)
    }
    fields = {"state": state, "id_token": request.form.get("id_token", "")}
    stored = _stored_value()
    if stored:
        fields["storage_value"] = stored
    try:
        proved = verify_launch(database(), settings, fields, held)
    except storage.ProofInStorage as asked:
        return _ask_storage(asked, fields)
    handle, secret, target = _enter(proved)
    carry(visit=handle)
    add(registration=proved.message.registration_id)
    launches.labels("launched", "none").inc()
    if stored:
        return _offer_full_width(handle, secret)
    response = redirect(target, 303)
    visits.set_cookie(response, handle, secret)
    # Only this login's: another tab may be in the middle of its own.
    cookies.drop(response, prefix + proved.state.reference, "/lti/")
    return response


@blueprint.get("/lti/jwks.json")
@who_may(PUBLIC, because="public keys are for everyone")
def jwks() -> ResponseReturnValue:
    """The tool's public keys (Security Framework 1.0, 6.3)."""
    settings = visits.settings_of_app()
    response = jsonify(keys.published_keys(settings.keys_dir, settings.secret_key))
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


@blueprint.get("/v/<handle>/")
@who_may("anyone here")
def start(handle: str) -> ResponseReturnValue:
    """Step 7: the first page, by role: the tutor's queue, or the activity's landing page."""
    visit = visits.current()
    if visit.deep_linking is not None:
        return redirect(url_for("picker.choose", handle=handle), 303)
    if visit.assignment_id is None:
        return render_template("launch/not_set_up.html", visit=visit, activities=list_activities())
    if not (visit.is_tutor or visit.is_participant):
        return render_template("launch/no_role.html", visit=visit)
    assignment = get_assignment(session(), visit.assignment_id, contexts_of(visit))
    activity = find_activity(assignment.activity)
    if visit.is_tutor:
        landing = activity.tutor_landing if activity else "marking.queue"
        asks = assignment.is_undecided_copy and (activity is None or activity.is_marked)
        page = "copies.copied" if asks else landing
        return redirect(url_for(page, handle=handle), 303)
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


def _way_back(error: LaunchRefused) -> list[dict[str, str]]:
    """The platform's own way back, told what happened (LTI Core 1.3, 5.4.4)."""
    if not error.return_url:
        return []
    told = with_query(
        error.return_url,
        lti_errormsg=f"{error.sentence} (reference {reference_to_quote()})",
        lti_errorlog=f"{error.code}, reference {reference_to_quote()}",
    )
    return [{"label": "Back to your course", "url": told}]


def refuse(error: LaunchRefused) -> ResponseReturnValue:
    """The page of a refused launch: what happened, a reason code, a reference, a way back."""
    log.info("launch refused", reason=error.code, detail=error.detail)
    launches.labels("refused", error.code).inc()
    abandon()
    settings = visits.settings_of_app()
    note_launch(database(), error)
    return error_page(
        error.status,
        error.sentence,
        error.what_to_do,
        error.code,
        title="This activity could not be opened",
        links=_way_back(error),
        wait_s=error.wait_s
        or limits.count_here(database(), settings, limits.LAUNCHES, error.registration_id),
    )
