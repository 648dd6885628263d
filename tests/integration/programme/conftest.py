"""A fresh application for each test of the programme's pages, on both databases."""

from pathlib import Path

import pytest

from lti_tool.db import Database
from tests.support.databases import (  # noqa: F401
    database,
    database_url,
    postgres_kept,
    sqlite_template,
)
from tests.support.fixtures import postgres_url  # noqa: F401
from tests.support.visiting import World, make_world


@pytest.fixture
def world(tmp_path: Path) -> World:
    """On SQLite."""
    return make_world(tmp_path)


@pytest.fixture
def both(tmp_path: Path, database: Database) -> World:  # noqa: F811
    """On SQLite and on PostgreSQL."""
    return make_world(tmp_path, database)
