"""Registering by link: what we ask of a platform, and what it grants (Dynamic Registration 1.0).

The steps: `offers.read_offer` reads what the platform says; `application` is what we send;
`register` sends it with the platform's token and keeps the answer. With an invitation the
registration is let in at once, else it waits for the operator.
"""

import base64
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from lti_tool.db import Database
from lti_tool.lti import approvals, invitations
from lti_tool.lti import vocabulary as v
from lti_tool.lti.addresses import check_address
from lti_tool.lti.approvals import Connection
from lti_tool.lti.calls import Answer, call
from lti_tool.lti.errors import RegistrationUnusable, ServiceFailed
from lti_tool.lti.offers import (
    LONGEST_ADDRESS,
    PlatformOffer,
    RegisteringRefused,
    explain_call,
)
from lti_tool.settings import Settings

NAME = "SENCo course activities"
DESCRIPTION = "Course work for special educational needs coordinators, with marking."
LONGEST_TOKEN = 7000
SCOPES = (
    v.SCOPE_LINE_ITEM,
    v.SCOPE_LINE_ITEM_READONLY,
    v.SCOPE_RESULT_READONLY,
    v.SCOPE_SCORE,
    v.SCOPE_NRPS,
)
CLAIMS = ("iss", "sub", "name", "given_name", "family_name")
"""What is used, and nothing more: the e-mail address is not."""
CUSTOM = {"context_history": "$Context.id.history"}
_SENTENCES = {
    "token_already_used": "The platform says that this link was used before.",
    "missing_registration_token": "The platform says that its registration token is missing.",
    "domain_targetlinkuri_mismatch": "The platform says that our addresses do not fit together. "
    "The tool’s operator should look at LTI_TOOL_BASE_URL.",
    "invalid_token_endpoint_auth_method": "The platform does not take signed requests for tokens.",
}


@dataclass(frozen=True, slots=True)
class Registered:
    """What registering came to.

    `standing` is `approved`, `pending` (waits for the operator), `proposed` (the registration
    that is there stays as it was until the operator approves the change), `unchanged`, or
    `disabled` (updated, and switched off by the operator).
    """

    registration_id: int
    standing: str
    missing_scopes: tuple[str, ...]
    has_deployment: bool


def wanted_scopes(offer: PlatformOffer) -> tuple[str, ...]:
    """The services we ask for, of those the platform has."""
    return tuple(scope for scope in SCOPES if not offer.scopes or scope in offer.scopes)


def wanted_claims(offer: PlatformOffer) -> tuple[str, ...]:
    """What we ask to be told about people, of what the platform can tell."""
    needed = {"iss", "sub"}
    return tuple(c for c in CLAIMS if c in needed or not offer.claims or c in offer.claims)


def wanted_messages(offer: PlatformOffer) -> tuple[str, ...]:
    """Kinds of message besides the plain launch, which is implied."""
    ours = (v.DEEP_LINKING_REQUEST, v.SUBMISSION_REVIEW_REQUEST)
    return tuple(kind for kind in ours if kind in offer.messages)


def application(settings: Settings, offer: PlatformOffer) -> dict[str, Any]:
    """What we send: the tool's own configuration (Dynamic Registration 1.0, 3.5.1)."""
    launch = settings.url("/lti/launch")
    labels = {
        v.DEEP_LINKING_REQUEST: "Add SENCo course activities",
        v.SUBMISSION_REVIEW_REQUEST: "Open this participant’s work",
    }
    messages: list[dict[str, Any]] = [
        {"type": kind, "target_link_uri": launch, "label": labels[kind]}
        for kind in wanted_messages(offer)
    ]
    for message in messages:
        if message["type"] == v.DEEP_LINKING_REQUEST:
            message["placements"] = ["ContentArea"]
    return {
        "application_type": "web",
        "response_types": ["id_token"],
        "grant_types": ["implicit", "client_credentials"],
        "initiate_login_uri": settings.url("/lti/login"),
        "redirect_uris": [launch],
        "client_name": NAME,
        "client_uri": settings.url("/"),
        "logo_uri": settings.url("/assets/1/icon.svg"),
        "policy_uri": settings.url("/privacy"),
        "jwks_uri": settings.url("/lti/jwks.json"),
        "token_endpoint_auth_method": "private_key_jwt",
        "scope": " ".join(wanted_scopes(offer)),
        v.TOOL_CONFIGURATION: {
            "domain": urlsplit(settings.base_url).netloc,
            "description": DESCRIPTION,
            "target_link_uri": launch,
            "custom_parameters": CUSTOM,
            "claims": list(wanted_claims(offer)),
            "messages": messages,
        },
    }


def is_update(token: str) -> bool:
    """Whether the platform's token asks us to update what is registered (Moodle's way).

    The token is the platform's to judge; this only chooses what we ask first.
    """
    try:
        payload = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        return "reg-update" in str(claims.get("scope", "")).split()
    except (IndexError, ValueError, AttributeError, RecursionError):
        return False


