"""The guard's words, as shipped."""

from pathlib import Path

import pytest

from lti_tool.privacy.words import GuardWords, load_guard_words


@pytest.fixture(scope="session")
def words() -> GuardWords:
    return load_guard_words(Path(__file__).parents[3] / "config")
