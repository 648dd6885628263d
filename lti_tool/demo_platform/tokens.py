"""The token endpoint and the platform's own public keys.

Authlib checks the tool's signed assertion; what goes back has Moodle's shape:
JSON under text/html, status 400 for every refusal. Who may do what with a token
is asked in services.py.
"""

import json
import os
import secrets
import threading
import time
from http import HTTPStatus
from typing import Any

import requests
from authlib.integrations.flask_oauth2 import (
    AuthorizationServer,
)
from authlib.oauth2.rfc6749 import (
    ClientMixin,
    InvalidClientError,
    InvalidScopeError,
)
from authlib.oauth2.rfc6749.errors import InvalidRequestError
from authlib.oauth2.rfc6749.grants import (
    ClientCredentialsGrant,
)
from authlib.oauth2.rfc7523 import JWTBearerClientAssertion
from flask import Blueprint, Flask, Response, current_app, jsonify, request
from joserfc import jws
from joserfc.errors import BadSignatureError, JoseError
from joserfc.jwk import KeySet

from lti_tool.demo_platform.claims import ALL_SCOPES, SCOPE_LINEITEM
from lti_tool.demo_platform.faults import moodle_error_page, planned_fault
from lti_tool.demo_platform.platform import get_platform
from lti_tool.demo_platform.tools import ACTIVE, Tool, find_tool

blueprint = Blueprint("tokens", __name__)
EXPIRES_IN_S = 3600
KEY_CACHE_S = 3600
FETCH_TIMEOUT_S = 5
CLIENT_AUTH = "client_assertion_jwt"


class KeysUnreachable(Exception):
    """The tool's public keys could not be fetched."""


class ToolKeys:
    """The tool's public keys, fetched again when a key id is unknown."""

    def __init__(self, jwks_url: str) -> None:
        self._url = jwks_url
        self._lock = threading.Lock()
        self._keys: KeySet | None = None
        self._fetched_at = 0.0

    def get(self, kid: str | None) -> KeySet:
        with self._lock:
            fresh = time.monotonic() - self._fetched_at < KEY_CACHE_S
            known = self._keys is not None and any(k.kid == kid for k in self._keys.keys)
            if self._keys is None or not fresh or not known:
                self._keys = self._fetch()
                self._fetched_at = time.monotonic()
            return self._keys

    def _fetch(self) -> KeySet:
        try:
            answer = requests.get(self._url, timeout=FETCH_TIMEOUT_S, allow_redirects=False)
            answer.raise_for_status()
            return KeySet.import_key_set(answer.json())
        except (requests.RequestException, ValueError, KeyError, JoseError) as error:
            raise KeysUnreachable(str(error)) from error


class DemoClient(ClientMixin):  # type: ignore[misc]
    """A tool, as Authlib sees it."""

    def __init__(self, tool: Tool) -> None:
        self.tool = tool
        self.client_id = tool.client_id

    def get_client_id(self) -> str:
        return self.client_id

    def get_allowed_scope(self, scope: str | None) -> str:
        """Grants what is known of what was asked, in the platform's order."""
        asked = set((scope or "").split())
        return " ".join(
            known for known in granted_scopes() if known in asked and known in self.tool.scopes
        )

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == CLIENT_AUTH and endpoint == "token"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "client_credentials"


class ToolAssertion(JWTBearerClientAssertion):  # type: ignore[misc]
    """The signed assertion by which the tool proves who it is."""

    def get_audiences(self) -> list[str]:
        platform = get_platform()
        return [f"{platform.platform_url}/mod/lti/token", platform.platform_url]

    def validate_jti(self, claims: dict[str, Any], jti: str) -> bool:
        platform = get_platform()
        return platform.store.is_new_assertion(str(jti), platform.now)

    def process_assertion_claims(self, assertion: str, resolve_key: KeySet) -> Any:
        """As Authlib does it, but a bad signature says that it is one."""
        try:
            return super().process_assertion_claims(assertion, resolve_key)
        except InvalidClientError as error:
            if isinstance(error.__cause__, BadSignatureError):
                error.description = "bad signature"
            raise

    def resolve_client_public_key(self, client: DemoClient) -> KeySet:
        assertion = request.form["client_assertion"]
        kid = jws.extract_compact(assertion.encode()).headers().get("kid")
        return keys_at(client.tool.jwks_url).get(kid)


