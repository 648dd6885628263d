"""A world in which two people have a row in every table, on a database of each kind."""

from pathlib import Path

import pytest

from lti_tool.db import Database
from lti_tool.parts import load_personal_data
from tests.integration.privacy.bench import Bench
from tests.support.filled import fill_common, fill_person
from tests.support.visiting import make_world


@pytest.fixture
def bench(tmp_path: Path, database: Database, database_url: str) -> Bench:
    """Anna, whose data are asked for, and Ben, whose must stay as they are."""
    load_personal_data()
    world = make_world(tmp_path, database, LTI_TOOL_DATABASE_URL=database_url)
    with database.write() as session:
        common = fill_common(session)
        anna, ben = (fill_person(session, name, common) for name in ("anna", "ben"))
    return Bench(world, common, anna, ben)
