"""A faithful copy of a SQLite database while others write to it.

SQLite's own online backup in one step: in write-ahead mode the copy is one moment's state, and
writers are not held up.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

from lti_tool.core.errors import Unusable
from lti_tool.db.addresses import read_address


def sqlite_file(url: str) -> Path | None:
    """The file of a SQLite database's address; None for a server's."""
    parts = read_address(url)
    if parts.get_backend_name() != "sqlite":
        return None
    return Path(parts.database or "").resolve()


def copy_sqlite(source: Path, target: Path) -> None:
    """Copy a database as it stands at this moment into a file of its own.

    :param target: must not exist yet; no file beside it belongs to it afterwards.
    :raises Unusable: there is no such database, or the copy is not sound.
    """
    if not source.is_file():
        raise Unusable(f"There is no database at {source}. Check LTI_TOOL_DATABASE_URL.")
    target.touch(mode=0o600, exist_ok=False)
    with (
        closing(sqlite3.connect(f"{source.as_uri()}?mode=rw", uri=True, timeout=30)) as old,
        closing(sqlite3.connect(target)) as new,
    ):
        old.backup(new)
        new.execute("PRAGMA journal_mode=DELETE")
    check_sound(target)


def check_sound(path: Path) -> None:
    """Let SQLite look through a file.

    :raises Unusable: it finds something wrong.
    """
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as opened:
            found = opened.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.DatabaseError as error:
        found = str(error)
    if found != "ok":
        raise Unusable(
            f"SQLite finds the database damaged ({found}). Keep what you have, take an earlier "
            "backup, and run `lti-tool doctor`."
        )


def revision_in(path: Path) -> str:
    """The migration revision that a file's database stands at.

    :raises Unusable: it has none: it is empty, or another program's.
    """
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as opened:
        try:
            found = opened.execute("SELECT version_num FROM alembic_version").fetchone()
        except sqlite3.DatabaseError:
            found = None
    if found is None:
        raise Unusable(f"The database {path.name} is empty. Run `lti-tool db upgrade` first.")
    return str(found[0])


def make_single(path: Path) -> None:
    """Take what lies in a database's log into its file, so that the file alone can be moved."""
    with closing(sqlite3.connect(path)) as opened:
        opened.execute("PRAGMA journal_mode=DELETE")
