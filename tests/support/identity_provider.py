"""A university's identity provider as a process of its own: OpenID Connect by Authlib's server.

It signs in whoever is chosen on its page, without a password, and can be told to misbehave. It
shares no code with the tool. Run as a module with the tool's address; it prints its port.
"""

import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests
from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import grants
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oauth2.rfc9207 import IssuerParameter
from authlib.oidc.core import OpenIDCode, UserInfo
from flask import Flask, jsonify, request
from joserfc.jwk import RSAKey

from tests.support.running_tool import free_port

CLIENT_ID, CLIENT_SECRET = "staff-pages", "a secret of the staff pages, with % and +"
PEOPLE = {
    "ada": {"sub": "sub-ada", "email": "Ada@example.ac.uk", "email_verified": True},
    "tess": {"sub": "sub-tess", "email": "tess@example.ac.uk", "email_verified": True},
    "sam": {"sub": "sub-sam", "email": "sam@example.ac.uk", "email_verified": True},
    "mallory": {"sub": "sub-mallory", "email": "ada@example.ac.uk", "email_verified": False},
}
_ROOT = Path(__file__).resolve().parents[2]
_PAGE = """<!doctype html><html lang="en"><title>University sign-in</title>
<h1>University sign-in</h1><form method="post">{buttons}
<button name="who" value="">Cancel</button></form></html>"""


@dataclass
class _Client:
    """The one client, as Authlib asks about it."""

    redirect_uri: str
    client_id: str = CLIENT_ID
    id_token_signed_response_alg: str = "RS256"

    def get_client_id(self) -> str:
        return self.client_id

    def get_default_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri == self.redirect_uri

    def check_client_secret(self, client_secret: str) -> bool:
        return secrets.compare_digest(client_secret.encode(), CLIENT_SECRET.encode())

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method in ("client_secret_post", "client_secret_basic")

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


@dataclass
class _Code:
    """A code that was given and not used yet."""

    code: str
    user: dict[str, Any]
    redirect_uri: str
    scope: str
    nonce: str
    code_challenge: str
    code_challenge_method: str
    auth_time: int = field(default_factory=lambda: int(time.time()))

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope

    def get_nonce(self) -> str:
        return self.nonce

    def get_auth_time(self) -> int:
        return self.auth_time

    def get_acr(self) -> None:
        return None

    def get_amr(self) -> None:
        return None


class _State:
    """The provider's keys, codes that were given, and what it is told to get wrong."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer
        self.keys = [_new_key("first")]
        self.codes: dict[str, _Code] = {}
        self.wrong: dict[str, Any] = {}

    def discovery(self) -> dict[str, Any]:
        """What it says of itself."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
            "response_types_supported": ["code"],
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
            "authorization_response_iss_parameter_supported": True,
            **self.wrong.get("metadata", {}),
        }


def _new_key(kid: str) -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": kid, "use": "sig", "alg": "RS256"})


class _CodeGrant(grants.AuthorizationCodeGrant):
    """Keeps codes in the state that its server carries."""

    @property
    def _codes(self) -> dict[str, _Code]:
        codes: dict[str, _Code] = self.server.state.codes
        return codes

    def save_authorization_code(self, code: str, request: Any) -> None:
        asked = request.payload.data
        self._codes[code] = _Code(
            code,
            request.user,
            request.payload.redirect_uri,
            request.payload.scope,
            asked.get("nonce", ""),
            asked.get("code_challenge", ""),
            asked.get("code_challenge_method", ""),
        )

    def query_authorization_code(self, code: str, client: Any) -> _Code | None:
        return self._codes.get(code)

    def delete_authorization_code(self, authorization_code: _Code) -> None:
        self._codes.pop(authorization_code.code, None)

    def authenticate_user(self, authorization_code: _Code) -> dict[str, Any]:
        return authorization_code.user


class _OpenIDCode(OpenIDCode):
    """Signs id tokens, rightly or as it is told."""

    def __init__(self, state: _State) -> None:
        super().__init__(require_nonce=True)
        self.state = state

    def exists_nonce(self, nonce: str, request: Any) -> bool:
        return any(one.nonce == nonce for one in self.state.codes.values())

    def resolve_client_private_key(self, client: Any) -> RSAKey:
        true = self.state.keys[-1]
        return _new_key(str(true.kid)) if "forge" in self.state.wrong else true

    def get_encode_header(self, client: Any) -> dict[str, Any]:
        return {"alg": "RS256", "kid": self.state.keys[-1].kid}

    def get_client_claims(self, client: Any) -> dict[str, Any]:
        wrong = self.state.wrong
        now = int(time.time()) + wrong.get("clock_s", 0)
        aud = wrong.get("aud", [CLIENT_ID])
        issuer = wrong.get("iss", self.state.issuer)
        return {"iss": issuer, "aud": aud, "iat": now, "exp": now + 300}

    def generate_user_info(self, user: dict[str, Any], scope: str) -> UserInfo:
        wrong = self.state.wrong
        nonce = {"nonce": wrong["nonce"]} if "nonce" in wrong else {}
        return UserInfo({**user, **wrong.get("claims", {}), **nonce})


