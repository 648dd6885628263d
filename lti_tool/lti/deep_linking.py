"""Deep linking: what a request asks for, checked, and the signed answer to it.

Deep Linking 2.0, 4.4.1 (settings) and 4.5 (response). Step 4 of a launch reads the settings;
`launch/picker/` chooses and answers. What the items hold is built there, not here.
"""

from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from joserfc import jwt
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.core import clock
from lti_tool.core.identifiers import random_token
from lti_tool.db.statements import AnyRow
from lti_tool.lti import vocabulary as v
from lti_tool.lti.addresses import origin
from lti_tool.lti.errors import LaunchRefused
from lti_tool.lti.keys import key_id, signing_key
from lti_tool.lti.messages import LaunchMessage
from lti_tool.lti.models import Context, Deployment, Platform, Registration
from lti_tool.lti.roles import TUTOR
from lti_tool.settings import Settings

_ANSWER_LASTS_S = 300
_LONGEST_URL = 2000
_SHARED_ISSUERS = {
    "https://canvas.instructure.com": ".instructure.com",
    "https://canvas.beta.instructure.com": ".instructure.com",
    "https://canvas.test.instructure.com": ".instructure.com",
    "https://blackboard.com": ".blackboard.com",
}
"""Issuers that stand for all customers of a maker, whose course sites are other hosts."""


def _flag(settings: dict[str, Any], name: str) -> bool | None:
    """A yes or no, which some platforms send as text; None where it was left out."""
    value = settings.get(name)
    if isinstance(value, str):
        value = {"true": True, "false": False}.get(value.strip().lower(), value)
    if value is not None and not isinstance(value, bool):
        raise LaunchRefused("claim_unusable", name)
    return value


def _texts(settings: dict[str, Any], name: str) -> list[str]:
    value = settings.get(name)
    if value is None:
        raise LaunchRefused("claim_missing", name)
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise LaunchRefused("claim_unusable", name)
    return value


def _is_of_platform(url: str, pending: AnyRow) -> bool:
    """Whether an address is of the site the registration names."""
    known = {origin(one) for one in (pending.issuer, pending.auth_login_url, pending.jwks_url)}
    if origin(url) in known:
        return True
    ending = _SHARED_ISSUERS.get(pending.issuer)
    parts = urlsplit(url)
    return bool(ending and parts.scheme == "https" and (parts.hostname or "").endswith(ending))


def _return_url(found: dict[str, Any], settings: Settings, pending: AnyRow) -> str:
    """Where the answer goes: an address of the platform, over https.

    :raises LaunchRefused: `return_url_missing`, `return_url_unusable` or `return_url_foreign`.
    """
    url = found.get("deep_link_return_url")
    if url is None or url == "":
        raise LaunchRefused("return_url_missing")
    if not isinstance(url, str) or len(url) > _LONGEST_URL:
        raise LaunchRefused("return_url_unusable")
    if not url.isprintable() or url != url.strip() or "\\" in url:
        raise LaunchRefused("return_url_unusable", "characters")
    try:
        parts = urlsplit(url)
        is_address = bool(parts.hostname) and parts.port != 0
    except ValueError:
        raise LaunchRefused("return_url_unusable") from None
    schemes = {"https", "http"} if settings.allow_http else {"https"}
    if parts.scheme not in schemes or not is_address or "@" in parts.netloc:
        raise LaunchRefused("return_url_unusable", "scheme or host")
    if not _is_of_platform(url, pending):
        raise LaunchRefused("return_url_foreign")
    return url


def _is_moodle(claims: dict[str, Any]) -> bool:
    """Whether the platform is Moodle; one that does not say what it is counts as one, since
    what Moodle takes every platform takes."""
    platform = claims.get(v.TOOL_PLATFORM)
    family = platform.get("product_family_code") if isinstance(platform, dict) else None
    return not isinstance(family, str) or not family or family.lower() == "moodle"


