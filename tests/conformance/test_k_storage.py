"""Cases 191 to 193 over HTTP: the platform's storage in place of a cookie.

What the page's script does in a real browser is tested in tests/journeys/test_storage.py.
"""

import re
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests

from lti_tool.lti.states import unseal
from tests.conformance.cases import case
from tests.support.browser import Browser, cookies_of
from tests.support.door import STUDENT_VIEW, Door

_TARGET = "platform_storage"


def _frame(door: Door) -> Browser:
    return Browser(door.tool.url, keeps_cookies=False)


def _offer(door: Door, frame: Browser, target: str = _TARGET) -> requests.Response:
    """The probe page of a framed login without cookies, where storage is offered."""
    parameters = door.platform.login_parameters(lti_storage_target=target)
    begun = frame.login(parameters, framed=True).response
    page = frame.ask("GET", begun.headers["Location"], framed=True)
    assert page.status_code == 200 and "Open in a new window" in page.text
    return page


def _stored(page: requests.Response) -> tuple[str, str, str]:
    """What the page's script puts into storage: key, value, and where it posts the value."""
    form = re.search(
        r'<form method="post" action="([^"]+)" data-platform-storage="put" data-target="([^"]+)" '
        r'data-origin="([^"]+)" data-key="([^"]+)"',
        page.text,
    )
    assert form, page.text
    value = re.search(r'name="value" value="(\w+)"', page.text)
    assert value
    assert form[2] == _TARGET
    return form[4], value[1], form[1]


def _sent_on(door: Door, frame: Browser) -> tuple[dict[str, str], str]:
    """A login bound through storage: what the platform is asked, and the stored value."""
    _, value, action = _stored(_offer(door, frame))
    answer = frame.ask("POST", action, data={"value": value})
    assert answer.status_code == 302, answer.text
    assert answer.headers["Location"].startswith(door.platform.auth_login_url)
    return dict(parse_qsl(urlsplit(answer.headers["Location"]).query)), value


def _token(door: Door, asked: dict[str, str]) -> str:
    return door.platform.sign(door.platform.claims(asked["nonce"], "student", {}))


def _post(
    door: Door, frame: Browser, asked: dict[str, str], token: str, value: str, origin: str | None
) -> requests.Response:
    headers = {"Origin": origin} if origin else {}
    fields = {"state": asked["state"], "id_token": token, "storage_value": value}
    return frame.ask("POST", "/lti/launch", data=fields, headers=headers)


@case(191, "no storage of our own at all")
def test_case_191_storage_and_a_window_without_another_login(door: Door) -> None:
    frame = _frame(door)
    asked, value = _sent_on(door, frame)
    assert asked["lti_storage_target"] == _TARGET
    token = _token(door, asked)
    page = frame.post_launch(asked["state"], token)
    assert page.status_code == 200 and 'data-platform-storage="get"' in page.text
    assert value not in page.text and "visit" not in [x.name for x in cookies_of(page)]
    ancestors = page.headers["Content-Security-Policy"]
    assert f"frame-ancestors 'self' {door.server.url};" in ancestors + ";"
    entered = _post(door, frame, asked, token, value, door.tool.url)
    assert entered.status_code == 200, entered.text
    code = re.search(r'name="code" value="([^"]+)"', entered.text)
    assert code and 'action="/full-width"' in entered.text and 'target="_blank"' in entered.text
    window = door.browser()
    opened = window.ask("POST", "/full-width", data={"code": code[1]})
    assert STUDENT_VIEW in window.follow(opened).text


@case(191, "no storage of our own at all")
def test_case_191_a_cookie_that_comes_back_late_does_no_harm(door: Door) -> None:
    """Of a frame that was thought to keep none: the login is bound to the storage by now."""
    frame = _frame(door)
    asked, value = _sent_on(door, frame)
    token, fields = _token(door, asked), {"state": asked["state"]}
    state = unseal(door.tool.settings["SECRET_KEY"], asked["state"])
    assert state is not None
    headers = {"Cookie": f"lti-login-{state.reference}=late"}
    fields["id_token"] = token
    page = frame.ask("POST", "/lti/launch", data=fields, headers=headers)
    assert page.status_code == 200 and 'data-platform-storage="get"' in page.text
    fields["storage_value"] = value
    headers["Origin"] = door.tool.url
    entered = frame.ask("POST", "/lti/launch", data=fields, headers=headers)
    assert entered.status_code == 200 and 'action="/full-width"' in entered.text


