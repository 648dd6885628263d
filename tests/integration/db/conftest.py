"""An empty database of each kind."""

from tests.support.databases import (  # noqa: F401
    database,
    database_url,
    postgres_kept,
    sqlite_template,
)
from tests.support.fixtures import postgres_url  # noqa: F401
