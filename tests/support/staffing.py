"""Members of staff with a browser of their own, who sign in at a provider that really runs."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from lti_tool.staff.members import add_member
from tests.support.identity_provider import IdentityProvider
from tests.support.visiting import World

_TOKEN = re.compile(r'name="csrf_token" value="([0-9a-f]+)"')


@dataclass
class Colleague:
    """One browser."""

    world: World
    provider: IdentityProvider
    client: FlaskClient
    token: str = ""

    def open(self, method: str, path: str, **options: Any) -> TestResponse:
        """One request; a form token that the page shows is kept."""
        answer = self.client.open(
            path, method=method, base_url=self.world.settings.base_url, **options
        )
        found = _TOKEN.search(answer.get_data(as_text=True))
        self.token = found.group(1) if found else self.token
        return answer

    def get(self, path: str) -> TestResponse:
        """A page."""
        return self.open("GET", path)

    def post(self, path: str, **fields: Any) -> TestResponse:
        """A form, with the token last seen."""
        return self.open("POST", path, data={"csrf_token": self.token, **fields})

    def begin(self, target: str = "/staff/") -> str:
        """Set out for the provider; its address."""
        answer = self.get(f"/staff/sign-in/begin?{urlencode({'next': target})}")
        assert answer.status_code == 302, answer.get_data(as_text=True)
        return answer.headers["Location"]

    def come_back(self, answer: dict[str, str]) -> TestResponse:
        """Come back from the provider with this answer."""
        return self.get(f"/staff/callback?{urlencode(answer)}")

    def sign_in(self, who: str, target: str = "/staff/") -> TestResponse:
        """All of it."""
        return self.come_back(self.provider.answer(self.begin(target), who))

    @property
    def cookies(self) -> set[str]:
        """Names of the cookies this browser has."""
        return {one.key for one in self.client._cookies.values()}


def colleague(world: World, provider: IdentityProvider) -> Colleague:
    """A browser that has been nowhere yet."""
    return Colleague(world, provider, world.app.test_client())


def let_in(world: World, role: str, **by: str) -> int:
    """Name somebody as an operator does; the number of their entry."""
    with world.database.write() as session:
        return add_member(session, world.settings.oidc_issuer, role, **by)
