"""A course with a participant, their tutor and their mentor."""

import shutil
from pathlib import Path

import pytest

from lti_tool.db import Database
from tests.integration.mentoring.bench import Bench, make_bench
from tests.support.visiting import make_world


@pytest.fixture
def bench(tmp_path: Path, sqlite_template: Path) -> Bench:
    """On a copy of a migrated SQLite file."""
    path = tmp_path / "tool.sqlite"
    shutil.copy(sqlite_template, path)
    return make_bench(make_world(tmp_path, Database(f"sqlite:///{path}")))


@pytest.fixture
def both(tmp_path: Path, database: Database) -> Bench:
    """On each database."""
    return make_bench(make_world(tmp_path, database))
