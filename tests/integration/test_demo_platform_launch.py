"""The demo platform's launches: login shape, single-use hint, id token, faults."""

import html
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from joserfc import jwt
from joserfc.errors import BadSignatureError, InvalidKeyIdError
from joserfc.jwk import KeySet
from werkzeug.test import TestResponse

from tests.support.platform_app import platform_app

PLATFORM = "http://localhost:8081"
TOOL = "http://127.0.0.1:8080"
LTI = "https://purl.imsglobal.org/spec/lti/claim/"
ENDPOINT = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
NOW = datetime(2026, 11, 21, 19, 10, 15, tzinfo=UTC)


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    return platform_app(tmp_path, TOOL, PLATFORM, clock=lambda: NOW).test_client()


def read_form(response: TestResponse) -> tuple[str, dict[str, str]]:
    """Where the page's only form goes, and with what."""
    action = re.search(r'<form action="([^"]*)"', response.text)
    assert action, response.text
    fields = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', response.text)
    return html.unescape(action[1]), {name: html.unescape(value) for name, value in fields}


def sign_in(client: FlaskClient, person: str) -> None:
    assert client.post("/sign-in", data={"person": person}).status_code == 303


def start(client: FlaskClient, person: str = "5", link: str = "1", **query: str) -> dict[str, str]:
    """Signs in, opens a link and gives the fields of the login initiation."""
    sign_in(client, person)
    action, fields = read_form(client.get(f"/mod/lti/launch?{urlencode({'id': link, **query})}"))
    assert action == f"{TOOL}/lti/login"
    return fields


def auth_request(login: dict[str, str], **changes: str | None) -> dict[str, str]:
    fields: dict[str, str | None] = {
        "scope": "openid",
        "response_type": "id_token",
        "response_mode": "form_post",
        "prompt": "none",
        "client_id": "demo-client",
        "redirect_uri": f"{TOOL}/lti/launch",
        "login_hint": login["login_hint"],
        "lti_message_hint": login["lti_message_hint"],
        "state": "st",
        "nonce": "no",
        **changes,
    }
    return {name: value for name, value in fields.items() if value is not None}


def read_token(client: FlaskClient, token: str) -> jwt.Token:
    published: Any = client.get("/mod/lti/certs").json
    return jwt.decode(token, KeySet.import_key_set(published))


def launch(client: FlaskClient, person: str = "5", link: str = "1") -> dict[str, Any]:
    login = start(client, person, link)
    _, fields = read_form(client.get("/mod/lti/auth", query_string=auth_request(login)))
    return read_token(client, fields["id_token"]).claims


def test_login_initiation_has_moodles_shape(client: FlaskClient) -> None:
    fields = start(client)
    hint = json.loads(fields.pop("lti_message_hint"))
    assert fields == {
        "iss": PLATFORM,
        "target_link_uri": f"{TOOL}/lti/launch",
        "login_hint": "5",
        "client_id": "demo-client",
        "lti_deployment_id": "1",
    }
    assert set(hint) == {"cmid", "launchid"}
    assert hint["cmid"] == 1
    assert re.fullmatch(r"ltilaunch1_\d+", hint["launchid"])


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_good_request_gets_a_token_once(client: FlaskClient, method: str) -> None:
    asked = auth_request(start(client))
    values = {"query_string": asked} if method == "GET" else {"data": asked}
    response = client.open("/mod/lti/auth", method=method, **values)  # type: ignore[arg-type]
    action, fields = read_form(response)
    assert action == f"{TOOL}/lti/launch"
    assert list(fields) == ["id_token", "state"]
    assert fields["state"] == "st"
    again = client.open("/mod/lti/auth", method=method, **values)  # type: ignore[arg-type]
    assert again.status_code == 404
    assert again.mimetype == "text/html"


def test_the_id_token_is_as_moodle_makes_it(client: FlaskClient) -> None:
    login = start(client)
    _, fields = read_form(client.get("/mod/lti/auth", query_string=auth_request(login)))
    token = read_token(client, fields["id_token"])
    assert token.header["alg"] == "RS256"
    claims = token.claims
    assert claims["exp"] - claims["iat"] == 60
    assert claims["iat"] == int(NOW.timestamp())
    assert (claims["iss"], claims["aud"], claims["sub"]) == (PLATFORM, "demo-client", "5")
    assert claims["nonce"] == "no"
    assert "azp" not in claims
    assert claims[f"{LTI}deployment_id"] == "1"
    assert claims[f"{LTI}roles"] == ["http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"]
    assert claims[f"{LTI}context"]["id"] == "2"
    assert claims[f"{LTI}resource_link"] == {
        "title": "Provision-map audit",
        "id": "1",
        "description": "Audit the provision map of YOUR SCHOOL and cost it.",
    }
    assert claims[f"{LTI}custom"]["activity"] == "provision-map-audit"
    assert claims[f"{LTI}custom"]["due"] == "$ResourceLink.submission.endDateTime"
    assert claims[f"{LTI}tool_platform"]["product_family_code"] == "moodle"
    presentation = claims[f"{LTI}launch_presentation"]
    assert (presentation["locale"], presentation["document_target"]) == ("en", "iframe")
    assert "sesskey=" in presentation["return_url"]
    assert claims[ENDPOINT]["lineitem"] == (
        f"{PLATFORM}/mod/lti/services/2/lineitems/1/lineitem?type_id=1"
    )


