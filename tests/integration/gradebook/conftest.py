"""The bench of these tests: a platform, a database, a course, and a worker to call."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine

from lti_tool.db import Database
from lti_tool.lti.keys import ensure_key
from lti_tool.settings import Settings, load_settings
from tests.integration.gradebook.bench import Bench
from tests.support.graded_platform import GradedPlatform, graded_platform


@pytest.fixture(scope="session")
def keys_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One signing key for all."""
    folder = tmp_path_factory.mktemp("keys")
    ensure_key(folder)
    return folder


@pytest.fixture(scope="session")
def running_platform(
    tmp_path_factory: pytest.TempPathFactory, keys_dir: Path
) -> Iterator[GradedPlatform]:
    """One platform for the session; `platform` is it as on its first day."""
    with graded_platform(tmp_path_factory.mktemp("platform"), keys_dir) as platform:
        yield platform


@pytest.fixture
def platform(running_platform: GradedPlatform) -> GradedPlatform:
    """The demo platform, on a real port."""
    running_platform.reset()
    return running_platform


@pytest.fixture
def settings(tmp_path: Path, keys_dir: Path, database_url: str) -> Settings:
    """Settings as the demo has them, with a shorter patience."""
    return load_settings(
        {
            "LTI_TOOL_DEMO": "1",
            "LTI_TOOL_INSTANCE_DIR": str(tmp_path),
            "LTI_TOOL_KEYS_DIR": str(keys_dir),
            "LTI_TOOL_DATABASE_URL": database_url,
            "LTI_TOOL_PLATFORM_TIMEOUT_S": "5",
        }
    )


@pytest.fixture
def bench(platform: GradedPlatform, database: Database, settings: Settings) -> Bench:
    """A course on the platform, its first link's column known, nothing released."""
    return Bench(platform, database, settings)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """The clock of this process, platform included, to be moved: `clock.shift(seconds)`."""
    with time_machine.travel(datetime.now(UTC), tick=True) as traveller:
        yield traveller
