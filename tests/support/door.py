"""The tool's front door as tests use it: launch, and say what must come of it."""

import re
import threading
import time
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import requests

from lti_tool.lti.states import seal, unseal
from tests.support.browser import Browser, Login, cookies_of
from tests.support.platform import Platform, PlatformServer
from tests.support.running_tool import RunningTool

STAFF_VIEW = "<h1>Work to mark</h1>"
STUDENT_VIEW = "<h1>Provision-map audit</h1>"
NO_ROLE_VIEW = "<h1>You have no role in this course</h1>"
NOT_SET_UP_VIEW = "<h1>This activity is not set up yet</h1>"


@dataclass
class Attempt:
    """A launch that was tried: what was sent and what came back."""

    browser: Browser
    login: Login
    token: str
    response: requests.Response


@dataclass
class Door:
    """A running tool, a server for platforms, and one platform it knows."""

    tool: RunningTool
    server: PlatformServer
    platform: Platform

    def browser(self) -> Browser:
        """A browser without any cookies."""
        return Browser(self.tool.url)

    def new_platform(self, **values: Any) -> Platform:
        """One more platform that the tool knows."""
        platform = Platform(self.server, self.tool.url, **values)
        self.tool.register_quickly(platform.registration())
        return platform

    def login(self, browser: Browser, platform: Platform | None = None, **changes: Any) -> Login:
        """A login that must be sent on to the platform."""
        platform = platform or self.platform
        login = browser.login(platform.login_parameters(**changes))
        assert login.response.status_code == 302, login.response.text
        assert login.location.startswith(platform.auth_login_url)
        return login

    @staticmethod
    def let_a_moment_pass() -> None:
        """Logins of the same moment share one look at what is open."""
        time.sleep(0.3)

    def aged(self, sealed: str, age: timedelta) -> str:
        """A state of this tool as it would be if its login had begun so long ago."""
        secret_key = self.tool.settings["SECRET_KEY"]
        state = unseal(secret_key, sealed)
        assert state is not None
        return seal(secret_key, replace(state, expires_at=state.expires_at - age))

    def attempt(
        self,
        changes: dict[str, Any] | None = None,
        *,
        role: str = "student",
        platform: Platform | None = None,
        browser: Browser | None = None,
        header: dict[str, Any] | None = None,
        login: dict[str, Any] | None = None,
        **signing: Any,
    ) -> Attempt:
        """Log in and post a message.

        :param changes: to the claims; `login`, `header`: to the login's parameters, the header.
        """
        platform, browser = platform or self.platform, browser or self.browser()
        begun = self.login(browser, platform, **(login or {}))
        claims = platform.claims(begun.nonce, role, changes or {})
        token = platform.sign(claims, header, **signing)
        return Attempt(browser, begun, token, browser.post_launch(begun.state, token))

    def enter(self, changes: dict[str, Any] | None = None, **how: Any) -> requests.Response:
        """A launch that must be let in; its first page."""
        done = self.attempt(changes, **how)
        return self.enters(done.browser, done.response)

    def enters(self, browser: Browser, response: requests.Response) -> requests.Response:
        """This answer begins a visit; the page it leads to."""
        assert response.status_code == 303, f"{response.status_code} {response.text}"
        address = response.headers["Location"]
        visits = [x for x in cookies_of(response) if x.name == "visit"]
        assert len(visits) == 1 and address.startswith(visits[0].path), address
        assert {"secure", "httponly", "partitioned"} <= set(visits[0].attributes)
        assert visits[0].attributes["samesite"] == "None"
        page = browser.follow(response)
        assert page.status_code == 200, page.text
        return page

    def refuses(
        self, changes: dict[str, Any] | None = None, *codes: str, **how: Any
    ) -> requests.Response:
        """A launch that must be refused, for one of these reasons."""
        return self.is_refusal(self.attempt(changes, **how).response, *codes)

    def is_refusal(self, response: requests.Response, *codes: str) -> requests.Response:
        """This answer refuses: 4xx, code, reference, page, log line, and no visit."""
        assert 400 <= response.status_code < 500, f"{response.status_code} {response.text}"
        code = response.headers.get("X-Reason-Code")
        assert code in codes, f"{code} is none of {codes}"
        assert [x for x in cookies_of(response) if x.name == "visit"] == []
        assert "Location" not in response.headers
        assert f"reason <code>{code}</code>" in response.text
        reference = re.search(r"reference <code>(\w+)</code>", response.text)
        assert reference, response.text
        line = self.tool.find_logged(reference=reference[1], event="launch refused")
        assert line is not None and line["reason"] == code
        assert "<form" not in response.text and "<script" not in response.text
        assert "frame-ancestors *" in response.headers["Content-Security-Policy"]
        return response

    def in_parallel(
        self, browser: Browser, state: str, token: str, *, times: int
    ) -> list[requests.Response]:
        """One message posted several times at the same moment, always with the same cookies."""
        barrier = threading.Barrier(times)
        answers: list[requests.Response] = []

        def post() -> None:
            own = Browser(browser.tool_url, list(browser.cookies))
            barrier.wait()
            answers.append(own.post_launch(state, token))

        threads = [threading.Thread(target=post) for _ in range(times)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return answers