class _OwnIssuer(IssuerParameter):
    """Says in each answer whose it is (RFC 9207)."""

    def __init__(self, state: _State) -> None:
        self.state = state

    def get_issuer(self) -> str | None:
        return self.state.wrong.get("answer_iss", self.state.issuer) or None


def make_app(issuer: str, redirect_uri: str) -> Flask:
    """The provider as an application."""
    app, state, client = Flask(__name__), _State(issuer), _Client(redirect_uri)
    server = AuthorizationServer(app, lambda client_id: client, lambda token, request: None)
    server.state = state
    server.register_grant(_CodeGrant, [_OpenIDCode(state), CodeChallenge(required=True)])
    server.register_extension(_OwnIssuer(state))
    _add_protocol(app, server)

    @app.post("/misbehave")
    def misbehave() -> str:
        state.wrong = request.get_json()
        if state.wrong.pop("rotate", None):
            state.keys.append(_new_key(secrets.token_hex(4)))
        return ""

    return app


def _add_protocol(app: Flask, server: AuthorizationServer) -> None:
    state = server.state

    @app.get("/.well-known/openid-configuration")
    def discovery() -> Any:
        if "down" in state.wrong:
            return "<html>out of order", 503
        return jsonify(state.discovery())

    @app.get("/jwks")
    def key_set() -> Any:
        more = state.wrong.get("more_keys", [])
        return jsonify(keys=[*more, *(one.as_dict(private=False) for one in state.keys[-1:])])

    @app.route("/authorize", methods=["GET", "POST"])
    def authorize() -> Any:
        if request.method == "GET":
            buttons = "".join(f'<button name="who" value="{who}">{who}</button>' for who in PEOPLE)
            return _PAGE.format(buttons=buttons)
        who = PEOPLE.get(request.form["who"])
        grant = server.get_consent_grant(end_user=who)
        return server.create_authorization_response(grant=grant, grant_user=who)

    @app.post("/token")
    def token() -> Any:
        return server.create_token_response()


@dataclass
class IdentityProvider:
    """The running process, as tests use it."""

    issuer: str

    @property
    def settings(self) -> dict[str, str]:
        """What makes the tool use it."""
        return {
            "LTI_TOOL_OIDC_ISSUER": self.issuer,
            "LTI_TOOL_OIDC_CLIENT_ID": CLIENT_ID,
            "LTI_TOOL_OIDC_CLIENT_SECRET": CLIENT_SECRET,
            "LTI_TOOL_ALLOW_HTTP": "1",
        }

    def misbehave(self, **how: Any) -> None:
        """From now on go wrong in these ways and in no other."""
        requests.post(f"{self.issuer}/misbehave", json=how, timeout=10).raise_for_status()

    def answer(self, address: str, who: str) -> dict[str, str]:
        """Sign somebody in where the tool sent the browser; the parameters it is sent back with.

        :param who: a key of `PEOPLE`; empty to cancel.
        """
        done = requests.post(address, data={"who": who}, allow_redirects=False, timeout=10)
        assert done.status_code == 302, done.text
        return dict(parse_qsl(urlsplit(done.headers["Location"]).query))


@contextmanager
def running_provider(tool_url: str) -> Iterator[IdentityProvider]:
    """A provider whose one client is the tool at this address, for as long as the block runs."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.support.identity_provider", str(port), tool_url],
        cwd=_ROOT,
        env={**os.environ, "AUTHLIB_INSECURE_TRANSPORT": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    provider = IdentityProvider(f"http://127.0.0.1:{port}")
    try:
        deadline = time.monotonic() + 30
        while True:
            try:
                requests.get(f"{provider.issuer}/jwks", timeout=5)
                break
            except requests.ConnectionError:
                assert time.monotonic() < deadline and process.poll() is None
                time.sleep(0.05)
        yield provider
    finally:
        process.terminate()
        process.wait(10)


if __name__ == "__main__":
    _port, _tool_url = sys.argv[1:3]
    make_app(f"http://127.0.0.1:{_port}", f"{_tool_url}/staff/callback").run(port=int(_port))
