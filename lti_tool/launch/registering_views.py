"""Pages by which a platform's administrator connects it: by link, or with values to copy.

By link: the page shows who the platform is and what we ask, before anything is sent; one
button registers; the last page tells the platform to close the frame. No visit exists here, so
the form carries a signed one-time code. The protocol's part is `lti/registering.py`.
"""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from lti_tool.db import database
from lti_tool.launch.form_codes import make_code, use_code
from lti_tool.launch.registering_words import (
    claim_words,
    manual_values,
    message_words,
    scope_words,
)
from lti_tool.lti import invitations, limits, registering
from lti_tool.lti.calls import within
from lti_tool.lti.offers import PlatformOffer, RegisteringRefused, read_offer
from lti_tool.lti.vocabulary import CLOSE_SUBJECT
from lti_tool.people.visits import settings_of_app
from lti_tool.web.errors import error_page
from lti_tool.web.logs import log
from lti_tool.web.policy import PUBLIC, who_may
from lti_tool.web.security import allow_frames, allow_frames_anywhere

blueprint = Blueprint("registering", __name__, template_folder="templates")
_PURPOSE = "register"
_LIMITS = {
    "openid_configuration": 1000,
    "registration_token": registering.LONGEST_TOKEN,
    "invitation": 200,
}
_CALLS_LAST = 2
"""Times the time limit of one call: a registration makes up to four."""


def _asked() -> dict[str, str]:
    """What the platform put into the address, each at most once.

    :raises RegisteringRefused: something is missing, repeated, too long or unreadable.
    """
    found = {}
    for name, limit in _LIMITS.items():
        values = request.args.getlist(name)
        value = values[0] if values else ""
        if len(values) > 1 or len(value) > limit or not value.isprintable():
            raise RegisteringRefused(
                "parameter_unusable", "The platform’s request holds something we cannot read."
            )
        found[name] = value
    if not found["registration_token"].isascii() or " " in found["registration_token"]:
        raise RegisteringRefused(
            "parameter_unusable", "The platform’s registration token cannot be read."
        )
    for name, words in (
        ("openid_configuration", "where its settings are"),
        ("registration_token", "its registration token"),
    ):
        if not found[name]:
            raise RegisteringRefused(
                "parameter_missing",
                f"The platform did not say {words}.",
                "This link is not for opening in a browser: paste it into your platform’s page "
                "for adding tools, in Moodle “Manage tools”, field “Tool URL”.",
            )
    return found


def _invited(invitation: str) -> str | None:
    if not invitation:
        return None
    with database().read() as session:
        return invitations.find_name(session, invitation)


@blueprint.get("/lti/register")
@who_may(PUBLIC, because="it registers nothing; it shows what would be asked of a platform")
def ask() -> ResponseReturnValue:
    """Who the platform is and what we would ask of it. Nothing is sent yet."""
    asked = _asked()
    settings = settings_of_app()
    seconds = limits.count_here(database(), settings, limits.OFFERS)
    if seconds:
        return _too_often(seconds, "This page was opened too often from your address.")
    name = _invited(asked["invitation"])
    offer = read_offer(settings, asked["openid_configuration"])
    allow_frames(offer.origin)
    return render_template(
        "launch/register.html",
        offer=offer,
        name=name,
        is_update=registering.is_update(asked["registration_token"]),
        scopes=scope_words(registering.wanted_scopes(offer)),
        claims=claim_words(registering.wanted_claims(offer)),
        messages=message_words(registering.wanted_messages(offer)),
        code=make_code(settings, _PURPOSE, asked),
    )


def _register(asked: dict[str, str]) -> tuple[PlatformOffer, registering.Registered]:
    settings = settings_of_app()
    with within(settings.platform_timeout_s * _CALLS_LAST):
        offer = read_offer(settings, asked["openid_configuration"])
        done = registering.register(
            database(), settings, offer, asked["registration_token"], asked["invitation"]
        )
    log.info("platform registered", registration=done.registration_id, standing=done.standing)
    return offer, done


@blueprint.post("/lti/register")
@who_may(PUBLIC, because="the platform's token, the operator's invitation or approval decide")
def register() -> ResponseReturnValue:
    """Register with the platform, and let it close the frame."""
    seconds = limits.count_here(database(), settings_of_app(), limits.REGISTRATIONS)
    if seconds:
        return _too_often(seconds, "Platforms were registered too often from your address.")
    with database().write() as session:
        code = request.form.get("code", "")
        asked = use_code(session, settings_of_app(), _PURPOSE, code)
    offer, done = _register(asked)
    allow_frames(offer.origin)
    return render_template(
        "launch/registered.html",
        offer=offer,
        done=done,
        is_update=registering.is_update(asked["registration_token"]),
        missing=scope_words(done.missing_scopes),
        subject=CLOSE_SUBJECT,
    )


@blueprint.get("/connect")
@who_may(PUBLIC, because="the tool's own addresses are for everyone")
def connect() -> ResponseReturnValue:
    """The tool's addresses, ready to copy into Moodle's form for tools."""
    allow_frames_anywhere()
    settings = settings_of_app()
    return render_template(
        "launch/connect.html",
        groups=manual_values(settings),
        key_set_url=settings.url("/lti/jwks.json"),
    )


def _too_often(seconds: int, what_happened: str) -> ResponseReturnValue:
    return error_page(
        429,
        what_happened,
        "Wait a minute, then try again.",
        "too_often",
        wait_s=seconds,
    )


@blueprint.errorhandler(RegisteringRefused)
def refuse(error: RegisteringRefused) -> ResponseReturnValue | Response:
    """The page of a registration that went no further."""
    log.info("registration refused", reason=error.code)
    return error_page(
        400,
        error.sentence,
        error.what_to_do,
        error.code,
        title="The platform was not connected",
    )
