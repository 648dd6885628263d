"""A cohort of marked work for each test, on both databases where `database` is asked for."""

from pathlib import Path

import pytest

from tests.support.visiting import World, make_world


@pytest.fixture
def world(tmp_path: Path) -> World:
    return make_world(tmp_path)
