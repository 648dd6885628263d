"""Whichever process answers is right at once: each step is answered by the other than the last.

Everything twice, once beginning with either process, so that each has done each step after a
change that it heard of from the database alone.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

import pytest
import requests

from tests.support.browser import Browser
from tests.support.door import STUDENT_VIEW, Door
from tests.support.platform import Platform, PlatformServer
from tests.support.postgres import new_database
from tests.support.running_tool import RunningTool
from tests.support.two_processes import Turns, two_processes

_BOTH = range(2)


class Pair(Door):
    """The door of both; every request is a connection of its own."""

    turns: Turns

    def browser(self) -> Browser:
        browser = super().browser()
        browser.http.headers["Connection"] = "close"
        return browser

    def ask_both(self, browser: Browser, address: str) -> list[requests.Response]:
        """The same page from each of the two."""
        began = len(self.turns.taken)
        answers = [browser.ask("GET", address) for _ in _BOTH]
        assert len(set(self.turns.taken[began:])) == 2
        return answers


@pytest.fixture(scope="module")
def made(
    tmp_path_factory: pytest.TempPathFactory, postgres_url: str
) -> Iterator[tuple[RunningTool, Turns]]:
    """Two processes on PostgreSQL."""
    folder = tmp_path_factory.mktemp("two")
    with two_processes(folder, new_database(postgres_url)) as found:
        yield found


@pytest.fixture
def pair(made: tuple[RunningTool, Turns], platform_server: PlatformServer) -> Pair:
    """The two, with a platform of the test's own."""
    tool, turns = made
    platform = Platform(platform_server, tool.url)
    door = Pair(tool, platform_server, platform)
    door.turns = turns
    tool.register_quickly(platform.registration())
    return door


def _number(pair: Pair) -> str:
    rows = pair.tool.execute(
        "SELECT id FROM registration WHERE client_id = :c", c=pair.platform.client_id
    )
    return str(rows[0][0])


def _visit(page: requests.Response) -> str:
    found = re.match(r".*/v/\w+/", page.url)
    assert found
    return found[0]


def _field(page: requests.Response, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page.text)
    assert found, page.text
    return found[1]


def test_every_step_from_login_to_the_saved_page_may_be_answered_by_another(pair: Pair) -> None:
    for first in _BOTH:
        began, browser = len(pair.turns.taken), pair.browser()
        page = pair.enter({"sub": f"person-{first}"}, browser=browser)
        assert STUDENT_VIEW in page.text
        writing = browser.ask("GET", f"{_visit(page)}audit/writing")
        typed = f"Two hours a week, asked {first}."
        fields = {
            "csrf_token": _field(writing, "csrf_token"),
            "revision": _field(writing, "revision"),
            "evidence-context": typed,
        }
        saved = browser.ask("POST", f"{_visit(page)}audit/writing", data=fields)
        assert saved.status_code == 303, saved.text
        assert all(typed in one.text for one in pair.ask_both(browser, writing.url))
        again = browser.ask("POST", f"{_visit(page)}audit/writing", data=fields)
        assert again.status_code == 409, "the other process knows that the page is out of date"
        taken = pair.turns.taken[began:]
        assert all(one != other for one, other in pairwise(taken))
        pair.turns.skip()


def test_what_may_be_used_once_is_used_up_for_both(pair: Pair) -> None:
    for _ in _BOTH:
        done = pair.attempt()
        page = pair.enters(done.browser, done.response)
        for _ in _BOTH:
            refused = done.browser.post_launch(done.login.state, done.token)
            assert refused.headers["X-Reason-Code"] == "state_unknown"
        code = {"code": _field(page, "code")}
        opened = [pair.browser().ask("POST", "/full-width", data=code) for _ in _BOTH]
        assert ["Set-Cookie" in one.headers for one in opened] == [True, False]
        pair.turns.skip()


