"""Fresh applications in this process, and servers for tools that run as processes."""

from tests.integration.gradebook.conftest import (  # noqa: F401
    bench,
    clock,
    keys_dir,
    platform,
    running_platform,
    settings,
)
