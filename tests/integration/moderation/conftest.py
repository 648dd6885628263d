"""A cohort of marked work for each test, on both databases where `database` is asked for."""

import shutil
from pathlib import Path

import pytest

from lti_tool.db import Database
from tests.support.cohorts import Cohort, make_cohort
from tests.support.visiting import World, make_world


@pytest.fixture
def quick_world(tmp_path: Path, sqlite_template: Path) -> World:
    """A fresh application on a copy of a migrated SQLite file."""
    path = tmp_path / "tool.sqlite"
    shutil.copy(sqlite_template, path)
    return make_world(tmp_path, Database(f"sqlite:///{path}"))


@pytest.fixture
def cohort(quick_world: World) -> Cohort:
    """Nine pieces marked by one tutor under the standard rules."""
    return make_cohort(quick_world)