def test_new_keys_of_the_platform_are_followed_by_both_at_once(pair: Pair) -> None:
    for _ in range(4):
        pair.enter()
    old_key, old_kid = pair.platform.key, pair.platform.kid
    pair.platform.rotate()
    for _ in _BOTH:
        pair.enter()  # three requests, so the other takes the next launch
    assert pair.platform.jwks_hits == 2, "what one has read the other finds in the database"
    for _ in _BOTH:
        attempt = pair.attempt(header={"kid": old_kid}, key=old_key)
        assert attempt.response.headers["X-Reason-Code"] == "token_key_unknown"
        pair.turns.skip()


def test_new_keys_of_the_tool_are_published_by_both_at_once(pair: Pair) -> None:
    published = f"{pair.tool.url}/lti/jwks.json"
    before = [one.json() for one in pair.ask_both(pair.browser(), published)]
    assert before[0] == before[1] and len(before[0]["keys"]) == 1
    pair.tool.must("keys", "rotate", "--at-once")
    after = [one.json() for one in pair.ask_both(pair.browser(), published)]
    assert after[0] == after[1] and len(after[0]["keys"]) == 2


def test_what_is_switched_off_or_ended_is_so_for_both_at_once(pair: Pair) -> None:
    """At once for visits and launches; for the login before a launch, a moment later."""
    browser = pair.browser()
    first = _visit(pair.enter(browser=browser))
    other = _visit(pair.enter(browser=browser))
    pages = f"{first}audit/writing", f"{other}audit/writing"
    assert [one.status_code for page in pages for one in pair.ask_both(browser, page)] == [200] * 4
    pair.tool.execute(
        "UPDATE visit SET ends_at = '2020-01-01 00:00:00' WHERE handle = :h",
        h=first.rstrip("/").rpartition("/")[2],
    )
    assert [one.status_code for one in pair.ask_both(browser, pages[0])] == [401, 401]
    assert [one.status_code for one in pair.ask_both(browser, pages[1])] == [200, 200]
    pair.tool.must("registration", "disable", _number(pair))
    assert [one.status_code for one in pair.ask_both(browser, pages[1])] == [401, 401]
    pair.let_a_moment_pass()
    for _ in _BOTH:
        refused = pair.browser().login(pair.platform.login_parameters()).response
        assert refused.headers["X-Reason-Code"] == "registration_disabled"
    pair.tool.must("registration", "enable", _number(pair))
    assert [one.status_code for one in pair.ask_both(browser, pages[1])] == [200, 200]


def test_a_role_given_and_a_framework_put_in_force_hold_for_both_at_once(pair: Pair) -> None:
    browser = pair.browser()
    visit = _visit(pair.enter(role="teacher", browser=browser))
    frameworks = f"{visit}frameworks/quality-standards/"
    assert [one.status_code for one in pair.ask_both(browser, frameworks)] == [403, 403]
    pair.tool.must(
        *("people", "grant", "--registration", _number(pair), "--user", "3"),
        *("--role", "programme-leader"),
    )
    shown = pair.ask_both(browser, frameworks)
    assert [one.status_code for one in shown] == [200, 200]
    text = "Id,Title\n1,Agreements are written down\n"
    for wording in ("written down", "signed by both sides"):
        page = browser.ask("GET", frameworks)
        looked = browser.ask(
            "POST",
            frameworks,
            data={"csrf_token": _field(page, "csrf_token")},
            files={"file": ("own.csv", text.replace("written down", wording))},
        )
        names = ("csrf_token", "file_data", "shown")
        put = browser.ask(
            "POST",
            frameworks,
            data={
                **{name: _field(looked, name) for name in names},
                **{"act": "put", "title": "Ours", "source": "Us, 2026", "text": "official"},
            },
        )
        assert put.status_code == 303, put.text
        assert all(
            f"Agreements are {wording}" in one.text for one in pair.ask_both(browser, frameworks)
        )
        pair.turns.skip()


def test_refusals_are_counted_together(pair: Pair) -> None:
    """Last in this file: this address is told to wait from here on."""
    codes = []
    for _ in range(16):
        browser = pair.browser()
        login = browser.login(pair.platform.login_parameters(iss="https://stranger.example"))
        codes.append(login.response.status_code)
    assert codes.index(429) <= 12 and set(codes[codes.index(429) :]) == {429}
    pair.enter()
