"""The demo platform's token endpoint and keys, asked by a tool with a real key."""

import json
import time
import uuid
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from werkzeug.serving import make_server
from werkzeug.test import TestResponse
from werkzeug.wrappers import Request, Response

from lti_tool.demo_platform import registration_values
from tests.support.platform_app import platform_app
from tests.support.serving import serving

PLATFORM = "http://localhost:8081"
TOKEN_URL = f"{PLATFORM}/mod/lti/token"
SCORE = "https://purl.imsglobal.org/spec/lti-ags/scope/score"
LINEITEM = "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem"


class FakeTool:
    """Publishes keys at /lti/jwks.json and counts how often they are fetched."""

    def __init__(self) -> None:
        self.keys = [self.first_key()]
        self.fetches = 0
        self.server = make_server("127.0.0.1", 0, self.serve, threaded=True)
        self.url = f"http://127.0.0.1:{self.server.port}"

    @staticmethod
    @cache
    def first_key() -> RSAKey:
        """The key that each test begins with."""
        return FakeTool.make_key("first")

    @staticmethod
    def make_key(kid: str) -> RSAKey:
        return RSAKey.generate_key(2048, {"kid": kid, "use": "sig", "alg": "RS256"})

    def serve(self, environ: Any, start_response: Any) -> Any:
        assert Request(environ).path == "/lti/jwks.json"
        self.fetches += 1
        body = json.dumps(KeySet([*self.keys]).as_dict(private=False))
        return Response(body, mimetype="application/json")(environ, start_response)


@pytest.fixture
def tool() -> Iterator[FakeTool]:
    fake = FakeTool()
    with serving(fake.server):
        yield fake


@pytest.fixture
def client(tool: FakeTool, tmp_path: Path) -> FlaskClient:
    return platform_app(tmp_path, tool.url, PLATFORM).test_client()


def make_assertion(key: RSAKey, **changes: Any) -> str:
    now = int(time.time())
    claims = {
        "iss": "demo-client",
        "sub": "demo-client",
        "aud": TOKEN_URL,
        "iat": now,
        "exp": now + 60,
        "jti": uuid.uuid4().hex,
        **changes,
    }
    return jwt.encode({"alg": "RS256", "kid": key.kid}, claims, key)


def ask(client: FlaskClient, assertion: str, **changes: str) -> TestResponse:
    return client.post(
        "/mod/lti/token",
        data={
            "grant_type": "client_credentials",
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": assertion,
            "scope": SCORE,
            **changes,
        },
    )


def read(response: TestResponse) -> dict[str, Any]:
    """Moodle sends JSON as text/html."""
    assert response.content_type == "text/html; charset=utf-8"
    body: dict[str, Any] = json.loads(response.text)
    return body


def test_a_signed_assertion_gives_a_token_that_works(client: FlaskClient, tool: FakeTool) -> None:
    response = ask(client, make_assertion(tool.keys[0]), scope=f"{LINEITEM} {SCORE} urn:other")
    body = read(response)
    assert response.status_code == 200
    assert list(body) == ["access_token", "token_type", "expires_in", "scope"]
    assert (body["token_type"], body["expires_in"]) == ("Bearer", 3600)
    assert body["scope"] == f"{LINEITEM} {SCORE}"
    got = client.get(
        "/mod/lti/services/2/lineitems?type_id=1",
        headers={"Authorization": f"Bearer {body['access_token']}"},
    )
    assert got.status_code == 200
    client.post("/misbehave", json={"forget_tokens": True})
    got = client.get(
        "/mod/lti/services/2/lineitems?type_id=1",
        headers={"Authorization": f"Bearer {body['access_token']}"},
    )
    assert got.status_code == 401


