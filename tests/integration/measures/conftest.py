"""Both databases, and a programme whose figures are looked at on one day."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine

from lti_tool.db import Database
from tests.support.measured import NOON, Measured, make_measured


@pytest.fixture
def measured(tmp_path: Path, database: Database) -> Iterator[Measured]:
    """On SQLite and on PostgreSQL, on 28 November 2026."""
    with time_machine.travel(NOON, tick=False):
        yield make_measured(tmp_path, database)
