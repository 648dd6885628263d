"""Attacks beyond the numbered list: forms, headers, methods, cookies and addresses.

What a page, a platform's user or another tenant could try without breaking a signature.
"""

import socket

import pytest
import requests

from tests.support import claims as c
from tests.support.browser import Browser, Cookie, cookies_of
from tests.support.door import STUDENT_VIEW, Door
from tests.support.running_tool import RunningTool


def _ready(door: Door, browser: Browser) -> dict[str, str]:
    """The fields of a launch that would be let in."""
    login = door.login(browser)
    token = door.platform.sign(door.platform.claims(login.nonce, "student", {}))
    return {"state": login.state, "id_token": token}


def _raw(tool: RunningTool, request: bytes) -> bytes:
    """Send bytes as they are; the beginning of the answer."""
    with socket.create_connection(("127.0.0.1", tool.port), timeout=10) as sock:
        sock.sendall(request)
        return sock.recv(4096)


# Forms and methods


@pytest.mark.parametrize("name", ["state", "id_token"])
def test_repeated_field_at_launch(door: Door, name: str) -> None:
    browser = door.browser()
    fields = _ready(door, browser)
    pairs = [*fields.items(), (name, "another")]
    door.is_refusal(browser.ask("POST", "/lti/launch", data=pairs), "token_malformed")
    page = door.enters(browser, browser.ask("POST", "/lti/launch", data=fields))
    assert STUDENT_VIEW in page.text


def test_fields_in_the_query_are_not_the_form(door: Door) -> None:
    browser = door.browser()
    fields = _ready(door, browser)
    door.is_refusal(browser.ask("POST", "/lti/launch", params=fields), "state_missing")


def test_error_beside_a_token_does_not_get_round_the_checks(door: Door) -> None:
    browser = door.browser()
    fields = {**_ready(door, browser), "error": "access_denied"}
    answer = browser.ask("POST", "/lti/launch", data={**fields, "id_token": "a.b.c"})
    door.is_refusal(answer, "token_malformed")


def test_json_body_is_no_form(door: Door) -> None:
    browser = door.browser()
    fields = _ready(door, browser)
    door.is_refusal(browser.ask("POST", "/lti/launch", json=fields), "state_missing")
    answer = browser.ask("POST", "/lti/login", json=door.platform.login_parameters())
    door.is_refusal(answer, "login_parameter_missing")


@pytest.mark.parametrize(
    "kind",
    [
        "text/plain",
        "application/json",
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "application/x-www-form-urlencoded; charset=utf-7",
        "\xff",
    ],
)
@pytest.mark.parametrize("address", ["/lti/launch", "/lti/login"])
def test_wrong_content_type(door: Door, kind: str, address: str) -> None:
    answer = door.browser().ask(
        "POST", address, data=b"state=x&id_token=y", headers={"Content-Type": kind.encode("latin1")}
    )
    assert 400 <= answer.status_code < 500


def test_multipart_form_is_a_form(door: Door) -> None:
    browser = door.browser()
    files = {name: (None, value) for name, value in _ready(door, browser).items()}
    page = door.enters(browser, browser.ask("POST", "/lti/launch", files=files))
    assert STUDENT_VIEW in page.text


