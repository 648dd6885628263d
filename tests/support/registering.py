"""An administrator's way through registering, over HTTP, as a platform's frame takes it."""

import html
import re
from dataclasses import dataclass
from typing import Any

import requests

from tests.support.registering_platform import RegisteringPlatform, token
from tests.support.running_tool import RunningTool


@dataclass
class Registering:
    """A running tool and a platform that wants to be connected."""

    tool: RunningTool
    platform: RegisteringPlatform

    def invite(self) -> str:
        """A fresh invitation's token."""
        said = self.tool.must("registration", "invite", "--name", "A university")
        link = said.strip().splitlines()[0]
        assert link.startswith(f"{self.tool.url}/lti/register?invitation=")
        return link.split("invitation=")[1]

    def ask(self, invitation: str = "", scope: str = "reg", **changes: Any) -> requests.Response:
        """Open the tool's page as the platform does."""
        parameters = {
            "openid_configuration": self.platform.configuration_url,
            "registration_token": token(scope),
            "invitation": invitation,
            **changes,
        }
        whole = {name: value for name, value in parameters.items() if value is not None}
        return requests.get(f"{self.tool.url}/lti/register", params=whole, timeout=30)

    def press(self, page: requests.Response, added: str = "") -> requests.Response:
        """Press the page's one button."""
        assert page.status_code == 200, page.text
        code = re.search(r'name="code" value="([^"]*)"', page.text)
        assert code, page.text
        return requests.post(
            f"{self.tool.url}/lti/register",
            data={"code": html.unescape(code[1]) + added},
            timeout=30,
        )

    def register(self, invitation: str = "", scope: str = "reg", **changes: Any) -> str:
        """All the way; the last page."""
        done = self.press(self.ask(invitation, scope, **changes))
        assert done.status_code == 200, done.text
        assert f'data-close-origin="{self.platform.url}"' in done.text
        assert 'data-close-subject="org.imsglobal.lti.close"' in done.text
        return done.text

    def row(self) -> Any:
        """What the tool keeps of this platform's registration."""
        rows = self.tool.execute(
            "SELECT r.*, p.issuer FROM registration r JOIN platform p ON p.id = r.platform_id "
            "WHERE p.issuer = :issuer AND r.client_id = :client",
            issuer=self.platform.url,
            client=self.platform.client_id,
        )
        return rows[0] if rows else None

    def login(self) -> requests.Response:
        """Begin a launch from this platform."""
        parameters = {
            "iss": self.platform.url,
            "client_id": self.platform.client_id,
            "login_hint": "5",
            "target_link_uri": f"{self.tool.url}/lti/launch",
        }
        return requests.post(
            f"{self.tool.url}/lti/login", data=parameters, allow_redirects=False, timeout=30
        )


def is_refused(answer: requests.Response, *codes: str) -> None:
    """This answer refuses to register, with one of these reasons and a page without a form."""
    assert 400 <= answer.status_code < 500, f"{answer.status_code} {answer.text}"
    assert answer.headers.get("X-Reason-Code") in codes, answer.headers.get("X-Reason-Code")
    assert "<form" not in answer.text and "<h1>" in answer.text
