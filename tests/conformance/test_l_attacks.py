"""Cases 214 and 215 over HTTP: forged posts in the frame, and frames of other sites."""

import re

from tests.conformance.cases import case
from tests.support.door import Door


def _policy(answer: object) -> str:
    return str(answer.headers["Content-Security-Policy"])  # type: ignore[attr-defined]


@case(214, "forged posts from another site")
def test_case_214_a_cookie_alone_writes_nothing(door: Door) -> None:
    """Another site in the same partition makes the browser send the visit's cookie along."""
    browser, other = door.browser(), door.browser()
    page = door.enter({"sub": "214"}, browser=browser)
    foreign = re.search(r'name="csrf_token" value="(\w+)"', door.enter(browser=other).text)
    assert foreign
    handle = re.search(r"/v/\w+/", page.url)
    assert handle
    forged = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    for token in ({}, {"csrf_token": ""}, {"csrf_token": foreign[1]}):
        for path in ("stay", "display", "audit/writing", "audit/hand-in", "set-up-link"):
            answer = browser.ask("POST", f"{handle[0]}{path}", data=token, headers=forged)
            assert answer.status_code == 403, path
            assert "Access-Control-Allow-Origin" not in answer.headers


@case(215, "frames of other sites")
def test_case_215_only_registered_platforms_may_frame_a_visit(door: Door) -> None:
    other = door.new_platform(auth_query="")
    page = door.enter({"sub": "215"})
    assert f"frame-ancestors 'self' {door.server.url};" in _policy(page) + ";"
    assert "X-Frame-Options" not in page.headers
    assert other.auth_login_url.startswith(door.server.url), "both lie on one server here"
    for path in ("/healthz", "/lti/jwks.json"):
        assert "frame-ancestors 'none'" in _policy(door.browser().ask("GET", path))


@case(215, "frames of other sites")
def test_case_215_what_any_site_may_frame_holds_no_form(door: Door) -> None:
    browser = door.browser()
    for path in ("/", "/privacy", "/accessibility", "/nowhere", "/v/none/", "/lti/login"):
        answer = browser.ask("GET", path)
        if "frame-ancestors *" in _policy(answer):
            assert "<form" not in answer.text and "Set-Cookie" not in answer.headers, path