@pytest.mark.parametrize("method", ["HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "GET", "TRACE"])
@pytest.mark.parametrize("address", ["/lti/launch", "/lti/login", "/lti/jwks.json", "/v/x/"])
def test_other_methods(door: Door, method: str, address: str) -> None:
    answer = door.browser().ask(method, address)
    assert answer.status_code < 500
    assert [x for x in cookies_of(answer) if x.name == "visit"] == []
    if method in {"PUT", "PATCH", "DELETE", "TRACE"}:
        assert answer.status_code == 405
    if answer.status_code == 405:
        assert method not in answer.headers["Allow"].split(", "), "RFC 9110, 15.5.6"
    if (method, address) == ("GET", "/lti/launch"):
        assert answer.status_code == 405


@pytest.mark.parametrize("size", [13_000_000])
def test_huge_form(door: Door, size: int) -> None:
    try:
        answer = door.browser().ask("POST", "/lti/launch", data={"id_token": "x" * size})
    except requests.ConnectionError:
        return  # hung up on before the whole came: as good as an answer
    assert answer.status_code == 413


def test_many_fields(door: Door) -> None:
    fields = {f"f{number}": "x" for number in range(30_000)}
    answer = door.browser().ask("POST", "/lti/launch", data=fields)
    assert 400 <= answer.status_code < 500


@pytest.mark.parametrize("body", [b"%", b"%zz=%zz", b"state=%ff%fe", b"\xff\xfe=\xff", b"=&=&==;&"])
def test_odd_encodings(door: Door, body: bytes) -> None:
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    for address in ("/lti/launch", "/lti/login"):
        answer = door.browser().ask("POST", address, data=body, headers=kind)
        assert 400 <= answer.status_code < 500


# Headers and addresses


@pytest.mark.parametrize("name", ["login_hint", "lti_message_hint", "iss", "client_id"])
def test_response_splitting(door: Door, name: str) -> None:
    value = "x\r\nSet-Cookie: visit=stolen; Path=/\r\n\r\n<script>alert(1)</script>"
    for method in ("GET", "POST"):
        parameters = door.platform.login_parameters(**{name: value})
        answer = door.browser().login(parameters, method=method).response
        assert answer.status_code < 500
        assert all(cookie.name.startswith("lti-login-") for cookie in cookies_of(answer))
        assert "alert(1)" not in answer.text


def test_parameters_cannot_be_smuggled_into_the_authentication_request(door: Door) -> None:
    value = "5&redirect_uri=https://attacker.example/&response_mode=query#"
    login = door.login(door.browser(), login_hint=value, lti_message_hint=value)
    assert login.parameters["redirect_uri"] == f"{door.tool.url}/lti/launch"
    assert login.parameters["response_mode"] == "form_post"
    assert login.parameters["login_hint"] == value
    assert login.parameters["lti_message_hint"] == value


def test_host_header_does_not_move_the_redirect(door: Door) -> None:
    for headers in (
        {"Host": "attacker.example"},
        {"X-Forwarded-Host": "attacker.example", "X-Forwarded-Proto": "https"},
        {"Forwarded": "host=attacker.example"},
    ):
        answer = door.browser().login(door.platform.login_parameters(), headers=headers)
        assert answer.parameters["redirect_uri"] == f"{door.tool.url}/lti/launch"
        done = door.browser()
        fields = _ready(door, done)
        launched = done.ask("POST", "/lti/launch", data=fields, headers=headers)
        assert launched.status_code == 303
        assert "attacker" not in launched.headers["Location"]


def test_refusals_are_escaped_whatever_the_claims_hold(door: Door) -> None:
    markup = '"><img src=x onerror=alert(1)>'
    changes = {c.MESSAGE_TYPE: markup, "name": markup, c.CONTEXT: {"id": "2", "title": markup}}
    assert "onerror" not in door.refuses(changes, "message_unsupported").text


def test_pages_escape_what_the_platform_calls_things(door: Door) -> None:
    markup = "<img src=x onerror=alert(1)>"
    changes = {
        "name": markup,
        "sub": "markup",
        c.CONTEXT: {"id": "markup", "title": markup, "label": markup},
        c.RESOURCE_LINK: {"id": "markup", "title": markup},
    }
    for role in ("teacher", "student"):
        assert "<img src=x" not in door.enter(changes, role=role).text


def test_two_content_lengths_are_refused(door: Door) -> None:
    request = (
        b"POST /lti/launch HTTP/1.1\r\nHost: x\r\n"
        b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nx=yyy"
    )
    assert b" 400 " in _raw(door.tool, request).split(b"\r\n")[0]


def test_length_and_chunks_together_are_refused(door: Door) -> None:
    request = (
        b"POST /lti/launch HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n"
        b"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\n"
    )
    status = _raw(door.tool, request).split(b"\r\n")[0]
    assert b" 4" in status, status


@pytest.mark.parametrize(
    "handle",
    ["%00", "x%00y", "%ff", "x" * 300, "é"],
)
def test_odd_handles_open_nothing(door: Door, handle: str) -> None:
    answer = door.browser().ask("GET", f"/v/{handle}/", headers={"Cookie": "visit=x"})
    assert answer.status_code in {401, 404}


@pytest.mark.parametrize("code", ["", "x", "a\x00b", "WzEsIngiXQ.Z.x", "x" * 100_000, "é.é.é"])
def test_odd_full_width_codes_open_nothing(door: Door, code: str) -> None:
    answer = door.browser().ask("POST", "/full-width", data={"code": code})
    assert 400 <= answer.status_code < 500 and cookies_of(answer) == []


# Cookies and visits


def test_login_cookie_of_another_login_does_not_bind(door: Door) -> None:
    browser, other = door.browser(), door.browser()
    fields, _ = _ready(door, browser), door.login(other)
    own, foreign = browser.cookies[0], other.cookies[0]
    browser.cookies = [Cookie(own.name, foreign.value, own.path, {}, own.until)]
    door.is_refusal(browser.ask("POST", "/lti/launch", data=fields), "browser_mismatch")
    browser.cookies = [Cookie(foreign.name, own.value, own.path, {}, own.until)]
    door.is_refusal(browser.ask("POST", "/lti/launch", data=fields), "browser_mismatch")


@pytest.mark.parametrize("value", ["", "x" * 3000, "\xff\xfe", '"', "a=b; =; ;;", "é"])
def test_odd_login_cookies(door: Door, value: str) -> None:
    browser = door.browser()
    fields = _ready(door, browser)
    cookie = f"{browser.cookies[0].name}={value}; lti-login-={value}; lti-login-é=1"
    answer = browser.ask(
        "POST", "/lti/launch", data=fields, headers={"Cookie": cookie.encode("latin1")}
    )
    door.is_refusal(answer, "browser_mismatch")


def test_twin_cookies_do_not_confuse(door: Door) -> None:
    """A sibling host may plant a cookie of the same name for a wider path."""
    browser = door.browser()
    fields = _ready(door, browser)
    own = browser.cookies[0]
    for cookie in (f"{own.name}={own.value}; {own.name}=planted",):
        answer = browser.ask("POST", "/lti/launch", data=fields, headers={"Cookie": cookie})
        assert answer.status_code in {303, 400}
        assert answer.status_code == 303 or "X-Reason-Code" in answer.headers


def test_visit_cookie_of_another_visit_opens_nothing(door: Door) -> None:
    student, tutor = door.browser(), door.browser()
    own = door.enter(browser=student)
    staff = door.enter(browser=tutor, role="teacher")
    cookie = next(x for x in student.cookies if x.name == "visit")
    answer = door.browser().ask("GET", staff.url, headers={"Cookie": f"visit={cookie.value}"})
    assert answer.status_code == 401 and answer.headers["X-Reason-Code"] == "visit_over"
    assert door.browser().ask("GET", own.url).status_code == 401


def test_visit_ends_when_its_registration_is_switched_off(door: Door) -> None:
    platform, browser = door.new_platform(), door.browser()
    page = door.enter(platform=platform, browser=browser)
    door.tool.execute(
        "UPDATE registration SET is_enabled = :no WHERE client_id = :c",
        no=False,
        c=platform.client_id,
    )
    assert browser.ask("GET", page.url).status_code == 401
