"""A fresh application for each test of the leader's home, and a cohort of thirty."""

from pathlib import Path

import pytest

from tests.support.homes import Home, fill_home, make_home
from tests.support.visiting import World, make_world


@pytest.fixture
def world(tmp_path: Path) -> World:
    return make_world(tmp_path)


@pytest.fixture
def home(world: World) -> Home:
    """Thirty people in three courses."""
    made = make_home(world)
    fill_home(made, range(30))
    return made
