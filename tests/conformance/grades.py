"""The gradebook's bench for conformance tests: a platform on a real port, recorded on the wire.

Import its fixtures in a test module; the bench itself is that of tests/integration/gradebook.
"""

from collections.abc import Iterator

import pytest

from tests.integration.gradebook.conftest import (  # noqa: F401
    bench,
    clock,
    keys_dir,
    platform,
    running_platform,
    settings,
)
from tests.support.graded_platform import GradedPlatform
from tests.support.wire import Wire, recorded


@pytest.fixture
def wire(platform: GradedPlatform) -> Iterator[Wire]:  # noqa: F811
    """What the platform is asked."""
    with recorded(platform) as recording:
        yield recording