@case(191, "no storage of our own at all")
def test_case_191_without_an_offer_there_is_the_window(door: Door) -> None:
    for target in ("", "a name with <b>", "x" * 255 + "'"):
        frame = _frame(door)
        parameters = door.platform.login_parameters(lti_storage_target=target)
        begun = frame.login(parameters, framed=True).response
        if begun.status_code == 400:
            continue
        page = frame.ask("GET", begun.headers["Location"], framed=True)
        assert "Open in a new window" in page.text and "data-platform-storage" not in page.text


@case(192, "storage answers that cannot be believed")
def test_case_192_a_value_that_is_not_ours_leads_nowhere(door: Door) -> None:
    frame = _frame(door)
    page = _offer(door, frame)
    _, value, action = _stored(page)
    other = _stored(_offer(door, _frame(door)))[1]
    for wrong in ("", "x", other, value[:-1], value + "0", "é" * 50):
        door.is_refusal(frame.ask("POST", action, data={"value": wrong}), "state_unknown")
    assert (
        "Open in a new window"
        in frame.ask("GET", action.removesuffix("/storage"), framed=True).text
    ), "the hint is unspent"
    assert frame.ask("POST", action, data={"value": value}).status_code == 302


@case(193, "state verified by storage")
def test_case_193_the_proof_is_as_strong_and_used_once(door: Door) -> None:
    frame = _frame(door)
    asked, value = _sent_on(door, frame)
    token = _token(door, asked)
    for wrong in ("x", value[:-1] + "!", value.upper()):
        door.is_refusal(_post(door, frame, asked, token, wrong, door.tool.url), "browser_mismatch")
    assert _post(door, frame, asked, token, value, door.tool.url).status_code == 200
    again = _post(door, frame, asked, token, value, door.tool.url)
    door.is_refusal(again, "state_unknown")


@case(193, "state verified by storage")
@pytest.mark.parametrize("origin", [None, "https://evil.example", "null"])
def test_case_193_another_sites_post_of_its_own_login_is_not_believed(
    door: Door, origin: str | None
) -> None:
    """An attacker knows all of a login of their own, the stored value included."""
    asked, value = _sent_on(door, _frame(door))
    victim = door.browser()
    answer = _post(door, victim, asked, _token(door, asked), value, origin)
    assert answer.status_code == 200 and 'data-platform-storage="get"' in answer.text
    assert cookies_of(answer) == [] and 'action="/full-width"' not in answer.text


@case(193, "state verified by storage")
def test_case_193_two_pages_of_one_login_hold_different_values(door: Door) -> None:
    """Who loses the race cannot lend a value to who wins it."""
    frame = _frame(door)
    page = _offer(door, frame)
    key, first, action = _stored(page)
    address = action.removesuffix("/storage")
    second_key, second, _ = _stored(frame.ask("GET", address, framed=True))
    assert key == second_key and first != second
    answer = frame.ask("POST", action, data={"value": second})
    asked = dict(parse_qsl(urlsplit(answer.headers["Location"]).query))
    door.is_refusal(frame.ask("POST", action, data={"value": first}), "state_unknown")
    refused = _post(door, frame, asked, _token(door, asked), first, door.tool.url)
    door.is_refusal(refused, "browser_mismatch")


@case(193, "state verified by storage")
def test_case_193_a_login_bound_by_cookie_takes_no_stored_value(door: Door) -> None:
    browser = door.browser()
    parameters = door.platform.login_parameters(lti_storage_target=_TARGET)
    begun = browser.login(parameters, framed=True).response
    address = begun.headers["Location"]
    value = _stored(_frame(door).ask("GET", address, framed=True))[1]
    on = browser.ask("GET", address, framed=True)
    asked = dict(parse_qsl(urlsplit(on.headers["Location"]).query))
    assert "lti_storage_target" not in asked
    token = _token(door, asked)
    refused = _post(door, _frame(door), asked, token, value, door.tool.url)
    door.is_refusal(refused, "browser_mismatch")
    door.enters(browser, browser.post_launch(asked["state"], token))
