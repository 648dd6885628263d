"""A fresh application for each test of the programme's pages, on both databases."""

from pathlib import Path

import pytest

from lti_tool.db import Database
from tests.support.visiting import World, make_world


@pytest.fixture
def world(tmp_path: Path) -> World:
    """On SQLite."""
    return make_world(tmp_path)


@pytest.fixture
def both(tmp_path: Path, database: Database) -> World:
    """On SQLite and on PostgreSQL."""
    return make_world(tmp_path, database)
