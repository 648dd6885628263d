"""Cases 194 to 199: tabs, reloads, addresses, proxies, a visit that ends, plain http."""

import html
import re

import pytest

from tests.conformance.cases import case
from tests.support import claims as c
from tests.support.browser import Browser, cookies_of
from tests.support.door import STAFF_VIEW, STUDENT_VIEW, Door
from tests.support.platform import Platform
from tests.support.running_tool import RunningTool, running_tool


@case(194, "two courses in two tabs; two people on one computer")
def test_case_194_tabs_keep_their_own_visit(door: Door) -> None:
    browser = door.browser()
    student = door.enter({c.CONTEXT: {"id": "tab-1", "title": "First course"}}, browser=browser)
    tutor = door.enter(
        {c.CONTEXT: {"id": "tab-2", "title": "Second course"}}, browser=browser, role="teacher"
    )
    assert len([x for x in browser.cookies if x.name == "visit"]) == 2
    again = browser.ask("GET", student.url).text
    assert STUDENT_VIEW in again and "First course" in again and "Second course" not in again
    assert STAFF_VIEW in browser.ask("GET", tutor.url).text


@case(195, "back, refresh, double click, bookmark")
def test_case_195_reload_of_the_page_and_of_the_launch(door: Door) -> None:
    done = door.attempt()
    page = door.enters(done.browser, done.response)
    assert STUDENT_VIEW in done.browser.ask("GET", page.url).text
    again = door.is_refusal(done.browser.post_launch(done.login.state, done.token), "state_unknown")
    assert "open the activity again" in again.text
    bookmark = door.browser().ask("GET", page.url)
    assert bookmark.status_code == 401 and "open the activity again" in bookmark.text


@case(199, "plain http")
def test_case_199_plain_http_needs_an_explicit_setting(
    door: Door, tmp_path_factory: pytest.TempPathFactory
) -> None:
    strict = RunningTool(tmp_path_factory.mktemp("strict"), {"ALLOW_HTTP": "0"})
    refused = strict.command("db", "check")
    assert refused.returncode == 1 and "https" in refused.stderr
    assert "Traceback" not in refused.stderr


@case(199, "plain http")
def test_case_199_platform_addresses_must_be_https_and_public(
    tmp_path_factory: pytest.TempPathFactory, door: Door
) -> None:
    from lti_tool.lti.errors import RegistrationUnusable

    values = Platform(door.server, door.tool.url).registration()
    for settings, word in (
        ({"ALLOW_HTTP": "0", "BASE_URL": "https://tool.example"}, "https"),
        ({"ALLOW_PRIVATE_PLATFORMS": "0"}, "private network"),
    ):
        folder = tmp_path_factory.mktemp("strict")
        strict = RunningTool(folder, {**settings, "DATABASE_URL": "sqlite://"})
        with pytest.raises(RegistrationUnusable, match=word):
            strict.register_quickly(values)


@case(196, "session token in an address")
def test_case_196_no_secret_in_any_address(door: Door) -> None:
    done = door.attempt()
    page = door.enters(done.browser, done.response)
    (cookie,) = [x for x in done.browser.cookies if x.name == "visit"]
    for text in (page.url, page.text, done.response.headers["Location"]):
        assert cookie.value not in text
    assert done.response.headers["Referrer-Policy"] == "same-origin"
    assert page.headers["Cache-Control"] == "no-store"
    code = re.search(r'name="code" value="([^"]+)"', page.text)
    assert code and 'action="/full-width"' in page.text, "a one-time code, posted"
    assert re.findall(r'(?:href|src|action)="[^"]*code=[^"]*"', page.text) == []
    opened = door.browser().ask("POST", "/full-width", data={"code": code[1]})
    assert opened.status_code == 303 and code[1] not in opened.headers["Location"]
    elsewhere = door.browser()
    again = elsewhere.ask("POST", "/full-width", data={"code": code[1]})
    assert again.headers["Location"] == opened.headers["Location"]
    assert elsewhere.ask("GET", again.headers["Location"]).status_code == 401


