"""A backup taken while others write, put back elsewhere; and what is done with what waited."""

import io
import json
import sqlite3
import stat
import subprocess
import tarfile
import threading
from contextlib import closing
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest
from sqlalchemy import select

from lti_tool.audit.models import AuditEntry
from lti_tool.core import clock
from lti_tool.db import Database, migrate
from lti_tool.gradebook.models import Delivery
from lti_tool.lti import keys
from lti_tool.mail.models import Message
from lti_tool.mail.outbox import RELEASED, tell
from lti_tool.marking.scheduling import schedule
from tests.support import builders, every_table
from tests.support.cohorts import make_cohort
from tests.support.command import run_command
from tests.support.databases import empty
from tests.support.postgres import new_database, programs_folder
from tests.support.visiting import begin_from_template, make_settings, make_world

_PLATFORM = {
    "name": "Moodle",
    "issuer": "https://moodle.example",
    "client_id": "client",
    "deployment_ids": ("1",),
    "auth_login_url": "https://moodle.example/auth",
    "auth_token_url": "https://moodle.example/token",
    "jwks_url": "https://moodle.example/certs",
}


class Machine:
    """A folder with an installation, and the operator's command in it."""

    def __init__(self, folder: Path, **more: str) -> None:
        folder.mkdir(exist_ok=True)
        self.folder = folder
        self.environment = {
            "LTI_TOOL_BASE_URL": "https://tool.example",
            "LTI_TOOL_SECRET_KEY": "a secret of more than thirty-two characters",
            "LTI_TOOL_INSTANCE_DIR": str(folder / "instance"),
            "LTI_TOOL_KEYS_DIR": str(folder / "keys"),
            "LTI_TOOL_ALLOW_PRIVATE_PLATFORMS": "1",
            "LTI_TOOL_MAIL_URL": (folder / "mail").as_uri(),
            "LTI_TOOL_MAIL_FROM": "senco@example.ac.uk",
            **more,
        }
        self.settings = make_settings(folder, **self.environment)

    def run(self, *arguments: str) -> CompletedProcess[str]:
        """The command's end."""
        return run_command(self.environment, *arguments)

    def must(self, *arguments: str) -> str:
        """What a command said that went well."""
        done = self.run(*arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def refusal(self, *arguments: str) -> str:
        """The sentence of a command that refuses."""
        done = self.run(*arguments)
        assert done.returncode == 1 and "Traceback" not in done.stderr, done
        assert len(done.stderr.strip().splitlines()) == 1, done.stderr
        return done.stderr

    def database(self) -> Database:
        """Its database, opened."""
        return Database(self.settings.database_url)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    made = Machine(tmp_path / "old")
    begin_from_template(made.settings)
    (made.settings.instance_dir / "letters").mkdir()
    (made.settings.instance_dir / "letters" / "one.txt").write_text("kept")
    return made


def _mark(machine: Machine, release_at: datetime | None = None) -> None:
    """A mark released, and so promised to the gradebook; or set to be released at a time."""
    database = machine.database()
    with database.write() as session:
        course = builders.build_course(session, machine.settings, _PLATFORM)
        assignment = builders.build_assignment(
            session,
            machine.settings,
            course,
            line_items_url="https://moodle.example/items",
            line_item_url="https://moodle.example/items/1",
        )
        person_id = builders.build_person(session, course, "5")
        work = builders.build_work(session, assignment, person_id)
        marking = (session, machine.settings, course, assignment, work, Decimal("62.5"))
        if release_at is None:
            builders.release(*marking)
        else:
            builders.judge(*marking)
            schedule(session, assignment, release_at, actor_id=course.tutor_id)
    database.engine.dispose()


class _Writer(threading.Thread):
    """Writes pairs of rows in one transaction each, as fast as it can, until told to end."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path, self.is_ending, self.pairs = path, threading.Event(), 0

    def run(self) -> None:
        with closing(sqlite3.connect(self.path, timeout=15)) as connection:
            while not self.is_ending.is_set():
                with connection:
                    for half in ("a", "b"):
                        connection.execute(
                            "INSERT INTO used_code (code_digest, lapses_at) VALUES (?, ?)",
                            (f"{self.pairs}-{half}", "2030-01-01 00:00:00.000000"),
                        )
                self.pairs += 1


def test_a_backup_under_writes_comes_back_row_for_row(machine: Machine, tmp_path: Path) -> None:
    make_cohort(make_world(machine.folder))
    _mark(machine)
    writer = _Writer(machine.settings.instance_dir / "lti_tool.sqlite")
    writer.start()
    try:
        while writer.pairs < 20:
            pass
        said = machine.must("backup", "--to", str(tmp_path / "whole.backup"))
    finally:
        writer.is_ending.set()
        writer.join()
    assert "encrypt" in said
    assert stat.S_IMODE((tmp_path / "whole.backup").stat().st_mode) == 0o600
    assert [one.name for one in tmp_path.iterdir() if one.name.startswith(".")] == []

    with tarfile.open(tmp_path / "whole.backup") as tar:
        taken = tmp_path / "taken.sqlite"
        opened = tar.extractfile("database.sqlite")
        assert opened is not None
        taken.write_bytes(opened.read())
        manifest = json.loads(tar.extractfile("manifest.json").read())  # type: ignore[union-attr]
    assert set(manifest["files"]) >= {"database.sqlite", "files/letters/one.txt"}
    with closing(sqlite3.connect(taken)) as connection:
        pairs = [row[0].partition("-")[0] for row in connection.execute(_CODES)]
    assert 40 <= len(pairs) <= writer.pairs * 2
    assert all(pairs.count(one) == 2 for one in set(pairs)), "half a transaction was copied"

    new = Machine(tmp_path / "new")
    new.must("restore", "--from", str(tmp_path / "whole.backup"))
    was, is_now = _rows(Database(f"sqlite:///{taken}")), _rows(new.database())
    assert sum(bool(rows) for rows in was.values()) > 20
    for name, rows in was.items():
        if name not in _CHANGED:
            assert is_now[name][: len(rows)] == rows, name
    assert is_now["visit"] == [] != was["visit"], "a visit of then opens nothing now"
    for place in new.folder.rglob("*"):
        assert stat.S_IMODE(place.stat().st_mode) & 0o077 == 0, place
    new.must("db", "check")
    assert (new.settings.instance_dir / "letters" / "one.txt").read_text() == "kept"
    old_keys, new_keys = (
        [one.kid for one in keys.list_keys(each.settings.keys_dir, each.settings.secret_key)]
        for each in (machine, new)
    )
    assert old_keys == new_keys != []


_CODES = "SELECT code_digest FROM used_code WHERE code_digest LIKE '%-a' OR code_digest LIKE '%-b'"
_CHANGED = {"visit", "waiting_login", "access_token", "delivery", "message"}
"""Tables that a restore changes on purpose; the next test looks at them."""


def _rows(database: Database) -> dict[str, list[Any]]:
    with database.read() as session:
        found = every_table.read_all(session.connection())
    database.engine.dispose()
    return found


def _all(database: Database, model: Any) -> list[Any]:
    with database.read() as session:
        return list(session.execute(select(*model.__table__.c)))


def _states(database: Database, model: Any) -> list[tuple[str, str | None]]:
    return [(one.state, one.reason) for one in _all(database, model)]


def test_what_waited_is_held_and_nothing_leaves_by_itself(machine: Machine, tmp_path: Path) -> None:
    """A mark and a message wait as the backup is made; both leave the old machine afterwards."""
    _mark(machine)
    database = machine.database()
    with database.write() as session:
        person_id = session.scalars(select(Delivery.person_id)).one()
        tell(session, RELEASED, once="1", person_id=person_id)
    assert [state for state, _ in _states(database, Delivery)] == ["waiting"]
    database.engine.dispose()
    machine.must("backup", "--to", str(tmp_path / "one.backup"))

    new = Machine(tmp_path / "new")
    said = new.must("restore", "--from", str(tmp_path / "one.backup"))
    assert "gradebook retry" in said and "mail status" in said
    restored = new.database()
    assert _states(restored, Delivery) == [("needs_person", "restored")]
    messages = _states(restored, Message)
    assert ("unsure", "restored") in messages
    with restored.read() as session:
        waiting = session.scalars(select(Message.kind).where(Message.state == "waiting")).all()
        said_then = session.scalars(
            select(AuditEntry.became).where(AuditEntry.act == "restored from a backup")
        ).one()
    assert set(waiting) <= {"delivery_needs_person"}, "only the news of what was held"
    assert said_then is not None and said_then["marks_held"] == 1
    assert "may have been sent" in new.must("gradebook", "status")
    new.must("gradebook", "retry", "--all")
    assert _states(restored, Delivery) == [("waiting", None)], "a person may let it go"
    restored.engine.dispose()


def test_what_fell_due_in_between_is_held_too(
    machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A release was set for an hour after the backup: the old machine has sent that mark."""
    _mark(machine, release_at=clock.now() + timedelta(hours=1))
    machine.must("backup", "--to", str(tmp_path / "a.backup"))
    now = clock.now
    monkeypatch.setattr(clock, "now", lambda: now() + timedelta(hours=3))
    new = Machine(tmp_path / "new")
    new.must("restore", "--from", str(tmp_path / "a.backup"))
    restored = new.database()
    assert _states(restored, Delivery) == [("needs_person", "restored")]
    kinds = {(one.kind, one.state) for one in _all(restored, Message)}
    assert (RELEASED, "unsure") in kinds and (RELEASED, "waiting") not in kinds
    restored.engine.dispose()


def test_a_backup_overwrites_nothing_and_lies_elsewhere(machine: Machine, tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.write_text("mine")
    assert "exists already" in machine.refusal("backup", "--to", str(there))
    assert there.read_text() == "mine"
    inside = machine.settings.instance_dir / "x.backup"
    assert "another disk" in machine.refusal("backup", "--to", str(inside))
    nowhere = tmp_path / "no" / "x.backup"
    assert "no folder" in machine.refusal("backup", "--to", str(nowhere))


def test_what_is_not_whole_is_not_restored(machine: Machine, tmp_path: Path) -> None:
    source = tmp_path / "a.backup"
    machine.must("backup", "--to", str(source))
    new = Machine(tmp_path / "new")

    def refusal(path: Path) -> str:
        said = new.refusal("restore", "--from", str(path))
        assert not any(new.folder.rglob("*.sqlite")) and not any(new.folder.rglob("*.pem"))
        return said

    with tarfile.open(source) as tar:
        parts = {one.name: tar.extractfile(one).read() for one in tar}  # type: ignore[union-attr]
    changed = parts["database.sqlite"].replace(b"sqlite", b"SQLITE", 1)
    lost = {name: raw for name, raw in parts.items() if not name.startswith("files/")}
    newer = json.loads(parts["manifest.json"])
    newer["revision"] = "9999"
    for number, (altered, words) in enumerate(
        (
            ({**parts, "database.sqlite": changed}, "digest"),
            (lost, "missing"),
            ({**parts, "../escaped": b"x"}, "does not name"),
            ({**parts, "manifest.json": json.dumps(newer).encode()}, "does not know"),
            ({"other": b"x"}, "no backup"),
        )
    ):
        path = tmp_path / f"altered-{number}"
        _pack(path, altered)
        assert words in refusal(path), words
    half = tmp_path / "half"
    half.write_bytes(source.read_bytes()[:2000])
    assert "cannot be read" in refusal(half)
    assert "no file" in refusal(tmp_path / "nothing")
    other = Machine(tmp_path / "other", LTI_TOOL_SECRET_KEY="y" * 40)
    assert "another LTI_TOOL_SECRET_KEY" in other.refusal("restore", "--from", str(source))


def _pack(path: Path, parts: dict[str, bytes]) -> None:
    with tarfile.open(path, "w:gz") as tar:
        for name, raw in parts.items():
            member = tarfile.TarInfo(name)
            member.size = len(raw)
            tar.addfile(member, io.BytesIO(raw))


def test_only_an_empty_instance_is_restored_into(machine: Machine, tmp_path: Path) -> None:
    source = tmp_path / "a.backup"
    machine.must("backup", "--to", str(source))
    said = machine.refusal("restore", "--from", str(source))
    assert "not empty" in said and "LTI_TOOL_INSTANCE_DIR" in said
    kept = Machine(tmp_path / "new")
    (kept.settings.instance_dir / "letters").mkdir(parents=True)
    (kept.settings.instance_dir / "letters" / "one.txt").write_text("mine")
    assert "one.txt" in kept.refusal("restore", "--from", str(source))
    assert (kept.settings.instance_dir / "letters" / "one.txt").read_text() == "mine"
    assert kept.run("restore").returncode == 2


def test_an_older_backup_is_brought_to_this_release(tmp_path: Path) -> None:
    old = Machine(tmp_path / "old")
    begin_from_template(old.settings, with_database=False)
    database = old.database()
    migrate.upgrade(database, "0006")
    database.engine.dispose()
    old.must("backup", "--to", str(tmp_path / "a.backup"))
    new = Machine(tmp_path / "new")
    new.must("restore", "--from", str(tmp_path / "a.backup"))
    new.must("db", "check")


def test_postgresql_is_pointed_to_its_own_means(
    machine: Machine, tmp_path: Path, postgres_kept: str
) -> None:
    """And after pg_restore what waited is held by the same command."""
    empty(postgres_kept)
    there = Machine(machine.folder, LTI_TOOL_DATABASE_URL=postgres_kept)
    assert "pg_dump" in there.refusal("backup", "--to", str(tmp_path / "x"))
    assert "pg_restore" in there.refusal("restore", "--from", str(tmp_path / "x"))
    _mark(there)
    dump = str(tmp_path / "dump")
    _run("pg_dump", "--format=custom", "--no-owner", f"--file={dump}", postgres_kept)
    url = new_database(postgres_kept)
    safely = ("--no-owner", "--exit-on-error", "--single-transaction")
    _run("pg_restore", *safely, f"--dbname={url}", dump)
    new = Machine(machine.folder, LTI_TOOL_DATABASE_URL=url)
    assert "in between: 1." in new.must("restore", "--by-other-means")
    database, before = new.database(), there.database()
    assert _states(before, Delivery) == [("waiting", None)]
    assert _states(database, Delivery) == [("needs_person", "restored")]
    was, is_now = _rows(before), _rows(database)
    for name, rows in was.items():
        if name not in _CHANGED:
            assert is_now[name][: len(rows)] == rows, name


def _run(program: str, *arguments: str) -> None:
    """One of PostgreSQL's own programs, as docs/operator.md writes it."""
    program = str(programs_folder() / program)
    done = subprocess.run([program, *arguments], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
