"""Cases 180 to 187: a platform connects itself by the tool's link (Dynamic Registration 1.0)."""

import json
from collections.abc import Iterator

import pytest
import requests

from tests.conformance.cases import case
from tests.support.registering import Registering, is_refused
from tests.support.registering_platform import (
    TOOL_CONFIGURATION,
    Said,
    registering_platform,
    token,
)
from tests.support.running_tool import RunningTool

SCORE = "https://purl.imsglobal.org/spec/lti-ags/scope/score"


@pytest.fixture
def way(tool: RunningTool) -> Iterator[Registering]:
    with registering_platform() as platform:
        yield Registering(tool, platform)


@case(180, "happy path with registration_token; close message posted; waits for approval")
def test_case_180_registered_and_waits_for_approval(way: Registering) -> None:
    page = way.ask()
    assert page.status_code == 200 and way.platform.applications() == []
    for words in (way.platform.url, "moodle 5.1+", "Send marks and feedback", "Their name"):
        assert words in page.text
    policy = page.headers["Content-Security-Policy"]
    assert f"frame-ancestors 'self' {way.platform.url}" in policy
    done = way.press(page)
    assert done.status_code == 200 and "waiting for approval" in done.text
    assert "/close.js" in done.text and "press <strong>Activate</strong>" in done.text
    sent = way.platform.applications()[0]
    assert sent.headers["Authorization"] == f"Bearer {token()}"
    row = way.row()
    assert not row.is_approved and row.product.startswith("moodle 5.1+")
    refused = way.login()
    assert refused.status_code == 403
    assert refused.headers["X-Reason-Code"] == "registration_pending"
    said = way.tool.must("registration", "approve", str(row.id))
    assert "is approved" in said and way.platform.url in said
    assert way.login().status_code == 302


@case(180, "happy path with registration_token; close message posted; waits for approval")
def test_case_180_an_invitation_lets_in_at_once(way: Registering) -> None:
    assert "is connected" in way.register(way.invite())
    row = way.row()
    assert row.is_approved and row.name == "A university"
    assert way.login().status_code == 302
    listed = json.loads(way.tool.must("registration", "list", "--json"))
    found = next(one for one in listed if one["id"] == row.id)
    assert found["deployment_ids"] == ["1"]


@case(180, "happy path with registration_token; close message posted; waits for approval")
def test_case_180_a_wrong_invitation_counts_for_nothing(way: Registering) -> None:
    assert "waiting for approval" in way.register("wrong")
    assert not way.row().is_approved


@case(181, "no token; expired or reused invitation")
def test_case_181_no_token_or_a_spent_invitation(way: Registering) -> None:
    is_refused(way.ask(registration_token=None), "parameter_missing")
    is_refused(way.ask(openid_configuration=None), "parameter_missing")
    is_refused(way.ask(registration_token="a b"), "parameter_unusable")
    is_refused(way.ask(registration_token=["a", "b"]), "parameter_unusable")
    invitation, other = way.invite(), way.invite()
    page = way.ask(invitation)
    way.register(invitation)
    is_refused(way.ask(invitation), "invitation_used")
    is_refused(way.press(page), "invitation_used")
    way.tool.execute(
        "UPDATE invitation SET expires_at = :then WHERE used_at IS NULL",
        then="2020-01-01 00:00:00.000000",
    )
    is_refused(way.ask(other), "invitation_expired")
    count = way.tool.execute("SELECT count(*) FROM invitation WHERE token_digest = :t", t=other)
    assert count[0][0] == 0, "the invitation itself is kept"


@case(181, "no token; expired or reused invitation")
def test_case_181_a_form_is_sent_once(way: Registering) -> None:
    page = way.ask()
    assert way.press(page).status_code == 200
    for spelt_otherwise in ("", "!!!!", "="):
        assert way.press(page, spelt_otherwise).status_code == 409
    for code in ("", "x", "a.b.c", "é", "\x00"):
        answer = requests.post(f"{way.tool.url}/lti/register", data={"code": code}, timeout=30)
        assert answer.status_code == 409
    assert len(way.platform.applications()) == 1


@case(182, "openid_configuration: issuer host differs from URL host")
@pytest.mark.parametrize(
    "issuer",
    [
        "https://other.example",
        "http://127.0.0.1",
        "http://127.0.0.1:1",
        "http://127.0.0.1.example",
        "http://x@127.0.0.1:99999",
        "not an address",
        "",
        None,
        5,
    ],
)
def test_case_182_foreign_issuer(way: Registering, issuer: object) -> None:
    way.platform.configuration_changes = {"issuer": issuer}
    is_refused(way.ask(), "issuer_foreign", "configuration_unusable")
    assert way.platform.applications() == []


@case(183, "private, loopback, metadata and rebinding addresses, redirects, size and time")
@pytest.mark.parametrize(
    "said",
    [
        Said(302, b"", headers={"Location": "http://169.254.169.254/latest/meta-data"}),
        Said(200, b"x" * 6_000_000),
        Said(200, b"[]"),
        Said(200, b"not json"),
        Said(200, b"[" * 100_000),
        Said(500, b"fault"),
        Said(200, b"{}", wait_s=8),
    ],
    ids=["redirect", "long", "list", "text", "deep", "fault", "slow"],
)
def test_case_183_bad_answers_are_bounded(way: Registering, said: Said) -> None:
    way.platform.said["/mod/lti/openid-configuration.php"] = said
    is_refused(way.ask(), "configuration_unreadable", "configuration_unusable")


