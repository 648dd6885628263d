"""`lti-tool db`: migrations."""

import click

from lti_tool.db import migrate
from lti_tool.lti.keys import ensure_key
from lti_tool.parts import make_parts
from lti_tool.settings import load_settings


@click.group("db")
def db_group() -> None:
    """Bring the database to this release, or check it."""


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