def _refused(answer: Answer) -> RegisteringRefused:
    """Why the platform said no, in words (Moodle answers plain text, or a page for people)."""
    if answer.status == 429 or answer.status >= 500:
        return RegisteringRefused(
            "platform_busy", f"The platform is busy or has a fault (status {answer.status})."
        )
    said = answer.body[:500].decode("utf-8", "replace").strip()
    if answer.is_html:
        said = "the registration token could not be read" if answer.status == 404 else ""
    elif said.startswith("{"):
        try:
            told = json.loads(answer.body)
            said = str(told.get("error_description") or told.get("error") or "")
        except (ValueError, RecursionError, AttributeError):
            said = ""
    known = _SENTENCES.get(said)
    if known:
        return RegisteringRefused("platform_refused", known)
    said = "".join(c for c in said if c.isprintable())[:200]
    reason = f"it says: {said}" if said else f"status {answer.status}"
    return RegisteringRefused("platform_refused", f"The platform did not register us; {reason}.")


def _ask(
    settings: Settings, method: str, url: str, token: str, body: bytes | None = None
) -> Answer:
    headers = {"Accept": "application/json", "Authorization": f"Bearer {token}"}
    if body is not None:
        headers["Content-Type"] = "application/json"
    try:
        return call(settings, method, url, headers=headers, data=body)
    except ServiceFailed as error:
        raise RegisteringRefused("platform_unreachable", explain_call(error)) from None


def _granted(answer: Answer) -> dict[str, Any]:
    if answer.status not in (200, 201):
        raise _refused(answer)
    try:
        given = answer.json()
    except ServiceFailed:
        given = None
    client_id = given.get("client_id") if isinstance(given, dict) else None
    if (
        not isinstance(client_id, str)
        or not 0 < len(client_id) <= 255
        or not client_id.isprintable()
    ):
        raise RegisteringRefused(
            "platform_refused", "The platform’s answer holds no client id that we can use."
        )
    return dict(given)


def _send(settings: Settings, offer: PlatformOffer, token: str) -> dict[str, Any]:
    """Register, or update what is registered: read it, then post, or put where that is wanted."""
    body = json.dumps(application(settings, offer)).encode()
    url = offer.registration_endpoint
    if not is_update(token):
        return _granted(_ask(settings, "POST", url, token, body))
    before = _granted(_ask(settings, "GET", url, token))
    answer = _ask(settings, "POST", url, token, body)
    if answer.status == 405:
        answer = _ask(settings, "PUT", url, token, body)
    after = _granted(answer)
    if after["client_id"] != before["client_id"]:
        raise RegisteringRefused(
            "platform_refused", "The platform updated another registration than the one it named."
        )
    return after


def _connection(settings: Settings, offer: PlatformOffer, given: dict[str, Any]) -> Connection:
    configuration = given.get(v.TOOL_CONFIGURATION)
    deployment = configuration.get("deployment_id") if isinstance(configuration, dict) else None
    text = str(deployment) if isinstance(deployment, str | int) else ""
    is_usable = 0 < len(text) <= 255 and text.isprintable() and text == text.strip()
    scope = given.get("scope")
    granted = scope.split() if isinstance(scope, str) else list(wanted_scopes(offer))
    client_url = given.get("registration_client_uri")
    if isinstance(client_url, str) and 0 < len(client_url) <= LONGEST_ADDRESS:
        try:
            check_address(settings, "registration’s own address", client_url)
        except RegistrationUnusable:
            client_url = None
    else:
        client_url = None
    return Connection(
        issuer=offer.issuer,
        client_id=given["client_id"],
        deployment_ids=(text,) if is_usable else (),
        auth_login_url=offer.auth_login_url,
        auth_token_url=offer.auth_token_url,
        auth_audience=offer.auth_audience,
        jwks_url=offer.jwks_url,
        scopes=" ".join(scope for scope in SCOPES if scope in granted),
        product=offer.product,
        registration_client_url=client_url,
    )


def register(
    database: Database, settings: Settings, offer: PlatformOffer, token: str, invitation: str
) -> Registered:
    """Register with the platform, and keep what it answered.

    :param token: the platform's registration token; sent to its registration address alone.
    :param invitation: as it came in the address; empty where there was none.
    :raises RegisteringRefused: the platform said no, or the invitation is used or too old.
    """
    with database.read() as session:
        name = invitations.find_name(session, invitation) if invitation else None
        if name is None and approvals.count_pending(session) >= approvals.MOST_PENDING:
            raise RegisteringRefused(
                "too_many_pending",
                "Too many platforms wait for approval already.",
                "Ask the tool’s operator for an invitation link.",
            )
    connection = _connection(settings, offer, _send(settings, offer, token))
    title = name or urlsplit(offer.issuer).netloc[:200]
    with database.write() as session:
        registration, is_new = approvals.keep_new(session, connection, title)
        is_invited = bool(invitation) and invitations.claim(session, invitation, registration.id)
        if is_invited:
            approvals.let_in(session, registration, connection, is_new=is_new)
            standing = "approved" if registration.is_enabled else "disabled"
        elif is_new:
            standing = "pending"
        elif approvals.propose(session, registration, connection):
            standing = "proposed" if registration.is_approved else "pending"
        else:
            standing = "unchanged" if registration.is_approved else "pending"
    missing = tuple(s for s in SCOPES if s not in connection.scopes.split())
    return Registered(registration.id, standing, missing, bool(connection.deployment_ids))
