"""What every part of the running platform may need, in one place.

`get_platform` finds it from inside a request. It is put together in app.py.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from flask import current_app
from joserfc.jwk import RSAKey

from lti_tool.demo_platform.claims import Addresses
from lti_tool.demo_platform.courses import Courses
from lti_tool.demo_platform.gradebook import Gradebook
from lti_tool.demo_platform.store import Store
from lti_tool.demo_platform.switches import Switches

Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Platform:
    """What every part of the platform may need."""

    store: Store
    gradebook: Gradebook
    courses: Courses
    switches: Switches
    signing_key: RSAKey
    platform_url: str
    tool_url: str
    clock: Clock

    @property
    def addresses(self) -> Addresses:
        return Addresses(self.platform_url)

    @property
    def tool_login_url(self) -> str:
        return f"{self.tool_url}/lti/login"

    @property
    def tool_launch_url(self) -> str:
        return f"{self.tool_url}/lti/launch"

    @property
    def tool_jwks_url(self) -> str:
        return f"{self.tool_url}/lti/jwks.json"

    @property
    def now(self) -> int:
        """Whole seconds since 1970, UTC."""
        return int(self.clock().timestamp())


def get_platform() -> Platform:
    return cast(Platform, current_app.extensions["demo_platform"])
