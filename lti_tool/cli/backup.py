"""`lti-tool backup`: everything of a one-machine installation in one file, while it runs.

The database, the signing keys (encrypted by the secret, which is not in the backup) and the files
kept in the instance folder. A PostgreSQL database has tools of its own.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import click

from lti_tool.cli import archive
from lti_tool.core import clock
from lti_tool.core.errors import Unusable
from lti_tool.db.snapshot import copy_sqlite, revision_in, sqlite_file
from lti_tool.settings import Settings, load_settings

_DEMO_PLATFORM = "demo-platform"
"""Data of the stand-in for Moodle, which is not ours to keep."""


def _is_passing(path: Path) -> bool:
    """Databases are copied by their own means, or need not be kept; hidden files are unready."""
    return ".sqlite" in path.name or any(part.startswith(".") for part in path.parts)


def kept_files(settings: Settings, database: Path) -> Iterator[Path]:
    """Files in the instance folder that are neither databases, nor keys, nor the demo's.

    :return: paths as they stand within the folder.
    """
    folder = settings.instance_dir
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if path.is_symlink() or not path.is_file() or _is_passing(inside):
            continue
        is_ours = inside.parts[0] != _DEMO_PLATFORM and settings.keys_dir not in path.parents
        if is_ours and not path.name.startswith(database.name):
            yield inside


def _gather(settings: Settings, database: Path, folder: Path) -> None:
    """Copy everything into a folder, so that digests are of what is written."""
    copy_sqlite(database, folder / archive.DATABASE)
    (folder / archive.KEYS).mkdir()
    for path in sorted(settings.keys_dir.glob("*.pem")):
        shutil.copyfile(path, folder / archive.KEYS / path.name)
    for inside in kept_files(settings, database):
        target = folder / archive.FILES / inside
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(settings.instance_dir / inside, target)


def _check_place(settings: Settings, target: Path) -> None:
    if target.exists():
        raise archive.exists(target)
    if not target.parent.is_dir():
        raise Unusable(f"There is no folder {target.parent}. Make it, or choose another place.")
    if settings.instance_dir in target.parents:
        raise Unusable(
            f"{target} lies in the data folder and would be lost with it. Choose a place on "
            "another disk."
        )


@click.command("backup")
@click.option("--to", "target", required=True, type=click.Path(path_type=Path), help="A new file.")
def backup(target: Path) -> None:
    """Write database, keys and kept files into one file, while the tool runs (SQLite)."""
    settings = load_settings()
    database = sqlite_file(settings.database_url)
    if database is None:
        raise Unusable(
            "The database is PostgreSQL, which has its own means: `pg_dump --format=custom`, and "
            "a copy of the keys folder. docs/operator.md has the exact commands."
        )
    target = target.resolve()
    _check_place(settings, target)
    os.umask(0o077)
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=target.parent) as place:
        folder = Path(place) / "parts"
        folder.mkdir()
        _gather(settings, database, folder)
        revision = revision_in(folder / archive.DATABASE)
        manifest = archive.Manifest(
            clock.now().isoformat(), version("lti-tool"), revision, archive.describe(folder)
        )
        archive.pack(folder, manifest, target)
    size = target.stat().st_size / 1_000_000
    click.echo(
        f"{target}: {len(manifest.files)} files, {size:.1f} MB, database at revision {revision}. "
        "It holds names, work and marks: encrypt it, and keep LTI_TOOL_SECRET_KEY apart from it."
    )
