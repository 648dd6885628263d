"""A fresh application for each test of programmes."""

from pathlib import Path

import pytest

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
    return make_world(tmp_path)
