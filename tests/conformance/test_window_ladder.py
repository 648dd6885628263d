"""The cookie probe of a framed browser, and the window it is offered where it keeps no cookie.

The platform's hint is single use, so it must be unspent until the tool knows that the browser
will give the login's cookie back.
"""

from urllib.parse import parse_qsl, urlsplit

import pytest
import requests

from lti_tool.core.identifiers import SPELT_LENGTH, number_of
from lti_tool.lti.states import nonce_of
from tests.conformance.cases import case
from tests.support.browser import Browser, cookies_of
from tests.support.door import STUDENT_VIEW, Door
from tests.support.platform import HINT


def _begin(door: Door, browser: Browser) -> requests.Response:
    """A framed login; it must be sent to the probe."""
    answer = browser.login(door.platform.login_parameters(), framed=True).response
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/lti/login/")
    return answer


def _address(answer: requests.Response) -> str:
    return str(answer.headers["Location"])


def _launch(door: Door, browser: Browser, location: str) -> requests.Response:
    """The platform authenticates and has the browser post the message."""
    asked = dict(parse_qsl(urlsplit(location).query))
    assert asked["lti_message_hint"] == HINT
    token = door.platform.sign(door.platform.claims(asked["nonce"], "student", {}))
    return browser.post_launch(asked["state"], token)


@case(189, "third-party cookies blocked, partitioned ones honoured")
def test_framed_login_goes_to_the_probe_and_shows_no_hint(door: Door) -> None:
    answer = _begin(door, door.browser())
    address = _address(answer)
    assert "?" not in address and "launchid" not in address
    cookie = cookies_of(answer)[0]
    assert cookie.name == "lti-login-" + address.rpartition("/")[2]
    assert {"secure", "httponly", "partitioned"} <= set(cookie.attributes)
    assert cookie.attributes["samesite"] == "None" and cookie.path == "/lti/"
    assert cookie.value not in address


@pytest.mark.parametrize("dest", ["iframe", "frame", "embed", "object"])
def test_every_kind_of_frame_is_probed(door: Door, dest: str) -> None:
    parameters = door.platform.login_parameters()
    answer = door.browser().login(parameters, headers={"Sec-Fetch-Dest": dest}).response
    assert _address(answer).startswith("/lti/login/")


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Dest": "document"}, {"Sec-Fetch-Dest": ""}])
def test_unframed_login_goes_straight_on(door: Door, headers: dict[str, str]) -> None:
    answer = door.browser().login(door.platform.login_parameters(), headers=headers).response
    assert _address(answer).startswith(door.platform.auth_login_url)


@case(188, "third-party cookies allowed")
def test_frame_that_keeps_the_cookie_goes_on_and_launches(door: Door) -> None:
    browser = door.browser()
    probe = browser.ask("GET", _address(_begin(door, browser)), framed=True)
    assert probe.status_code == 302
    assert _address(probe).startswith(door.platform.auth_login_url)
    page = door.enters(browser, _launch(door, browser, _address(probe)))
    assert STUDENT_VIEW in page.text


@case(190, "partitioned cookie lost: fallback reached")
def test_frame_without_cookies_is_offered_a_window_that_finishes_the_launch(door: Door) -> None:
    frame, window = Browser(door.tool.url, keeps_cookies=False), door.browser()
    address = _address(_begin(door, frame))
    offer = frame.ask("GET", address, framed=True)
    assert offer.status_code == 200 and "Open in a new window" in offer.text
    assert f'action="{address}/window"' in offer.text and 'target="_blank"' in offer.text
    assert "launchid" not in offer.text and cookies_of(offer) == []
    policy = offer.headers["Content-Security-Policy"]
    assert f"frame-ancestors 'self' {door.server.url};" in policy + ";"
    opened = window.ask("POST", f"{address}/window")
    assert opened.status_code == 303 and _address(opened) == address
    probe = window.ask("GET", address)
    assert _address(probe).startswith(door.platform.auth_login_url)
    page = door.enters(window, _launch(door, window, _address(probe)))
    assert STUDENT_VIEW in page.text


@case(190, "partitioned cookie lost: fallback reached")
def test_hint_stays_unspent_while_the_frame_waits(door: Door) -> None:
    frame = Browser(door.tool.url, keeps_cookies=False)
    address = _address(_begin(door, frame))
    for _ in range(3):
        assert "Open in a new window" in frame.ask("GET", address, framed=True).text
    window = door.browser()
    window.ask("POST", f"{address}/window")
    assert window.ask("GET", address).status_code == 302