@case(183, "private, loopback, metadata and rebinding addresses, redirects, size and time")
@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "gopher://x/", "http://", "http://[", "x", "http://u:p@127.0.0.1/"],
)
def test_case_183_odd_addresses(way: Registering, url: str) -> None:
    codes = ("address_refused", "configuration_unusable", "configuration_address")
    is_refused(way.ask(openid_configuration=url), *codes, "configuration_unreadable")


@case(184, "registration_endpoint, jwks_uri, token_endpoint by the same rule")
@pytest.mark.parametrize(
    "name", ["registration_endpoint", "jwks_uri", "token_endpoint", "authorization_endpoint"]
)
@pytest.mark.parametrize("value", ["file:///etc/passwd", None, 7, "javascript:alert(1)"])
def test_case_184_every_address_is_judged(way: Registering, name: str, value: object) -> None:
    way.platform.configuration_changes = {name: value}
    is_refused(way.ask(), "address_refused", "configuration_unusable")
    assert way.platform.applications() == []


@case(185, "platform grants fewer scopes")
def test_case_185_fewer_scopes_are_kept(way: Registering) -> None:
    way.platform.granted_scope = f"{SCORE} openid"
    page = way.register(way.invite())
    assert "did not grant everything" in page and "Read back the marks" in page
    assert way.row().scopes == SCORE


@case(186, "same issuer and client id again: no silent take-over")
def test_case_186_no_silent_take_over(way: Registering) -> None:
    way.register(way.invite())
    before = way.row()
    way.platform.configuration_changes = {"jwks_uri": f"{way.platform.url}/other-keys"}
    way.platform.deployment_id = "66"
    assert "stays as it was" in way.register()
    after = way.row()
    assert tuple(after) == tuple(before)
    assert "other-keys" in way.tool.must("registration", "show", str(before.id))
    assert "proposed" in way.tool.must("registration", "approve", str(before.id))
    assert way.row().jwks_url.endswith("/other-keys")
    assert "no change is waiting" in way.tool.must("registration", "approve", str(before.id))


@case(186, "same issuer and client id again: no silent take-over")
def test_case_186_an_invited_update_in_moodles_way(way: Registering) -> None:
    way.register(way.invite())
    number = way.row().id
    way.platform.configuration_changes = {"jwks_uri": f"{way.platform.url}/new-keys"}
    page = way.ask(way.invite(), "reg-update")
    assert "Update this connection?" in page.text
    before_the_button = page.text.split("<form")[0]
    for setting in ("Tool configuration usage", "Default launch container", "Force SSL"):
        assert setting in before_the_button, "Moodle resets it as soon as the button is pressed"
    assert "Pending" not in page.text
    done = way.press(page)
    assert done.status_code == 200 and "is connected" in done.text
    assert "set again what you noted" in done.text and "Pending" not in done.text
    assert "data-close-now" not in done.text, "there is something to be read"
    assert [one.method for one in way.platform.applications()] == ["POST", "GET", "POST"]
    assert way.row().id == number and way.row().jwks_url.endswith("/new-keys")
    assert way.login().status_code == 302


@case(187, "registered addresses, claims and messages match reality")
def test_case_187_what_is_sent_is_true(way: Registering) -> None:
    way.register()
    sent, url = way.platform.applications()[0].json(), way.tool.url
    assert sent["redirect_uris"] == [f"{url}/lti/launch"]
    assert sent["initiate_login_uri"] == f"{url}/lti/login"
    assert sent["response_types"] == ["id_token"] and sent["application_type"] == "web"
    assert set(sent["grant_types"]) == {"implicit", "client_credentials"}
    assert sent["token_endpoint_auth_method"] == "private_key_jwt"
    keys = requests.get(sent["jwks_uri"], timeout=10).json()["keys"]
    assert keys and all("d" not in key for key in keys)
    for name in ("client_uri", "policy_uri", "logo_uri"):
        assert requests.get(sent[name], timeout=10).status_code == 200, name
    own = sent[TOOL_CONFIGURATION]
    assert own["domain"] == url.removeprefix("http://")
    assert own["target_link_uri"] == f"{url}/lti/launch"
    assert own["claims"] == ["iss", "sub", "name", "given_name", "family_name"]
    assert own["custom_parameters"] == {"context_history": "$Context.id.history"}
    assert [m["type"] for m in own["messages"]] == ["LtiDeepLinkingRequest"]
    assert requests.get(own["target_link_uri"], timeout=10).status_code == 405


@case(187, "registered addresses, claims and messages match reality")
@pytest.mark.parametrize(
    ("status", "body", "kind", "words"),
    [
        (401, b"token_already_used", "text/html", "used before"),
        (401, b"missing_registration_token", "text/html", "is missing"),
        (400, b"domain_targetlinkuri_mismatch", "text/html", "do not fit together"),
        (400, b"missing required attribute x", "text/html", "missing required attribute x"),
        (404, b"<!DOCTYPE html>\n<html>", "text/html", "could not be read"),
        (400, b'{"error_description": "<b>no</b>"}', "application/json", "&lt;b&gt;no"),
        (503, b"down", "text/plain", "busy"),
        (200, b"[]", "application/json", "no client id"),
        (200, b'{"client_id": ""}', "application/json", "no client id"),
        (200, b"nonsense", "text/plain", "no client id"),
    ],
)
def test_case_187_a_platforms_refusal_in_words(
    way: Registering, status: int, body: bytes, kind: str, words: str
) -> None:
    way.platform.said["/mod/lti/openid-registration.php"] = Said(status, body, kind)
    answer = way.press(way.ask())
    is_refused(answer, "platform_refused", "platform_busy")
    assert words in answer.text and way.row() is None
