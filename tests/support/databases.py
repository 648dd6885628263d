"""A migrated database for each test, on SQLite and on PostgreSQL.

Migrations run once in a session; every test gets a copy of what they made. Import the fixtures
in a suite's `conftest.py`, with `postgres_url` from `tests.support.fixtures`.
"""

import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from lti_tool.db import Database, migrate
from tests.support.postgres import new_database

_QUICK = ("fsync", "synchronous_commit", "full_page_writes")
"""What keeps data safe through a power cut, which a test's own server need not survive."""


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("template") / "tool.sqlite"
    database = Database(f"sqlite:///{path}")
    migrate.upgrade(database)
    database.engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres_url: str) -> str:
    """The address of a migrated PostgreSQL database to copy."""
    engine = create_engine(postgres_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for name in _QUICK:
            connection.execute(text(f"ALTER SYSTEM SET {name} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    engine.dispose()
    url = new_database(postgres_url)
    database = Database(url)
    migrate.upgrade(database)
    database.engine.dispose()
    return url


def copy_of_postgres(template_url: str) -> str:
    """A fresh copy of a PostgreSQL database; its address."""
    template = make_url(template_url)
    name = f"test_{uuid.uuid4().hex[:12]}"
    engine = create_engine(template.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE "{template.database}"'))
    engine.dispose()
    return template.set(database=name).render_as_string(hide_password=False)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a fresh migrated database; each test runs on both kinds."""
    if request.param == "postgresql":
        return copy_of_postgres(request.getfixturevalue("postgres_template"))
    path = tmp_path / "tool.sqlite"
    shutil.copy(request.getfixturevalue("sqlite_template"), path)
    return f"sqlite:///{path}"


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A fresh migrated database, opened."""
    opened = Database(database_url)
    yield opened
    opened.engine.dispose()