@case(197, "a proxy ends TLS")
def test_case_197_behind_a_proxy(door: Door, tmp_path_factory: pytest.TempPathFactory) -> None:
    address = "https://tool.example"
    platform = Platform(door.server, address)
    through = {
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "tool.example",
        "X-Forwarded-For": "203.0.113.9",
    }
    settings = {"BASE_URL": address, "TRUSTED_PROXIES": "1"}
    with running_tool(tmp_path_factory.mktemp("proxied"), **settings) as tool:
        tool.register_quickly(platform.registration())
        browser = Browser(tool.url)
        login = browser.login(platform.login_parameters(), headers=through)
        assert login.parameters["redirect_uri"] == f"{address}/lti/launch"
        token = platform.sign(platform.claims(login.nonce, "student", {}))
        fields = {"state": login.state, "id_token": token}
        entered = browser.ask("POST", "/lti/launch", data=fields, headers=through)
        assert entered.status_code == 303, entered.text
        for answer in (login.response, entered):
            for cookie in cookies_of(answer):
                assert {"secure", "httponly", "partitioned"} <= set(cookie.attributes)
                assert cookie.attributes["samesite"] == "None"
        page = browser.ask("GET", entered.headers["Location"], headers=through)
        assert STUDENT_VIEW in page.text
        kept_to = page.headers["Strict-Transport-Security"]
        assert kept_to == "max-age=31536000; includeSubDomains"
        assert "object-src 'none'" in page.headers["Content-Security-Policy"]


def _work_in_hand(door: Door, sub: str) -> tuple[Browser, str, str]:
    """A participant with a visit: browser, address of the visit, and its form token."""
    browser = door.browser()
    page = door.enter({"sub": sub}, browser=browser)
    token = re.search(r'name="csrf_token" value="([0-9a-f]+)"', page.text)
    assert token
    return browser, re.match(r".*/v/\w+/", page.url)[0], token[1]  # type: ignore[index]


@case(198, "a visit that ends in mid-work")
def test_case_198_what_was_typed_is_shown_again(door: Door) -> None:
    browser, visit, token = _work_in_hand(door, "198")
    handle = visit.rstrip("/").rpartition("/")[2]
    door.tool.execute(
        "UPDATE visit SET ends_at = '2020-01-01 00:00:00' WHERE handle = :h", h=handle
    )
    typed = "\nTwo hours of <b>work</b> & more\n“with a second line”"
    fields = {"evidence-context": typed, "csrf_token": token, "revision": "3"}
    for origin in (None, door.tool.url):
        headers = {"Origin": origin} if origin else {}
        answer = browser.ask("POST", f"{visit}audit/writing", data=fields, headers=headers)
        assert answer.status_code == 401
        assert "What you had typed" in answer.text and "open the activity again" in answer.text
        shown = re.search(r"<textarea[^>]* readonly>\n(.*?)</textarea>", answer.text, re.DOTALL)
        assert shown and html.unescape(shown[1]).strip() == typed.strip()
        assert token not in answer.text and "<form" not in answer.text
    foreign = browser.ask(
        "POST", f"{visit}audit/writing", data=fields, headers={"Origin": "https://evil.example"}
    )
    assert foreign.status_code == 401 and "Two hours" not in foreign.text
    asked = browser.ask(
        "POST", f"{visit}audit/writing", data=fields, headers={"X-Requested-With": "fetch"}
    )
    assert asked.status_code == 401 and asked.json()["code"] == "visit_over"


def test_commands_refuse_bad_registrations_in_one_sentence(door: Door) -> None:
    values = Platform(door.server, door.tool.url).registration()
    arguments = ["registration", "add", "--name", "x", "--issuer", " ", "--client-id", "x"]
    arguments += ["--deployment-id", "1", "--auth-login-url", values["auth_login_url"]]
    arguments += ["--auth-token-url", "javascript:x", "--jwks-url", values["jwks_url"]]
    done = door.tool.command(*arguments)
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