def read_settings(claims: dict[str, Any], settings: Settings, pending: AnyRow) -> dict[str, Any]:
    """What a request asks for, as the visit keeps it while a tutor chooses.

    A line item is sent unless the platform says that it ignores them. Left out, the flag lets
    nothing be assumed (4.4.1): who ignores line items loses nothing by one, and who makes the
    column of one, as Moodle does, would else have none.

    :param pending: the login with its registration and issuer.
    :raises LaunchRefused: something is missing or cannot be used.
    """
    found = claims.get(v.DEEP_LINKING_SETTINGS)
    if found is None:
        raise LaunchRefused("claim_missing", "deep_linking_settings")
    if not isinstance(found, dict):
        raise LaunchRefused("claim_unusable", "deep_linking_settings")
    kept: dict[str, Any] = {
        "return_url": _return_url(found, settings, pending),
        "accepts_links": v.LTI_RESOURCE_LINK in _texts(found, "accept_types"),
        "accepts_many": bool(_flag(found, "accept_multiple")),
        "accepts_line_item": _flag(found, "accept_lineitem") is not False,
        "is_moodle": _is_moodle(claims),
    }
    _texts(found, "accept_presentation_document_targets")
    _flag(found, "auto_create")
    data = found.get("data")
    if data is not None and not isinstance(data, str):
        raise LaunchRefused("claim_unusable", "data")
    return kept if data is None else {**kept, "data": data}


def with_settings(
    message: LaunchMessage, claims: dict[str, Any], settings: Settings, pending: AnyRow
) -> LaunchMessage:
    """The message with what it asks for, for someone who may choose.

    :raises LaunchRefused: `staff_only`, or the settings cannot be used.
    """
    kept = read_settings(claims, settings, pending)
    if TUTOR not in message.roles:
        raise LaunchRefused("staff_only")
    return replace(message, deep_linking=kept)


def _addressee(session: Session, context_id: int) -> AnyRow:
    """Who is answered: client id, issuer and deployment of a context."""
    return session.execute(
        select(Registration.client_id, Platform.issuer, Deployment.deployment_id)
        .join(Deployment, Deployment.registration_id == Registration.id)
        .join(Context, Context.deployment_id == Deployment.id)
        .join(Platform, Platform.id == Registration.platform_id)
        .where(Context.id == context_id)
    ).one()


def sign_answer(
    session: Session,
    settings: Settings,
    context_id: int,
    asked: dict[str, Any],
    items: list[dict[str, Any]],
    *,
    msg: str | None = None,
    error: tuple[str, str] | None = None,
) -> str:
    """The signed response, made at the moment it is sent (Deep Linking 2.0, 4.5).

    :param asked: what `read_settings` kept; its `data` goes back exactly as it came.
    :param msg: a sentence for the person; `error`: a sentence, and words for a log.
    """
    to = _addressee(session, context_id)
    now = int(clock.now().timestamp())
    claims: dict[str, Any] = {
        "iss": to.client_id,
        "aud": to.issuer,
        "iat": now,
        "exp": now + _ANSWER_LASTS_S,
        "nonce": random_token(),
        v.DEPLOYMENT_ID: to.deployment_id,
        v.MESSAGE_TYPE: v.DEEP_LINKING_RESPONSE,
        v.VERSION: v.LTI_VERSION,
        v.CONTENT_ITEMS: items,
    }
    if "data" in asked:
        claims[v.DEEP_LINKING_DATA] = asked["data"]
    if msg is not None:
        claims[v.DEEP_LINKING_MSG] = msg
    if error is not None:
        claims[v.DEEP_LINKING_ERRORMSG], claims[v.DEEP_LINKING_ERRORLOG] = error
    key = signing_key(settings.keys_dir, settings.secret_key)
    return jwt.encode({"typ": "JWT", "alg": "RS256", "kid": key_id(key)}, claims, key)
