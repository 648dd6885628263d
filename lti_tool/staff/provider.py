"""The university's identity provider, as its client: where to send a browser, whom it signed in.

Authorization code with PKCE, state and nonce (OpenID Connect Core 1.0, 3.1; RFC 7636; RFC 9207;
RFC 9700). Authlib makes the requests and judges the claims, joserfc the signature; every call
goes through `lti/calls.py` with its limits. What the provider says of itself is kept for minutes;
its keys are read at each sign-in, so that a new key is followed at once.
"""

import time
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from authlib.common.errors import AuthlibBaseError
from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.client import OAuth2Client
from authlib.oauth2.rfc6749.parameters import prepare_token_request
from authlib.oidc.core import CodeIDToken
from authlib.oidc.discovery import get_well_known_url
from joserfc import jwt
from joserfc.errors import ClaimError, JoseError
from joserfc.jwk import KeySet

from lti_tool.core import clock
from lti_tool.lti.addresses import check_address
from lti_tool.lti.calls import Answer, call
from lti_tool.lti.errors import RegistrationUnusable, ServiceFailed
from lti_tool.monitoring.findings import Finding
from lti_tool.settings import Settings
from lti_tool.staff.attempts import Attempt
from lti_tool.staff.members import Identity
from lti_tool.staff.refusals import SignInRefused

SCOPE = "openid email"
LEEWAY_S = 60
"""How far the provider's clock may differ from ours."""
_KEPT_FOR_S = 300.0
_ALGORITHMS = ["RS256", "PS256", "ES256", "RS384", "RS512", "ES384"]
"""None that a shared secret would do for: only the provider can sign."""
_WRONG_CLAIMS = {"nonce": "nonce_wrong", "exp": "token_time", "iat": "token_time"}
_WRONG_CLAIMS["nbf"] = "token_time"
_ADDRESSES = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_near: dict[str, tuple[float, "Provider"]] = {}
"""By issuer: a process's own short memory of what the provider says of itself."""


@dataclass(frozen=True, slots=True)
class Provider:
    """What the provider says of itself."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    takes_secret_in_body: bool
    """Where it may stand in the body it does: nobody then disagrees how it is encoded."""
    names_itself: bool
    """Whether its answers say who it is (RFC 9207), so that one without is not its own."""


def _ask(settings: Settings, method: str, url: str, **more: Any) -> Answer:
    """One call. The operator has named the issuer, so its own host may lie in our network."""
    if urlsplit(url).hostname == urlsplit(settings.oidc_issuer).hostname:
        settings = replace(settings, allow_private_platforms=True)
    try:
        return call(settings, method, url, **more)
    except ServiceFailed as failure:
        raise SignInRefused("provider_unreachable", detail=failure.reason) from None


def _read(answer: Answer) -> dict[str, Any]:
    """A document of the provider's.

    :raises SignInRefused: it is none.
    """
    try:
        document = answer.json()
    except ServiceFailed:
        document = None
    if answer.status >= 500 or answer.status == 429:
        raise SignInRefused("provider_unreachable", detail=f"http_{answer.status}")
    if answer.status != 200 or not isinstance(document, dict):
        raise SignInRefused("provider_unusable", detail=f"http_{answer.status}")
    return document


def find_provider(settings: Settings) -> Provider:
    """The provider that the settings name (OpenID Connect Discovery 1.0, 4).

    :raises SignInRefused: it cannot be reached, or says what cannot be.
    """
    issuer = settings.oidc_issuer
    read_at, known = _near.get(issuer, (0.0, None))
    if known is not None and time.monotonic() - read_at < _KEPT_FOR_S:
        return known
    found = _read(_ask(settings, "GET", get_well_known_url(issuer, external=True)))
    if found.get("issuer") != issuer:
        raise SignInRefused("provider_unusable", detail="issuer_differs")
    for name in _ADDRESSES:
        if not isinstance(found.get(name), str):
            raise SignInRefused("provider_unusable", detail=f"{name}_missing")
        try:
            check_address(replace(settings, allow_private_platforms=True), name, found[name])
        except RegistrationUnusable:
            raise SignInRefused("provider_unusable", detail=f"{name}_unusable") from None
    methods = found.get("token_endpoint_auth_methods_supported")
    provider = Provider(
        issuer=issuer,
        **{name: found[name] for name in _ADDRESSES},
        takes_secret_in_body=isinstance(methods, list) and "client_secret_post" in methods,
        names_itself=found.get("authorization_response_iss_parameter_supported") is True,
    )
    _near[issuer] = (time.monotonic(), provider)
    return provider


def redirect_url(settings: Settings) -> str:
    """Where the provider sends browsers back to; registered there to the letter."""
    return settings.url("/staff/callback")


def address_for(settings: Settings, provider: Provider, attempt: Attempt) -> str:
    """Where to send the browser."""
    client = OAuth2Client(
        None,
        client_id=settings.oidc_client_id,
        scope=SCOPE,
        redirect_uri=redirect_url(settings),
        code_challenge_method="S256",
    )
    address, _ = client.create_authorization_url(
        provider.authorization_endpoint,
        state=attempt.state,
        code_verifier=attempt.verifier,
        nonce=attempt.nonce,
    )
    return str(address)


def _trade(settings: Settings, provider: Provider, code: str, verifier: str) -> dict[str, Any]:
    """The code for tokens, once. An answer that is lost is not asked for again.

    :raises SignInRefused: the provider does not take the code or does not know us.
    """
    body = prepare_token_request(
        "authorization_code",
        redirect_uri=redirect_url(settings),
        code=code,
        code_verifier=verifier,
    )
    auth = ClientAuth(
        settings.oidc_client_id,
        settings.oidc_client_secret,
        "client_secret_post" if provider.takes_secret_in_body else "client_secret_basic",
    )
    headers = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}
    url, headers, body = auth.prepare("POST", provider.token_endpoint, headers, body)
    answer = _ask(settings, "POST", url, headers=headers, data=body.encode())
    if answer.status in (400, 401, 403):
        try:
            error = answer.json()["error"]
        except (ServiceFailed, KeyError, TypeError):
            error = ""
        ours = error in ("invalid_client", "unauthorized_client") or answer.status != 400
        raise SignInRefused("client_refused" if ours else "code_refused")
    return _read(answer)


def _signing_keys(document: dict[str, Any]) -> KeySet:
    """Those of the provider's keys that may verify; one of a kind we do not know hinders none."""
    entries = document["keys"]
    usable = [
        one
        for one in entries
        if isinstance(one, dict) and one.get("kty") in ("RSA", "EC") and one.get("use") != "enc"
    ]
    return KeySet.import_key_set({"keys": usable})


