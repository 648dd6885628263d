"""A fresh application for each test of programmes."""

from pathlib import Path

import pytest

from tests.support.visiting import World, make_world


@pytest.fixture
def world(tmp_path: Path) -> World:
    return make_world(tmp_path)
