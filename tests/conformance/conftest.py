"""Fixtures of the conformance tests."""

from tests.support.databases import (  # noqa: F401
    database,
    database_url,
    postgres_kept,
    sqlite_template,
)
from tests.support.fixtures import (  # noqa: F401
    door,
    platform_server,
    postgres_door,
    postgres_tool,
    postgres_url,
    tool,
)
from tests.support.roster_bench import roster_bench  # noqa: F401
