"""Databases of both kinds, and an installation with data in it."""

from tests.support.databases import (  # noqa: F401
    database,
    database_url,
    postgres_kept,
    sqlite_template,
)
from tests.support.fixtures import platform_server, postgres_url  # noqa: F401
