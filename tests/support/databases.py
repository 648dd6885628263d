"""A migrated database for each test, on SQLite and on PostgreSQL.

Migrations run once in a session; every test gets a copy of the SQLite file they made, or the
PostgreSQL database emptied. `tests/conftest.py` has the fixtures for all suites.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from lti_tool.db import Database, migrate
from lti_tool.parts import load_tables
from tests.support.postgres import new_database
from tests.support.visiting import migrated_file

load_tables()
"""A suite that runs alone knows every table too, as the tool does."""
_QUICK = ("fsync", "synchronous_commit", "full_page_writes")
"""What keeps data safe through a power cut, which a test's own server need not survive."""
_TABLES = """
SELECT tablename FROM pg_tables
WHERE schemaname = 'public' AND tablename <> 'alembic_version'
"""
_END_OTHERS = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE backend_type = 'client backend' AND datname = current_database() AND pid <> pg_backend_pid()
"""

_NUMBER_FROM_ONE = """
SELECT setval(quote_ident(sequencename)::regclass, start_value, false)
FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL
"""


@pytest.fixture(scope="session")
def sqlite_template() -> Path:
    """A migrated SQLite file to copy."""
    return migrated_file()


@pytest.fixture(scope="session")
def postgres_kept(postgres_url: str) -> str:
    """The address of a migrated PostgreSQL database, emptied for each test."""
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


def end_others(url: str) -> None:
    """End every connection to a PostgreSQL database, as a failover does."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(_END_OTHERS))
    engine.dispose()


def empty(url: str) -> None:
    """Empty a PostgreSQL database but for its schema, and end what still uses it.

    Row by row where there are any: truncating writes new files for every table and index. Then the
    rows' places are given up, so that new ones lie in the order in which they are written.
    """
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(_END_OTHERS))
        connection.execute(text("SET session_replication_role = replica"))  # in any order
        names = [f'"{name}"' for name in connection.scalars(text(_TABLES))]
        held = " UNION ALL ".join(f"SELECT '{x}' WHERE EXISTS (SELECT FROM {x})" for x in names)
        full = list(connection.scalars(text(held)))
        if full:
            connection.execute(text(";".join(f"DELETE FROM {name}" for name in full)))
            connection.execute(text(f"VACUUM {', '.join(full)}"))
        connection.execute(text(_NUMBER_FROM_ONE))
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty migrated database; each test runs on both kinds."""
    if request.param == "postgresql":
        url = str(request.getfixturevalue("postgres_kept"))
        empty(url)
        return url
    path = tmp_path / "tool.sqlite"
    shutil.copy(request.getfixturevalue("sqlite_template"), path)
    return f"sqlite:///{path}"


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An empty migrated database, opened."""
    opened = Database(database_url)
    yield opened
    opened.engine.dispose()
