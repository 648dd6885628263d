"""Whole launches against an application in this process: login, message and first page."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from werkzeug.test import Client, TestResponse

from lti_tool.lti.registrations import RegistrationValues, add_registration
from tests.support.platform import Platform, PlatformServer
from tests.support.visiting import World


@dataclass
class Launching:
    """A platform that launches people into a world's application."""

    world: World
    platform: Platform

    @classmethod
    def begin(cls, world: World, server: PlatformServer) -> "Launching":
        """Register a platform of its own.

        :param world: made with LTI_TOOL_ALLOW_HTTP.
        """
        platform = Platform(server, world.settings.base_url)
        with world.database.write() as session:
            values = RegistrationValues(**platform.registration())
            add_registration(session, world.settings, values)
        return cls(world, platform)

    def browser(self) -> Client:
        """One that keeps cookies."""
        return Client(self.world.app)

    def log_in(
        self, browser: Client, headers: dict[str, str] | None = None, **changes: Any
    ) -> TestResponse:
        """The first step alone.

        :param changes: parameters of the login that differ.
        """
        return browser.post(
            "/lti/login",
            data=self.platform.login_parameters(**changes),
            headers=headers,
            base_url=self.world.settings.base_url,
        )

    def ask(self, browser: Client) -> dict[str, str]:
        """What the platform is asked, once a browser was sent on to it."""
        return dict(parse_qsl(urlsplit(self.log_in(browser).location).query))

    def post(self, browser: Client, **fields: str) -> TestResponse:
        """The platform has the browser post its answer."""
        base_url = self.world.settings.base_url
        return browser.post("/lti/launch", data=fields, base_url=base_url)

    def answer(
        self,
        browser: Client,
        asked: dict[str, str],
        role: str = "student",
        said: dict[str, Any] | None = None,
    ) -> TestResponse:
        """The platform answers what it was asked, by a message that it signs.

        :param said: claims that differ.
        """
        token = self.platform.sign(self.platform.claims(asked["nonce"], role, said or {}))
        return self.post(browser, state=asked["state"], id_token=token)

    def enter(
        self, who: str, role: str = "student", claims: dict[str, Any] | None = None
    ) -> TestResponse:
        """The first page of somebody's visit, or what is said in its place.

        :param claims: those that differ.
        """
        browser = self.browser()
        said = {"sub": who, "name": f"Person {who}", **(claims or {})}
        answer = self.answer(browser, self.ask(browser), role, said)
        if answer.status_code != 303:
            return answer
        path = urlsplit(answer.location).path
        return browser.get(path, base_url=self.world.settings.base_url)
