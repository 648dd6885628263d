"""Dynamic registration as Moodle answers it: what the platform says, and the endpoint.

The token is a JWT of our own: `sub` is the client id to be, the scope is `reg` or `reg-update`,
good for an hour. Refusals are plain text; a token or body that cannot be read gives Moodle's
page for people with status 404.
"""

import json
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, request
from joserfc import jwt
from joserfc.errors import JoseError

from lti_tool.demo_platform.claims import ALL_SCOPES
from lti_tool.demo_platform.faults import moodle_error_page
from lti_tool.demo_platform.platform import get_platform
from lti_tool.demo_platform.tools import PENDING, Tool, find_tool, save_tool
from lti_tool.lti.vocabulary import PLATFORM_CONFIGURATION, TOOL_CONFIGURATION

blueprint = Blueprint("registration", __name__)
TOKEN_LASTS_S = 3600
REGISTER, UPDATE = "reg", "reg-update"
_CLAIMS = ("sub", "iss", "name", "family_name", "given_name", "email")
_NEEDED = (
    "initiate_login_uri",
    "redirect_uris",
    "jwks_uri",
    "client_name",
    "response_types",
    "grant_types",
    "token_endpoint_auth_method",
)
_VARIABLES = (
    "Context.id", "Context.title", "Context.label", "Context.id.history", "ResourceLink.id",
    "ResourceLink.title", "User.id", "User.username", "Person.name.full", "Person.email.primary",
    "Moodle.Person.userGroupIds",
)  # fmt: skip


def make_token(client_id: str, scope: str) -> str:
    """A token that lets a tool register, or update what it registered."""
    platform = get_platform()
    now = platform.now
    claims = {"sub": client_id, "scope": scope, "iat": now, "exp": now + TOKEN_LASTS_S}
    header = {"typ": "JWT", "alg": "RS256", "kid": platform.signing_key.kid}
    return jwt.encode(header, claims, platform.signing_key)


@blueprint.get("/.well-known/openid-configuration")
@blueprint.get("/mod/lti/openid-configuration")
def configuration() -> Response:
    """What the platform says about itself."""
    url = get_platform().platform_url
    body = {
        "issuer": url,
        "token_endpoint": f"{url}/mod/lti/token",
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": ["RS256"],
        "jwks_uri": f"{url}/mod/lti/certs",
        "authorization_endpoint": f"{url}/mod/lti/auth",
        "registration_endpoint": f"{url}/mod/lti/openid-registration",
        "scopes_supported": [*ALL_SCOPES, "openid"],
        "response_types_supported": ["id_token"],
        "subject_types_supported": ["public", "pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "claims_supported": list(_CLAIMS),
        PLATFORM_CONFIGURATION: {
            "product_family_code": "moodle",
            "version": "demo",
            "messages_supported": [
                {"type": "LtiResourceLinkRequest"},
                {"type": "LtiDeepLinkingRequest", "placements": ["ContentArea"]},
            ],
            "variables": list(_VARIABLES),
        },
    }
    return Response(json.dumps(body, indent=4), content_type="application/json; charset=utf-8")


def _plain(status: int, text: str) -> Response:
    return Response(text, status, content_type="text/html; charset=utf-8")


def _need_token() -> dict[str, Any]:
    """The claims of the bearer token, in Moodle's order of refusals."""
    kind, _, value = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not value:
        abort(_plain(401, "missing_registration_token"))
    platform = get_platform()
    try:
        claims = jwt.decode(value.strip(), platform.signing_key, algorithms=["RS256"]).claims
    except (JoseError, ValueError):
        abort(moodle_error_page("Invalid token."))
    if claims.get("exp", 0) < platform.now or claims.get("scope") not in (REGISTER, UPDATE):
        abort(moodle_error_page("Expired token."))
    if claims["scope"] == REGISTER and find_tool(claims["sub"]) is not None:
        abort(_plain(401, "token_already_used"))
    return claims


def _check(asked: dict[str, Any]) -> None:
    for name in _NEEDED:
        if not asked.get(name):
            abort(_plain(400, f"missing required attribute {name}"))
    if asked["token_endpoint_auth_method"] != "private_key_jwt":
        abort(_plain(400, "invalid_token_endpoint_auth_method"))
    if "id_token" not in asked["response_types"]:
        abort(_plain(400, "invalid_response_types"))
    configuration = asked.get(TOOL_CONFIGURATION)
    if not isinstance(configuration, dict) or not configuration.get("domain"):
        abort(_plain(400, "missing_domain"))
    target = str(configuration.get("target_link_uri", ""))
    if urlsplit(target).netloc != configuration["domain"]:
        abort(_plain(400, "domain_targetlinkuri_mismatch"))


def _tool(asked: dict[str, Any], client_id: str, before: Tool | None) -> Tool:
    configuration = asked[TOOL_CONFIGURATION]
    scopes = str(asked.get("scope", "")).split()
    said = configuration.get("claims", [])
    return Tool(
        id=before.id if before else "",
        client_id=client_id,
        name=str(asked["client_name"]),
        description=str(configuration.get("description", "")),
        state=before.state if before else PENDING,
        login_url=str(asked["initiate_login_uri"]),
        redirect_urls=tuple(str(url) for url in asked["redirect_uris"]),
        target_url=str(configuration["target_link_uri"]),
        jwks_url=str(asked["jwks_uri"]),
        domain=str(configuration["domain"]),
        scopes=tuple(scope for scope in ALL_SCOPES if scope in scopes),
        custom={str(k): str(v) for k, v in configuration.get("custom_parameters", {}).items()},
        claims=tuple(claim for claim in _CLAIMS if claim in said),
        icon_url=str(asked.get("logo_uri", "")),
    )


def _answer(tool: Tool) -> Response:
    """What was registered: of the messages only deep linking is kept, as in Moodle."""
    body = {
        "client_id": tool.client_id,
        "response_types": ["id_token"],
        "jwks_uri": tool.jwks_url,
        "initiate_login_uri": tool.login_url,
        "grant_types": ["client_credentials", "implicit"],
        "redirect_uris": list(tool.redirect_urls),
        "application_type": "web",
        "token_endpoint_auth_method": "private_key_jwt",
        "client_name": tool.name,
        "logo_uri": tool.icon_url,
        "scope": " ".join(tool.scopes),
        TOOL_CONFIGURATION: {
            "version": "1.3.0",
            "deployment_id": tool.id,
            "target_link_uri": tool.target_url,
            "domain": tool.domain,
            "description": tool.description,
            "messages": [{"type": "LtiDeepLinkingRequest", "target_link_uri": tool.target_url}],
            "custom_parameters": tool.custom,
            "claims": list(tool.claims),
        },
    }
    text = json.dumps(body, separators=(",", ":")).replace("/", "\\/")
    return Response(text, content_type="application/json; charset=utf-8")


@blueprint.route("/mod/lti/openid-registration", methods=["GET", "POST"])
def register() -> Response:
    """Registers a tool, shows what is registered, or updates it."""
    claims = _need_token()
    before = find_tool(claims["sub"]) if claims["scope"] == UPDATE else None
    if request.method == "GET":
        return _answer(before) if before else moodle_error_page("There is no such tool.")
    try:
        asked = json.loads(request.get_data())
    except ValueError:
        asked = None
    if not isinstance(asked, dict):
        return moodle_error_page("Invalid JSON.")
    _check(asked)
    tool = save_tool(_tool(asked, claims["sub"], before))
    platform = get_platform()
    platform.store.record("registration", platform.now, client_id=tool.client_id, asked=asked)
    return _answer(tool)
