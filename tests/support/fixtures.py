"""Fixtures for suites that launch a running tool. What one suite alone needs its `conftest.py`
imports; what several need `tests/conftest.py` does.

One tool, one platform server and one PostgreSQL serve a whole session; tests that need a
platform untouched by others register one of their own.
"""

import os
from collections.abc import Iterator

import pytest

from tests.support.door import Door
from tests.support.platform import Platform, PlatformServer, serve_platforms
from tests.support.postgres import new_database, postgres_server
from tests.support.running_tool import RunningTool, running_tool


@pytest.fixture(scope="session")
def platform_server() -> Iterator[PlatformServer]:
    """The web server of the test platforms."""
    with serve_platforms() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The first database of a PostgreSQL of our own; `new_database` makes others beside it."""
    with postgres_server() as url:
        yield url


@pytest.fixture(scope="session")
def tool(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[RunningTool]:
    """A running tool. `LTI_TOOL_TEST_DATABASE=postgresql` runs the whole suite on PostgreSQL."""
    settings = {}
    if os.environ.get("LTI_TOOL_TEST_DATABASE") == "postgresql":
        settings["DATABASE_URL"] = new_database(request.getfixturevalue("postgres_url"))
    with running_tool(tmp_path_factory.mktemp("tool"), **settings) as running:
        yield running


@pytest.fixture(scope="session")
def postgres_tool(
    tmp_path_factory: pytest.TempPathFactory, postgres_url: str
) -> Iterator[RunningTool]:
    """A running tool on PostgreSQL."""
    folder = tmp_path_factory.mktemp("tool-on-postgres")
    with running_tool(folder, DATABASE_URL=new_database(postgres_url)) as running:
        yield running


@pytest.fixture(scope="session")
def door(tool: RunningTool, platform_server: PlatformServer) -> Door:
    """The tool's front door with one platform registered by the operator's command."""
    platform = Platform(platform_server, tool.url)
    tool.register(platform.registration())
    return Door(tool, platform_server, platform)


@pytest.fixture(scope="session")
def postgres_door(postgres_tool: RunningTool, platform_server: PlatformServer) -> Door:
    """The same on PostgreSQL."""
    platform = Platform(platform_server, postgres_tool.url)
    postgres_tool.register_quickly(platform.registration())
    return Door(postgres_tool, platform_server, platform)