def _claims(settings: Settings, provider: Provider, tokens: dict[str, Any], nonce: str) -> Any:
    """The id token's claims, proved (OpenID Connect Core 1.0, 3.1.3.7)."""
    keys = _signing_keys(_read(_ask(settings, "GET", provider.jwks_uri)))
    token = jwt.decode(tokens["id_token"], keys, algorithms=_ALGORITHMS)
    claims = CodeIDToken(
        token.claims,
        token.header,
        {
            "iss": {"essential": True, "value": provider.issuer},
            "aud": {"essential": True, "value": settings.oidc_client_id},
        },
        {
            "nonce": nonce,
            "client_id": settings.oidc_client_id,
            "access_token": tokens.get("access_token"),
        },
    )
    claims.validate(now=int(clock.now().timestamp()), leeway=LEEWAY_S)
    return claims


def identify(settings: Settings, provider: Provider, code: str, attempt: Attempt) -> Identity:
    """Whom the provider has signed in.

    :param code: as it came in the address.
    :raises SignInRefused: anything of it is not as it must be.
    """
    tokens = _trade(settings, provider, code, attempt.verifier)
    try:
        claims = _claims(settings, provider, tokens, attempt.nonce)
    except ClaimError as error:
        wrong = _WRONG_CLAIMS.get(error.claim, "token_unusable")
        raise SignInRefused(wrong, detail=f"claim_{error.claim}") from None
    except (JoseError, AuthlibBaseError, KeyError, ValueError, TypeError, AttributeError) as error:
        raise SignInRefused("token_unusable", detail=type(error).__name__) from None
    subject, email = claims["sub"], claims.get("email")
    if not isinstance(subject, str) or not 0 < len(subject) <= 255 or not subject.isprintable():
        raise SignInRefused("token_unusable", detail="claim_sub")
    is_verified = isinstance(email, str) and claims.get("email_verified") is True
    return Identity(provider.issuer, subject, email.lower() if is_verified else None)


def look(settings: Settings) -> Finding:
    """For the doctor: whether the provider can be asked, anew and not from memory."""
    if not settings.has_staff_sign_in:
        return Finding("staff sign-in", True, "It is off: no identity provider is set.")
    _near.pop(settings.oidc_issuer, None)
    try:
        find_provider(settings)
    except SignInRefused as error:
        url = get_well_known_url(settings.oidc_issuer, external=True)
        words = (
            f"{error.sentence} ({error.code}: {error.detail}) Check LTI_TOOL_OIDC_ISSUER, and "
            f"that this machine may reach {url}."
        )
        return Finding("staff sign-in", False, words)
    return Finding("staff sign-in", True, f"{settings.oidc_issuer} can be asked.")
