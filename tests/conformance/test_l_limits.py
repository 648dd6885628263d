"""Limits on refusals and sizes: 429 for who is refused too often, never for a valid launch."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import requests

from lti_tool.core import clock
from tests.support.browser import Browser
from tests.support.door import Door
from tests.support.platform import Platform
from tests.support.postgres import new_database
from tests.support.running_tool import RunningTool

_LIMIT = 6


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def strict(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, door: Door
) -> Iterator[Door]:
    """A tool of two processes with a low limit, behind a proxy; its door."""
    settings = {"REFUSALS_PER_MINUTE": str(_LIMIT), "TRUSTED_PROXIES": "1"}
    if request.param == "postgresql":
        settings["DATABASE_URL"] = new_database(request.getfixturevalue("postgres_url"))
    folder = tmp_path_factory.mktemp("strict")
    tool = RunningTool(folder, settings)
    tool.upgrade_quickly()
    platform = Platform(door.server, tool.url)
    tool.register_quickly(platform.registration())
    try:
        tool.start(workers=2)
        yield Door(tool, door.server, platform)
    finally:
        tool.stop()
    tool.check_log()


def _from(address: str) -> dict[str, str]:
    return {"X-Forwarded-For": address}


def _refused(door: Door, address: str, **changes: str) -> requests.Response:
    parameters = door.platform.login_parameters(iss="https://unknown.example", **changes)
    return Browser(door.tool.url).login(parameters, headers=_from(address)).response


def test_refusals_are_counted_by_address_in_all_processes(strict: Door) -> None:
    answers = [_refused(strict, "203.0.113.1") for _ in range(_LIMIT + 6)]
    statuses = [answer.status_code for answer in answers]
    assert statuses[:_LIMIT] == [400] * _LIMIT and set(statuses[_LIMIT:]) == {429}
    last = strict.is_refusal(answers[-1], "issuer_unknown")
    assert 1 <= int(last.headers["Retry-After"]) <= 61
    assert "too often" in last.text
    assert _refused(strict, "203.0.113.2").status_code == 400, "another address is not held up"


def test_a_valid_launch_from_the_same_address_is_let_in(strict: Door) -> None:
    headers = _from("203.0.113.3")
    while _refused(strict, "203.0.113.3").status_code != 429:
        pass
    browser = Browser(strict.tool.url)
    login = browser.login(strict.platform.login_parameters(), headers=headers)
    assert login.response.status_code == 302
    token = strict.platform.sign(strict.platform.claims(login.nonce, "student", {}))
    fields = {"state": login.state, "id_token": token}
    entered = browser.ask("POST", "/lti/launch", data=fields, headers=headers)
    assert entered.status_code == 303
    assert browser.ask("GET", entered.headers["Location"], headers=headers).status_code == 200


def test_the_network_of_an_ipv6_address_counts_as_one(strict: Door) -> None:
    statuses = [_refused(strict, f"2001:db8:1:2::{n:x}").status_code for n in range(_LIMIT + 1)]
    assert statuses[-1] == 429
    assert _refused(strict, "2001:db8:1:3::1").status_code == 400


def test_wrong_codes_and_wrong_cookies_are_counted(strict: Door) -> None:
    browser = Browser(strict.tool.url)
    codes = [
        browser.ask("POST", "/full-width", data={"code": f"x{n}"}, headers=_from("203.0.113.4"))
        for n in range(_LIMIT + 1)
    ]
    assert [x.status_code for x in codes] == [401] * _LIMIT + [429]
    guess = {**_from("203.0.113.5"), "Cookie": "visit=guess"}
    guesses = [browser.ask("GET", "/v/guess/", headers=guess) for _ in range(_LIMIT * 10 + 1)]
    assert {x.status_code for x in guesses[:-1]} == {401}
    assert guesses[-1].status_code == 429 and guesses[-1].headers["X-Reason-Code"] == "visit_over"
    bare = [browser.ask("GET", "/v/guess/", headers=_from("203.0.113.6")) for _ in range(70)]
    assert {x.status_code for x in bare} == {401}, "a bookmark without a cookie is no guess"


def test_no_address_is_kept_and_nothing_is_written_once_over(strict: Door) -> None:
    while _refused(strict, "203.0.113.7").status_code != 429:
        pass
    rows = strict.tool.execute("SELECT place_digest, count FROM attempts ORDER BY id")
    assert all(len(row.place_digest) == 64 for row in rows)
    for _ in range(5):
        assert _refused(strict, "203.0.113.7").status_code == 429
    assert strict.tool.execute("SELECT place_digest, count FROM attempts ORDER BY id") == rows


def test_openings_of_the_registration_page_are_counted(strict: Door) -> None:
    """Each makes us call an address that anybody may name."""
    asked = {"openid_configuration": f"{strict.server.url}/nothing", "registration_token": "t"}
    browser, before = Browser(strict.tool.url), strict.server.hits["/nothing"]
    answers = [
        browser.ask("GET", "/lti/register", params=asked, headers=_from("203.0.113.9"))
        for _ in range(_LIMIT + 3)
    ]
    assert [x.status_code for x in answers] == [400] * _LIMIT + [429] * 3
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 61
    assert answers[-1].headers["X-Reason-Code"] == "too_often"
    assert strict.server.hits["/nothing"] == before + _LIMIT, "nothing is called beyond the limit"
    other = browser.ask("GET", "/lti/register", params=asked, headers=_from("203.0.113.10"))
    assert other.status_code == 400


def test_logins_that_wait_in_frames_are_counted_and_those_that_go_on_are_not(strict: Door) -> None:
    headers, browser = _from("203.0.113.11"), Browser(strict.tool.url, keeps_cookies=False)
    parameters = strict.platform.login_parameters()

    def begin() -> requests.Response:
        return browser.login(parameters, headers=headers, framed=True).response

    def launch() -> requests.Response:
        own = Browser(strict.tool.url)
        login = own.login(parameters, headers=headers)
        assert login.location.startswith(strict.platform.auth_login_url), login.response.text
        token = strict.platform.sign(strict.platform.claims(login.nonce, "student", {}))
        fields = {"state": login.state, "id_token": token}
        return own.ask("POST", "/lti/launch", data=fields, headers=headers)

    most = _LIMIT * 50
    assert {begin().status_code for _ in range(most - 1)} == {302}
    assert {launch().status_code for _ in range(5)} == {303}, "launches do not fill the count"
    assert begin().status_code == 302
    rows = strict.tool.execute("SELECT count(*) FROM waiting_login")
    for method in ("GET", "POST"):
        refused = browser.login(parameters, method=method, headers=headers, framed=True).response
        strict.is_refusal(refused, "logins_unfinished")
        assert refused.status_code == 429 and 1 <= int(refused.headers["Retry-After"]) <= 61
    assert strict.tool.execute("SELECT count(*) FROM waiting_login") == rows
    elsewhere = browser.login(parameters, headers=_from("203.0.113.12"), framed=True).response
    assert elsewhere.status_code == 302, "another address is not held up"
    earlier = f"{clock.now() + timedelta(minutes=8):%Y-%m-%d %H:%M:%S.%f}"
    strict.tool.execute("UPDATE waiting_login SET expires_at = :at", at=earlier)
    assert begin().status_code == 302, "they began more than a minute ago"


def test_a_window_that_is_over_begins_anew(strict: Door) -> None:
    while _refused(strict, "203.0.113.8").status_code != 429:
        pass
    strict.tool.execute("UPDATE attempts SET window_began_at = '2020-01-01 00:00:00'")
    assert _refused(strict, "203.0.113.8").status_code == 400


@pytest.mark.parametrize(
    ("path", "size"),
    [
        ("/lti/login", 5_000_000),
        ("/lti/launch", 5_000_000),
        ("/full-width", 5_000_000),
    ],
)
def test_large_bodies_are_answered_by_a_sentence(door: Door, path: str, size: int) -> None:
    answer = door.browser().ask("POST", path, data={"state": "x" * size})
    assert answer.status_code == 413 and "too large" in answer.text


def test_too_many_fields_are_answered_by_a_sentence(door: Door) -> None:
    boundary = "part"
    one = f'--{boundary}\r\nContent-Disposition: form-data; name="x"\r\n\r\n1\r\n'
    body = one * 20_500 + f"--{boundary}--\r\n"
    answer = door.browser().ask(
        "POST",
        "/lti/launch",
        data=body.encode(),
        headers={"Content-Type": f"multipart/form-data; boundary={boundary}"},
    )
    assert answer.status_code == 413 and "too large" in answer.text


def test_large_headers_and_addresses_are_refused(door: Door) -> None:
    assert 400 <= door.browser().ask("GET", "/lti/login?x=" + "x" * 9000).status_code < 500
    headers = {"X-Long": "x" * 20_000}
    assert 400 <= door.browser().ask("GET", "/lti/login", headers=headers).status_code < 500


def test_the_log_of_a_flood_holds_nothing_personal(strict: Door) -> None:
    strict.tool.check_log()
    assert "203.0.113" not in strict.tool.log_text()
