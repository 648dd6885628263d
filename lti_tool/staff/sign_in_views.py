"""Signing staff in and out: to the university's provider, back with its answer, away.

The answer is taken only in the browser that asked, once, and proved by `provider.py`; whom it
names must be let in by `members.py`. Whatever goes wrong is a page with a reason code.
"""

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.core import clock
from lti_tool.db import abandon, database, session
from lti_tool.lti import limits
from lti_tool.people.visits import settings_of_app
from lti_tool.settings import Settings
from lti_tool.staff import attempts, members, provider, sessions
from lti_tool.staff.access import page_of
from lti_tool.staff.refusals import SignInRefused
from lti_tool.web import notices
from lti_tool.web.errors import error_page
from lti_tool.web.logs import log
from lti_tool.web.policy import PUBLIC, who_may

blueprint = Blueprint("staff_sign_in", __name__, template_folder="templates", url_prefix="/staff")
COOKIE = "__Host-staff-sign-in"
_LONGEST = 4000
"""Characters of a code or state: no provider sends more."""
notices.register(staff_signed_out=("success", "You are signed out of this tool."))


@blueprint.get("/sign-in")
@who_may(PUBLIC, because="it says only that staff may sign in, and where")
def ask() -> ResponseReturnValue:
    """A page with the way to the provider."""
    target = page_of(request.args.get("next", ""))
    return render_template("staff/sign_in.html", target=target)


@blueprint.get("/sign-in/begin")
@who_may(PUBLIC, because="it leads to the university's sign-in, and writes nothing")
def begin() -> ResponseReturnValue:
    """Send the browser to the provider."""
    settings = settings_of_app()
    _require_few(settings)
    attempt = attempts.make_attempt(page_of(request.args.get("next", "")))
    address = provider.address_for(settings, provider.find_provider(settings), attempt)
    response = redirect(address, 302)
    sessions.set_cookie(response, COOKIE, attempts.pack(settings, attempt), attempts.LASTS)
    return response


@blueprint.get("/callback")
@who_may(PUBLIC, because="the provider's signed answer is the proof")
def come_back() -> ResponseReturnValue:
    """The provider's answer: prove it, and begin a session."""
    settings = settings_of_app()
    _require_few(settings)
    attempt = attempts.unpack(settings, request.cookies.get(COOKIE, ""), _parameter("state"))
    with database().write() as writing:
        attempts.use_up(writing, attempt)
    known = provider.find_provider(settings)
    who = provider.identify(settings, known, _code_of(known), attempt)
    with database().write() as writing:
        member_id = members.recognise(writing, who)
        if member_id is None:
            raise SignInRefused("not_staff", subject=who.subject)
        secret = sessions.begin(writing, member_id, request.cookies.get(sessions.COOKIE))
    log.info("staff signed in", staff=member_id)
    response = redirect(page_of(attempt.target), 303)
    sessions.set_cookie(response, sessions.COOKIE, secret)
    sessions.drop_cookie(response, COOKIE)
    return response


def _require_few(settings: Settings) -> None:
    """Ask the provider nothing for an address from which too much was refused."""
    with database().read() as reading:
        if limits.seconds_to_wait(reading, settings, limits.SIGN_INS):
            raise SignInRefused("too_often")


def _code_of(known: provider.Provider) -> str:
    """The code in the answer.

    :raises SignInRefused: the answer is of another provider, a refusal, or holds none.
    """
    issuer, error = _parameter("iss"), _parameter("error")
    if (issuer or known.names_itself) and issuer != known.issuer:
        raise SignInRefused("issuer_mixed_up")
    if error:
        raise SignInRefused("sign_in_cancelled" if error == "access_denied" else "provider_refused")
    code = _parameter("code")
    if not code:
        raise SignInRefused("answer_unusable")
    return code


def _parameter(name: str) -> str:
    """A parameter of the answer, empty where there is none.

    :raises SignInRefused: it stands there twice, or cannot be one.
    """
    values = request.args.getlist(name)
    value = values[0] if values else ""
    if len(values) > 1 or len(value) > _LONGEST or not value.isprintable():
        raise SignInRefused("answer_unusable")
    return value


@blueprint.errorhandler(SignInRefused)
def refuse(error: SignInRefused) -> ResponseReturnValue:
    """The page of a sign-in that went no further. It sets no session."""
    abandon()
    settings = settings_of_app()
    wait_s = limits.count_here(database(), settings, limits.SIGN_INS)
    log.info("staff sign-in refused", reason=error.code, detail=error.detail)
    again = {"label": "To the sign-in page", "url": url_for("staff_sign_in.ask")}
    return error_page(
        403 if error.code == "not_staff" else 429 if error.code == "too_often" else 400,
        error.sentence,
        f"{error.what_to_do} {error.subject}".strip(),
        error.code,
        title="You are not signed in",
        links=[again],
        wait_s=wait_s,
    )


@blueprint.post("/sign-out")
@who_may("staff")
def sign_out() -> ResponseReturnValue:
    """End this browser's session."""
    sessions.end(session(), request.cookies[sessions.COOKIE])
    response = redirect(url_for("staff_sign_in.ask", done="staff-signed-out"), 303)
    sessions.drop_cookie(response, sessions.COOKIE)
    return response


@blueprint.post("/stay")
@who_may("staff")
def stay() -> ResponseReturnValue:
    """Stay signed in for an hour from now."""
    ends_at = sessions.prolong(session(), sessions.current())
    if request.headers.get("X-Requested-With") == "fetch":
        return jsonify(
            visit_ends_at=ends_at.isoformat(), visit_ends_label=clock.time_of_day(ends_at)
        )
    return redirect(page_of(request.form.get("next", "")), 303)
