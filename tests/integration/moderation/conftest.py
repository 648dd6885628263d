"""A cohort of marked work for each test, on both databases where `database` is asked for."""

from pathlib import Path

import pytest

from tests.support.cohorts import Cohort, make_cohort
from tests.support.databases import (  # noqa: F401
    database,
    database_url,
    postgres_kept,
    sqlite_template,
)
from tests.support.fixtures import postgres_url  # noqa: F401
from tests.support.visiting import make_world


@pytest.fixture
def cohort(tmp_path: Path) -> Cohort:
    """Nine pieces marked by one tutor under the standard rules, on SQLite."""
    return make_cohort(make_world(tmp_path))
