"""Both databases, and a programme whose figures are looked at on one day."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine

from lti_tool.db import Database
from tests.support.databases import (  # noqa: F401
    database,
    database_url,
    postgres_kept,
    sqlite_template,
)
from tests.support.fixtures import postgres_url  # noqa: F401
from tests.support.measured import NOON, Measured, make_measured


@pytest.fixture
def measured(tmp_path: Path, database: Database) -> Iterator[Measured]:  # noqa: F811
    """On SQLite and on PostgreSQL, on 28 November 2026."""
    with time_machine.travel(NOON, tick=False):
        yield make_measured(tmp_path, database)
