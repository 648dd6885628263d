"""Fixtures of the conformance tests."""

from tests.support.fixtures import (  # noqa: F401
    door,
    platform_server,
    postgres_door,
    postgres_tool,
    postgres_url,
    tool,
)
