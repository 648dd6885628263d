"""Fixtures of the conformance tests."""

from tests.support.fixtures import (  # noqa: F401
    door,
    postgres_door,
    postgres_tool,
    tool,
)
from tests.support.roster_bench import roster_bench  # noqa: F401