def test_an_assertion_works_once(client: FlaskClient, tool: FakeTool) -> None:
    assertion = make_assertion(tool.keys[0])
    assert ask(client, assertion).status_code == 200
    again = ask(client, assertion)
    assert again.status_code == 400
    assert read(again) == {"error": "invalid_client"}


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"iss": "nobody", "sub": "nobody"}, "invalid_client"),
        ({"aud": "https://nonsense.example"}, "invalid_client"),
        ({"exp": int(time.time()) - 600}, "Expired token"),
    ],
)
def test_bad_assertions(
    client: FlaskClient, tool: FakeTool, changes: dict[str, Any], error: str
) -> None:
    response = ask(client, make_assertion(tool.keys[0], **changes))
    assert response.status_code == 400
    assert read(response) == {"error": error}


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"scope": "https://example.org/none"}, "invalid_scope"),
        ({"scope": ""}, "invalid_request"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
    ],
)
def test_bad_requests(
    client: FlaskClient, tool: FakeTool, changes: dict[str, str], error: str
) -> None:
    response = ask(client, make_assertion(tool.keys[0]), **changes)
    assert response.status_code == 400
    assert read(response) == {"error": error}


def test_a_wrong_signature_is_named(client: FlaskClient, tool: FakeTool) -> None:
    stranger = tool.make_key("first")
    response = ask(client, make_assertion(stranger))
    assert response.status_code == 400
    assert read(response) == {"error": "Signature verification failed"}


def test_keys_are_kept_and_fetched_again_for_an_unknown_kid(
    client: FlaskClient, tool: FakeTool
) -> None:
    for _ in range(3):
        assert ask(client, make_assertion(tool.keys[0])).status_code == 200
    assert tool.fetches == 1
    tool.keys.append(tool.make_key("second"))
    assert ask(client, make_assertion(tool.keys[1])).status_code == 200
    assert tool.fetches == 2


def test_keys_out_of_reach_end_in_moodles_404_page(tmp_path: Path) -> None:
    client = platform_app(tmp_path, "http://127.0.0.1:1", PLATFORM).test_client()
    response = ask(client, make_assertion(FakeTool.make_key("x")))
    assert response.status_code == 404
    assert response.mimetype == "text/html"
    assert "<h1>Error</h1>" in response.text


def test_token_switches(client: FlaskClient, tool: FakeTool) -> None:
    client.post("/misbehave", json={"next_token_429": 1, "retry_after_s": 7, "next_token_503": 1})
    busy = ask(client, make_assertion(tool.keys[0]))
    assert (busy.status_code, busy.headers["Retry-After"]) == (429, "7")
    assert ask(client, make_assertion(tool.keys[0])).status_code == 503
    client.post("/misbehave", json={"withhold_lineitem_scope": True})
    body = read(ask(client, make_assertion(tool.keys[0]), scope=f"{LINEITEM} {SCORE}"))
    assert body["scope"] == SCORE
    client.post("/misbehave", json={"keyset_blocked": True})
    assert ask(client, make_assertion(tool.keys[0])).status_code == 404
    client.post("/misbehave", json={"keyset_blocked": False, "slow_token_s": 0.2})
    began = time.monotonic()
    assert ask(client, make_assertion(tool.keys[0])).status_code == 200
    assert time.monotonic() - began >= 0.2
    told = client.get("/test/state.json").json
    assert told is not None
    assert [r["status"] for r in told["token_requests"]] == [429, 503, 200, 404, 200]


def test_the_platforms_own_keys(client: FlaskClient) -> None:
    answer = client.get("/mod/lti/certs")
    assert answer.json is not None
    (key,) = answer.json["keys"]
    assert set(key) == {"kty", "alg", "kid", "e", "n", "use"}
    for state, status in (("not_found", 404), ("down", 503), ("empty", 200)):
        client.post("/misbehave", json={"jwks": state})
        assert client.get("/mod/lti/certs").status_code == status


def test_registration_values() -> None:
    assert registration_values(PLATFORM) == {
        "name": "Demo platform",
        "issuer": PLATFORM,
        "client_id": "demo-client",
        "deployment_ids": ["1"],
        "auth_login_url": f"{PLATFORM}/mod/lti/auth",
        "auth_token_url": TOKEN_URL,
        "jwks_url": f"{PLATFORM}/mod/lti/certs",
    }
