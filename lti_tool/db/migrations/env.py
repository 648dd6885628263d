"""How Alembic meets our database: one connection, foreign keys off on SQLite and checked after."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import text
from sqlalchemy.engine import Connection

from lti_tool.db.base import Base
from lti_tool.db.session import Database
from lti_tool.db.types import Exact, Moment, Words


def _render(kind: str, item: Any, autogen: Any) -> str | Literal[False]:
    """Write our own column types into migrations by their own names."""
    if kind == "type" and isinstance(item, Exact | Moment | Words):
        autogen.imports.add("from lti_tool.db import types")
        limit = item.limit if isinstance(item, Words) else ""
        return f"types.{type(item).__name__}({limit})"
    return False


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_item=_render,
        render_as_batch=True,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def run() -> None:
    """Migrate the database that `db/migrate.py` handed over."""
    database: Database = context.config.attributes["database"]
    with database.engine.connect() as connection:
        if not database.is_sqlite:
            _run(connection)
            connection.commit()
            return
        driver: Any = connection.connection.driver_connection
        driver.execute("PRAGMA foreign_keys=OFF")
        try:
            _run(connection)
            broken = connection.execute(text("PRAGMA foreign_key_check")).first()
            if broken is not None:
                raise RuntimeError(f"The migration broke a reference in {broken[0]}.")
            connection.commit()
        finally:
            if not connection.invalidated:  # it is, and closed, after Ctrl-C
                connection.rollback()
                driver.execute("PRAGMA foreign_keys=ON")


run()
