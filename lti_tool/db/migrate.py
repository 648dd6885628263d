"""Migrations: bringing a database to this release, and telling whether it fits.

Run with foreign keys off on SQLite and checked after, since a table rebuild with them on
silently empties the tables that refer to it.
"""

from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from lti_tool.core.errors import Unusable
from lti_tool.db.session import Database

_FOLDER = Path(__file__).parent / "migrations"


def _config(database: Database) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.attributes["database"] = database
    return config


def newest_revision() -> str | None:
    """The revision this release needs."""
    return ScriptDirectory(str(_FOLDER)).get_current_head()


def is_known(revision: str) -> bool:
    """Whether this release has heard of a revision; not of those that came after it."""
    known = ScriptDirectory(str(_FOLDER)).walk_revisions()
    return revision in {one.revision for one in known}


def revision_of(database: Database) -> str | None:
    """The revision a database stands at; None where it is empty."""
    with database.engine.execution_options(writes=False).connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def is_current(database: Database) -> bool:
    """Whether a database fits this release."""
    return revision_of(database) == newest_revision()


def _require_known(stands_at: str | None) -> None:
    if stands_at is not None and not is_known(stands_at):
        raise Unusable(
            f"The database stands at revision {stands_at}, which this release does not know: a "
            "newer one made it. Install that release again, or restore the backup made before."
        )


def upgrade(database: Database, to: str = "head") -> None:
    """Bring a database to this release. Each migration is one transaction, on PostgreSQL all of
    them together: an upgrade that was interrupted may simply be run again.

    :raises Unusable: a newer release made it.
    """
    _require_known(revision_of(database))
    _run(command.upgrade, database, to)


def downgrade(database: Database, to: str) -> None:
    """Take a database back to an earlier revision."""
    _run(command.downgrade, database, to)


def _run(step: Callable[[Config, str], None], database: Database, to: str) -> None:
    """Connections from before are closed: what they keep ready was made for the old tables."""
    try:
        step(_config(database), to)
    finally:
        database.engine.dispose()


def require_current(database: Database) -> None:
    """Refuse a database that does not fit.

    :raises Unusable: with the command that helps.
    """
    stands_at = revision_of(database)
    if stands_at == newest_revision():
        return
    _require_known(stands_at)
    if stands_at is None:
        raise Unusable("The database is empty. Run `lti-tool db upgrade` first.")
    if not is_known(stands_at):
        raise Unusable(
            f"The database stands at revision {stands_at}, which is newer than this release. Start "
            "the release that made it so, or restore the backup from before with "
            "`lti-tool restore`. `lti-tool db check` says whether a release fits."
        )
    raise Unusable(
        f"The database stands at revision {stands_at}, and this release needs "
        f"{newest_revision()}. Run `lti-tool db upgrade`, after a backup."
    )