def test_reference_leads_to_the_platform_once(door: Door) -> None:
    browser = door.browser()
    address = _address(_begin(door, browser))
    assert browser.ask("GET", address, framed=True).status_code == 302
    door.is_refusal(browser.ask("GET", address, framed=True), "state_unknown")
    door.is_refusal(browser.ask("POST", f"{address}/window"), "state_unknown")


def test_cookie_of_another_login_does_not_pass_the_probe(door: Door) -> None:
    browser, other = door.browser(), door.browser()
    address = _address(_begin(door, browser))
    foreign = cookies_of(_begin(door, other))[0]
    name = "lti-login-" + address.rpartition("/")[2]
    for value in (foreign.value, "", "x" * 5000, "é"):
        answer = other.ask(
            "GET", address, framed=True, headers={"Cookie": f"{name}={value}".encode()}
        )
        assert answer.status_code == 200 and "Open in a new window" in answer.text
    assert browser.ask("GET", address, framed=True).status_code == 302


def test_first_browser_loses_the_login_to_the_window(door: Door) -> None:
    frame, window = door.browser(), door.browser()
    address = _address(_begin(door, frame))
    window.ask("POST", f"{address}/window")
    assert "Open in a new window" in frame.ask("GET", address, framed=True).text
    assert window.ask("GET", address).status_code == 302


def test_window_that_keeps_no_cookies_either_is_told_so(door: Door) -> None:
    window = Browser(door.tool.url, keeps_cookies=False)
    address = _address(_begin(door, window))
    window.ask("POST", f"{address}/window")
    page = door.is_refusal(window.ask("GET", address), "cookies_blocked")
    assert "Allow cookies" in page.text


@pytest.mark.parametrize(
    "reference", ["unknown", "x" * 300, "%00", "%ff", "a%0d%0ab", "f" * 16, "0" * 16, "7" * 17]
)
def test_unknown_references_are_refused(door: Door, reference: str) -> None:
    for method, address in (("GET", ""), ("POST", "/window")):
        answer = door.browser().ask(method, f"/lti/login/{reference}{address}", framed=True)
        door.is_refusal(answer, "state_unknown")


def test_the_number_of_a_login_is_not_its_reference(door: Door) -> None:
    """Whoever has the whole of it may bind the login to a window of theirs."""
    browser = door.browser()
    address = _address(_begin(door, browser))
    for guess in (address[:-11], address[:-1], f"{address[:-1]}_", f"{address}x"):
        door.is_refusal(door.browser().ask("POST", f"{guess}/window"), "state_unknown")
    assert browser.ask("GET", address, framed=True).status_code == 302


def test_login_that_grew_old_is_refused(door: Door) -> None:
    browser = door.browser()
    address = _address(_begin(door, browser))
    door.tool.execute(
        "UPDATE waiting_login SET expires_at = '2020-01-01 00:00:00' WHERE id = :n",
        n=number_of(address.rpartition("/")[2][:SPELT_LENGTH]),
    )
    door.is_refusal(browser.ask("GET", address, framed=True), "state_unknown")
    door.is_refusal(browser.ask("POST", f"{address}/window"), "state_unknown")


@pytest.mark.parametrize(
    ("switch", "reason"),
    [("is_enabled", "registration_disabled"), ("is_approved", "registration_pending")],
)
def test_registration_closed_while_the_frame_waits(door: Door, switch: str, reason: str) -> None:
    platform, browser = door.new_platform(), door.browser()
    answer = browser.login(platform.login_parameters(), framed=True).response
    door.tool.execute(
        f"UPDATE registration SET {switch} = :no WHERE client_id = :c",
        no=False,
        c=platform.client_id,
    )
    door.is_refusal(browser.ask("GET", _address(answer), framed=True), reason)
    door.is_refusal(browser.ask("POST", f"{_address(answer)}/window"), reason)


def test_message_cannot_be_posted_before_the_probe_was_passed(door: Door) -> None:
    """There is no state before, not even for who reads the database."""
    browser = door.browser()
    reference = _address(_begin(door, browser)).rpartition("/")[2]
    [row] = door.tool.execute(
        "SELECT * FROM waiting_login WHERE id = :n", n=number_of(reference[:SPELT_LENGTH])
    )
    for guess in map(str, row):
        token = door.platform.sign(door.platform.claims(nonce_of(guess), "student", {}))
        answer = browser.post_launch(guess, token)
        door.is_refusal(answer, "state_unknown", "state_missing")
