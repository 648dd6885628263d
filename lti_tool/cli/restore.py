"""`lti-tool restore`: a backup into an empty instance, and what waited in it held for a person.

Nobody here knows what left between the backup and now. So everything that time has brought about
meanwhile is let fall due first, and then every mark and message that waits is held: none goes out
a second time unseen.
"""

import os
import shutil
import tempfile
from pathlib import Path

import click
from sqlalchemy import func, select

from lti_tool.audit.operations import record
from lti_tool.cli import archive
from lti_tool.core.errors import Conflict, Unusable
from lti_tool.db import Database, migrate
from lti_tool.db.snapshot import check_sound, make_single, revision_in, sqlite_file
from lti_tool.gradebook.restoring import hold_waiting, tell_of_held
from lti_tool.lti import keys
from lti_tool.lti.registrations import list_registrations
from lti_tool.mail.settling import doubt_waiting
from lti_tool.parts import load_tables, make_parts
from lti_tool.people.models import Person
from lti_tool.people.sweep import end_all
from lti_tool.settings import Settings, load_settings
from lti_tool.staff import sessions

_MOST_STEPS = 1000
"""Of five releases each; one that cannot be done must not keep the restore from its end."""


def _never() -> bool:
    return False


def _hold(database: Database, settings: Settings, made_at: str | None) -> tuple[int, int]:
    """Hold what waits, in one transaction, after time has caught up.

    :return: how many marks and messages are held.
    """
    from lti_tool.duties import make_falling_due  # here, so that a refusal comes at once

    fall_due = make_falling_due(settings)
    for _ in range(_MOST_STEPS):
        if fall_due(database, _never) != 0:
            break
    with database.write() as session:
        end_all(session)
        sessions.end_all(session)
        marks, messages = hold_waiting(session), doubt_waiting(session)
        tell_of_held(session)
        record(
            session,
            "restored from a backup",
            ("backup", 0),
            actor="operator",
            became={"made_at": made_at, "marks_held": marks, "messages_held": messages},
        )
    return marks, messages


def _require_empty(settings: Settings, database: Path) -> None:
    there = [
        path
        for path in (database, *(Path(f"{database}{end}") for end in ("-wal", "-shm", "-journal")))
        if path.exists() and path.stat().st_size
    ]
    there += sorted(settings.keys_dir.glob("*.pem"))
    if there:
        raise Conflict(
            f"This instance is not empty: {there[0]} is there. Nothing was changed. Stop the tool "
            "and move the data folder and the keys away, or set LTI_TOOL_INSTANCE_DIR and "
            "LTI_TOOL_KEYS_DIR to new folders."
        )


def _require_free(settings: Settings, files: Path) -> None:
    for path in files.rglob("*"):
        place = settings.instance_dir / path.relative_to(files)
        if path.is_file() and place.exists():
            raise Conflict(f"{place} is there already. Nothing was changed; move it away first.")


def _bring_to_release(path: Path, said: str) -> None:
    """Check the database, and run the migrations that came after it was backed up."""
    check_sound(path)
    revision = revision_in(path)
    if revision != said or not migrate.is_known(revision):
        raise Unusable(
            f"The backup’s database stands at revision {revision}, which this release does not "
            "know. Restore it with the release that made it, or a newer one."
        )


def _prepare(settings: Settings, folder: Path, manifest: archive.Manifest) -> tuple[int, int]:
    path = folder / archive.DATABASE
    _bring_to_release(path, manifest.revision)
    keys.list_keys(folder / archive.KEYS, settings.secret_key)  # refuses another secret's keys
    load_tables()
    database = Database(f"sqlite:///{path}")
    try:
        migrate.upgrade(database)
        held = _hold(database, settings, manifest.made_at)
    finally:
        database.engine.dispose()
    make_single(path)
    return held


def _place(settings: Settings, folder: Path, database: Path) -> None:
    """Put everything where it belongs; the database last, since it makes an instance one."""
    settings.keys_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    for path in sorted((folder / archive.KEYS).glob("*.pem")):
        shutil.copy(path, settings.keys_dir / path.name)
    files = folder / archive.FILES
    for path in sorted(files.rglob("*")):
        target = settings.instance_dir / path.relative_to(files)
        if path.is_file():
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            shutil.copy(path, target)
    (folder / archive.DATABASE).replace(database)


def _say(marks: int, messages: int) -> None:
    if marks:
        click.echo(
            f"Marks that waited and are held, as they may have been sent in between: {marks}. Run "
            "`lti-tool gradebook compare`, then `lti-tool gradebook retry --all`."
        )
    if messages:
        click.echo(
            f"Messages that waited and are unsure: {messages}. `lti-tool mail status` lists them; "
            "`lti-tool mail retry` sends one."
        )


def _in_place(settings: Settings) -> None:
    database, _ = make_parts(settings)
    migrate.require_current(database)
    with database.read() as session:
        platforms, people = (
            len(list_registrations(session)),
            session.scalar(select(func.count(Person.id))),
        )
    if not platforms:
        raise Unusable(
            "The database holds no platform, so no backup was put back into it. Nothing was held. "
            "Run pg_restore again, into an empty database, and see that it ends without an error."
        )
    marks, messages = _hold(database, settings, None)
    click.echo(
        f"The database stays as it is. Platforms in it: {platforms}. People: {people}. What "
        f"waited in it is held: marks {marks}, messages {messages}."
    )
    _say(marks, messages)


@click.command("restore")
@click.option("--from", "source", type=click.Path(path_type=Path), help="A file of backup's.")
@click.option(
    "--by-other-means",
    is_flag=True,
    help="The database was put back already (pg_restore): only hold what waited in it.",
)
def restore(source: Path | None, by_other_means: bool) -> None:
    """Put a backup into an empty instance, and hold what waited in it to be sent."""
    if (source is None) == (not by_other_means):
        raise click.UsageError("Give --from FILE or --by-other-means.")
    settings = load_settings()
    if source is None:
        _in_place(settings)
        return
    database = sqlite_file(settings.database_url)
    if database is None:
        raise Unusable(
            "The database is PostgreSQL: put it back with pg_restore, then run `lti-tool restore "
            "--by-other-means`. docs/operator.md has the exact commands."
        )
    os.umask(0o077)
    _require_empty(settings, database)
    for needed in (database.parent, settings.instance_dir):
        needed.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".restoring-", dir=database.parent) as place:
        folder = Path(place)
        manifest = archive.unpack(source, folder)
        _require_free(settings, folder / archive.FILES)
        marks, messages = _prepare(settings, folder, manifest)
        _place(settings, folder, database)
    click.echo(
        f"Restored as it was at {manifest.made_at}, database at {migrate.newest_revision()}."
    )
    _say(marks, messages)