def test_what_differs_by_person_and_link(client: FlaskClient) -> None:
    practice = launch(client, link="2")
    assert "lineitem" not in practice[ENDPOINT]
    assert practice[ENDPOINT]["lineitems"].endswith("/mod/lti/services/2/lineitems?type_id=1")
    for person in ("3", "4", "8"):
        assert launch(client, person)[f"{LTI}roles"] == [
            "http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor"
        ]
    copied = launch(client, "3", "11")
    assert copied[f"{LTI}context"]["id"] == "9"
    assert copied[f"{LTI}custom"]["context_history"] == "2"
    assert copied[f"{LTI}custom"]["activity"] == "provision-map-audit"


def test_window_launch_and_switched_role(client: FlaskClient) -> None:
    login = start(client, "3", container="window")
    _, fields = read_form(client.get("/mod/lti/auth", query_string=auth_request(login)))
    claims = read_token(client, fields["id_token"]).claims
    assert claims[f"{LTI}launch_presentation"]["document_target"] == "window"
    page = client.get("/course").text
    sesskey = re.search(r'name="sesskey" value="(\w+)"', page)
    assert sesskey
    client.post("/switch-role", data={"sesskey": sesskey[1]})
    _, login = read_form(client.get("/mod/lti/launch?id=1"))
    _, fields = read_form(client.get("/mod/lti/auth", query_string=auth_request(login)))
    claims = read_token(client, fields["id_token"]).claims
    assert claims["sub"] == "3"
    assert claims[f"{LTI}roles"] == ["http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"]


@pytest.mark.parametrize(
    "changes",
    [
        {"nonce": None},
        {"scope": "openid email"},
        {"lti_message_hint": None},
        {"lti_message_hint": "junk"},
        {"lti_message_hint": '{"cmid":1,"launchid":"x"}'},
        {"redirect_uri": "http://127.0.0.1:8080/other"},
        {"response_type": "code"},
        {"redirect_uri": "http://127.0.0.1:8080/lti/launch?x=1"},
    ],
)
def test_faults_that_moodle_answers_with_a_page(
    client: FlaskClient, changes: dict[str, str | None]
) -> None:
    asked = auth_request(start(client), **changes)
    response = client.get("/mod/lti/auth", query_string=asked)
    assert response.status_code == 404
    assert "Invalid request" in response.text


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"login_hint": "6"}, {"error": "access_denied"}),
        ({"client_id": "other"}, {"error": "unauthorized_client"}),
        ({"prompt": "login"}, {"error": "invalid_request", "error_description": "Invalid prompt"}),
        (
            {"response_mode": "query"},
            {"error": "invalid_request", "error_description": "Invalid response_mode"},
        ),
    ],
)
def test_faults_that_moodle_posts_back(
    client: FlaskClient, changes: dict[str, str], expected: dict[str, str]
) -> None:
    asked = auth_request(start(client), **changes)
    action, fields = read_form(client.get("/mod/lti/auth", query_string=asked))
    assert action == f"{TOOL}/lti/launch"
    assert fields == {**expected, "state": "st"}


def test_no_prompt_is_fine_and_tags_leave_the_state(client: FlaskClient) -> None:
    asked = auth_request(start(client), prompt=None, state='a"b<c>&d')
    _, fields = read_form(client.get("/mod/lti/auth", query_string=asked))
    assert fields["state"] == 'a"b&d'


def test_without_the_cookie_moodle_posts_to_itself(client: FlaskClient) -> None:
    asked = auth_request(start(client))
    cookie = client.get_cookie("MoodleSession")
    assert cookie
    client.delete_cookie("MoodleSession")
    action, fields = read_form(client.get("/mod/lti/auth", query_string=asked))
    assert action.startswith("/mod/lti/auth?")
    assert fields == {"repost": "true"}
    assert client.post(action, data=fields).status_code == 404
    client.set_cookie("MoodleSession", cookie.value)
    _, fields = read_form(client.post(action, data={"repost": "true"}))
    assert "id_token" in fields


def test_launch_switches(client: FlaskClient) -> None:
    client.post("/misbehave", json={"next_wrong_nonce": 1})
    assert launch(client)["nonce"] != "no"
    client.post("/misbehave", json={"next_expired_id_token": 1})
    assert launch(client)["exp"] < NOW.timestamp()
    client.post("/misbehave", json={"next_unknown_kid": 1})
    with pytest.raises((InvalidKeyIdError, BadSignatureError, ValueError)):
        launch(client)
    client.post("/misbehave", json={"withhold_names": True})
    claims = launch(client)
    assert not {"name", "given_name", "family_name", "email"} & set(claims)
    assert claims[f"{LTI}ext"] == {"lms": "moodle-2"}
    assert launch(client)["nonce"] == "no"
    client.post("/misbehave", json={"unenrolled": ["5"]})
    assert client.get("/mod/lti/launch?id=1").status_code == 404


def test_the_way_back_shows_messages_as_text(client: FlaskClient) -> None:
    url = launch(client)[f"{LTI}launch_presentation"]["return_url"]
    path = url.removeprefix(PLATFORM)
    page = client.get(f"{path}&lti_msg=Saved+%3Cb%3E&lti_errormsg=Oh+%3Cscript%3E").text
    assert "Saved &lt;b&gt;" in page
    assert "Oh &lt;script&gt;" in page
    assert client.get(path.rsplit("=", 1)[0] + "=wrong").status_code == 404
