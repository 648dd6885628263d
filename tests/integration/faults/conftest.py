"""Fresh applications in this process, and servers for tools that run as processes."""

from tests.integration.gradebook.conftest import (  # noqa: F401
    bench,
    clock,
    keys_dir,
    platform,
    running_platform,
    settings,
)
from tests.support.databases import (  # noqa: F401
    database,
    database_url,
    postgres_kept,
    sqlite_template,
)
from tests.support.fixtures import platform_server, postgres_url  # noqa: F401
