"""The demo platform as an application of the test's own, with a signing key made once.

Making a key costs more than most of what is tested with it.
"""

from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask
from joserfc.jwk import RSAKey

from lti_tool.demo_platform import create_app
from lti_tool.demo_platform.store import Store
from tests.support.compiled import share_templates


@cache
def _signing_key() -> dict[str, Any]:
    return RSAKey.generate_key(2048, {"kid": "key-of-the-tests"}).as_dict(private=True)


def platform_app(state_dir: Path, tool_url: str, platform_url: str, **more: Any) -> Flask:
    """The platform on a new state file, or on the one that is there.

    :param more: what `create_app` takes besides.
    """
    store = Store(state_dir)
    if store.get_setting("signing_key") is None:
        store.set_setting("signing_key", _signing_key())
    store.close()
    app = create_app(state_dir, tool_url, platform_url, **more)
    share_templates(app)
    return app
