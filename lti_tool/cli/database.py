"""`lti-tool db`: migrations, and the move to another kind of database."""

import click
from sqlalchemy.exc import SQLAlchemyError

from lti_tool.core.errors import Unusable
from lti_tool.db import Database, migrate
from lti_tool.db.addresses import say_fault
from lti_tool.db.copying import copy_database
from lti_tool.lti.keys import ensure_key
from lti_tool.parts import make_parts
from lti_tool.settings import load_settings

_TO = "The address after --to"


@click.group("db")
def db_group() -> None:
    """Bring the database to this release, check it, or copy it to another."""


@db_group.command("upgrade")
def upgrade() -> None:
    """Run the migrations that are missing, and make the first signing key."""
    settings = load_settings()
    database, _ = make_parts(settings)
    before = migrate.revision_of(database)
    migrate.upgrade(database)
    ensure_key(settings.keys_dir, settings.secret_key)
    after = migrate.revision_of(database)
    click.echo(
        f"The database is at revision {after}"
        + ("." if before == after else f" (it was {before or 'empty'}).")
    )


@db_group.command("check")
def check() -> None:
    """Say whether the database fits this release."""
    database, _ = make_parts(load_settings())
    migrate.require_current(database)
    click.echo("The database fits this release.")


@db_group.command("copy")
@click.option("--to", "url", required=True, help="Address of an empty, migrated database.")
def copy(url: str) -> None:
    """Copy everything into another database (SQLite to PostgreSQL), checked row by row."""
    source, _ = make_parts(load_settings())
    target = Database(url, named=_TO)
    try:
        migrate.revision_of(target)
    except SQLAlchemyError as error:
        raise Unusable(say_fault(url, error, _TO)) from None
    total = copy_database(
        source, target, lambda name, count: click.echo(f"{count:>9}  {name}, each row the same")
    )
    click.echo(
        f"{total} rows copied and checked. Set LTI_TOOL_DATABASE_URL and LTI_TOOL_QUEUE_URL to "
        "the new database before you start the tool again; leave the old one stopped."
    )
