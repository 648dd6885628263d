"""Other makers' platforms as data: what each sends, read from `tests/fixtures/platforms/`.

A file says where each shape is stated and what was filled in. Here it becomes a platform that
acts: registered with the maker's own addresses, while its key set stands on our test server.
"""

import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.support import claims as c
from tests.support.claims import REMOVED
from tests.support.platform import Platform, PlatformServer

FOLDER = Path(__file__).parents[1] / "fixtures" / "platforms"
LEFT_OUT, NOW = "left out", "the time of signing"


def read_shapes() -> dict[str, dict[str, Any]]:
    """Every file of the folder by its name."""
    found = {path.stem: yaml.safe_load(path.read_text("utf-8")) for path in FOLDER.glob("*.yaml")}
    return dict(sorted(found.items()))


def _meant(values: dict[str, Any]) -> dict[str, Any]:
    """Values with the words for "left out" and "now" put into effect."""
    words = {LEFT_OUT: REMOVED, NOW: int(time.time())}
    return {k: words.get(v, v) if isinstance(v, str) else v for k, v in values.items()}


@dataclass
class ShapedPlatform(Platform):
    """A platform that sends exactly what a file says."""

    shape: dict[str, Any] = field(default_factory=dict)

    @property
    def auth_login_url(self) -> str:
        """The maker's own login address; browsers of the tests do not go there."""
        return str(self.shape["registration"]["auth_login_url"])

    def registration(self) -> dict[str, Any]:
        """The maker's own values, but for the key set."""
        own = {**self.shape["registration"]}
        own["deployment_ids"] = tuple(own["deployment_ids"])
        return {**super().registration(), **own, "name": self.shape["platform"]}

    def login_parameters(self, **changes: Any) -> dict[str, Any]:
        """The login's parameters with the maker's own; no message hint but theirs."""
        theirs = {"lti_message_hint": None, **self.shape.get("login", {})}
        return super().login_parameters(**{**theirs, **changes})

    def claims(self, nonce: str, role: str, changes: dict[str, Any]) -> dict[str, Any]:
        """The claims of one launch: what the file says for all, then for this one.

        :param role: not used; the file says who comes.
        """
        now = int(time.time())
        frame = {
            "iss": self.issuer,
            "aud": self.client_id,
            "iat": now,
            "exp": now + self.shape["lasts_s"],
            "nonce": nonce,
            c.DEPLOYMENT_ID: self.deployment_ids[0],
            c.TARGET_LINK_URI: f"{self.tool_url}/lti/launch",
        }
        whole = c.changed({**frame, **_meant(self.shape["claims"])}, _meant(changes))
        return whole

    def sign(self, payload: Any, header: dict[str, Any] | None = None, **options: Any) -> str:
        """A message signed with the maker's kind of header."""
        return super().sign(payload, {**_meant(self.shape.get("header", {})), **(header or {})})


def shaped_platform(server: PlatformServer, tool_url: str, shape: dict[str, Any]) -> ShapedPlatform:
    """A platform of this shape on the test server, not registered yet."""
    own = shape["registration"]
    return ShapedPlatform(
        server,
        tool_url,
        issuer=own["issuer"],
        client_id=own["client_id"],
        deployment_ids=tuple(own["deployment_ids"]),
        shape=shape,
    )