class ToolGrant(ClientCredentialsGrant):  # type: ignore[misc]
    """Client credentials; a scope must be asked for and one must be known."""

    TOKEN_ENDPOINT_AUTH_METHODS = (CLIENT_AUTH,)

    def validate_token_request(self) -> None:
        super().validate_token_request()
        scope = self.request.payload.scope
        if not scope:
            raise InvalidRequestError()
        if not self.request.client.get_allowed_scope(scope):
            raise InvalidScopeError()


def granted_scopes() -> tuple[str, ...]:
    """All scopes, or fewer where the switch says so."""
    if get_platform().switches.get("withhold_lineitem_scope"):
        return tuple(scope for scope in ALL_SCOPES if scope != SCOPE_LINEITEM)
    return ALL_SCOPES


def init_app(app: Flask) -> None:
    """Joins Authlib to the application."""
    # Authlib refuses plain http unless told; the demo has nothing else.
    os.environ.setdefault("AUTHLIB_INSECURE_TRANSPORT", "1")
    app.config["OAUTH2_TOKEN_EXPIRES_IN"] = {"client_credentials": EXPIRES_IN_S}
    app.config["OAUTH2_ACCESS_TOKEN_GENERATOR"] = _make_token
    server = AuthorizationServer(app, query_client=_find_client, save_token=_save_token)
    server.register_client_auth_method(CLIENT_AUTH, ToolAssertion())
    server.register_grant(ToolGrant)
    app.extensions["demo_token_server"] = server
    app.extensions["demo_tool_keys"] = {}


def keys_at(jwks_url: str) -> ToolKeys:
    """The keys of one tool, kept over requests."""
    kept: dict[str, ToolKeys] = current_app.extensions["demo_tool_keys"]
    return kept.setdefault(jwks_url, ToolKeys(jwks_url))


def _make_token(*_args: object, **_kwargs: object) -> str:
    return secrets.token_hex(16)


def _find_client(client_id: str) -> DemoClient | None:
    tool = find_tool(client_id)
    return DemoClient(tool) if tool is not None and tool.state == ACTIVE else None


def _save_token(token: dict[str, Any], _request: object) -> None:
    platform = get_platform()
    platform.store.save_token(token["access_token"], token["scope"], platform.now + EXPIRES_IN_S)


@blueprint.post("/mod/lti/token")
def token() -> Response:
    """Gives a bearer token to the tool for a signed assertion."""
    platform = get_platform()
    time.sleep(platform.switches.get("slow_token_s"))
    response = planned_fault("next_token_") or _answer()
    error = None
    if response.status_code != HTTPStatus.OK:
        error = response.get_data(as_text=True)[:200]
    platform.store.record(
        "token",
        platform.now,
        status=response.status_code,
        scope=request.form.get("scope", ""),
        error=error,
    )
    return response


def _answer() -> Response:
    server: AuthorizationServer = current_app.extensions["demo_token_server"]
    if get_platform().switches.get("keyset_blocked"):
        return moodle_error_page("The tool's keys are blocked.")
    try:
        answer: Response = server.create_token_response()
    except KeysUnreachable:
        return moodle_error_page("The tool's keys cannot be fetched.")
    body = json.loads(answer.get_data())
    if answer.status_code != HTTPStatus.OK:
        return _shaped({"error": _moodle_error(body)}, 400)
    wanted = ("access_token", "token_type", "expires_in", "scope")
    return _shaped({key: body[key] for key in wanted}, 200)


def _moodle_error(body: dict[str, Any]) -> str:
    """Moodle puts the reason itself into `error` for a bad assertion."""
    description = str(body.get("error_description", "")).lower()
    if "expired" in description:
        return "Expired token"
    if "signature" in description:
        return "Signature verification failed"
    return str(body["error"])


def _shaped(body: dict[str, Any], status: int) -> Response:
    lines = ",\n".join(f"  {json.dumps(k)} : {json.dumps(v)}" for k, v in body.items())
    return Response(f"{{\n{lines}\n}}", status, content_type="text/html; charset=utf-8")


@blueprint.get("/mod/lti/certs")
def certs() -> Response:
    """The platform's public keys, for the tool."""
    platform = get_platform()
    state = platform.switches.get("jwks")
    if state == "not_found":
        return moodle_error_page("Page not found.")
    if state == "down":
        return Response("Service Unavailable", 503, mimetype="text/plain")
    key = {**platform.signing_key.as_dict(private=False), "alg": "RS256", "use": "sig"}
    return jsonify({"keys": [] if state == "empty" else [key]})
