"""A database that cannot be used, or holds nothing: each command says so, and what to look at."""

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, inspect, make_url

from lti_tool.db.hold import libpq
from lti_tool.jobs.queue import Queue
from tests.support.command import run_command
from tests.support.postgres import new_database, programs_folder
from tests.support.running_tool import free_port

_SECRET = "correct-horse-battery"


def _environment(folder: Path, url: str, **more: str) -> dict[str, str]:
    return {
        "LTI_TOOL_BASE_URL": "https://tool.example",
        "LTI_TOOL_SECRET_KEY": "a secret of more than thirty-two characters",
        "LTI_TOOL_INSTANCE_DIR": str(folder / "instance"),
        "LTI_TOOL_KEYS_DIR": str(folder / "keys"),
        "LTI_TOOL_DATABASE_URL": url,
        **more,
    }


def _refusal(environment: Mapping[str, str], *arguments: str) -> str:
    done = run_command(environment, *arguments)
    assert done.returncode == 1, done.stdout
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    return done.stderr


def _found(environment: Mapping[str, str], what: str) -> dict[str, Any]:
    done = run_command(environment, "doctor", "--json")
    assert done.returncode == 1, done.stderr
    found: dict[str, Any] = next(x for x in json.loads(done.stdout) if x["what"] == what)
    return found


WRONG = (
    f"mysql://root:{_SECRET}@host/base",
    f"postgresql://lti:{_SECRET}@host:54x/base",
    f"postgresql://lti:{_SECRET}@[host/base",
    f"postgresql+psycopg2://lti:{_SECRET}@host/base",
    "a word",
)


@pytest.mark.parametrize("url", WRONG)
def test_an_address_that_is_none_is_a_sentence(tmp_path: Path, url: str) -> None:
    environment = _environment(tmp_path, url)
    for command in ("db upgrade", "db check", "registration list", f"backup --to {tmp_path}/x"):
        said = _refusal(environment, *command.split())
        assert "LTI_TOOL_DATABASE_URL" in said and _SECRET not in said, said
    done = run_command(environment, "doctor", "--json")
    assert "LTI_TOOL_DATABASE_URL" in done.stdout and _SECRET not in done.stdout
    assert done.returncode == 1 and not done.stderr, done.stderr
    good = _environment(tmp_path, f"sqlite:///{tmp_path}/good.sqlite")
    said = _refusal(good, "db", "copy", "--to", url)
    assert "--to" in said and "LTI_TOOL_DATABASE_URL" not in said and _SECRET not in said, said


def test_postgresql_without_its_driver_names_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def not_installed(_name: str) -> None:
        raise ModuleNotFoundError("psycopg")

    libpq.cache_clear()
    monkeypatch.setattr("lti_tool.db.hold.import_module", not_installed)
    environment = _environment(tmp_path, "postgresql://lti@127.0.0.1/base")
    for command in ("db upgrade", "db check"):
        assert "make setup-postgres" in _refusal(environment, *command.split())
    assert "make setup-postgres" in _found(environment, "database")["words"]


def test_each_failure_is_told_in_the_servers_words(tmp_path: Path, postgres_kept: str) -> None:
    there = make_url(postgres_kept)
    port = free_port()
    for wrong, word in (
        (there.set(database="nowhere", password=_SECRET), "nowhere"),
        (there.set(username="stranger", password=_SECRET), "stranger"),
        (there.set(host="127.0.0.1", port=port, password=_SECRET, query={}), str(port)),
    ):
        url = wrong.render_as_string(hide_password=False)
        for command in ("db check", "db upgrade"):
            said = _refusal(_environment(tmp_path, url), *command.split())
            assert word in said and "LTI_TOOL_DATABASE_URL" in said, said
            assert "db check" not in said and _SECRET not in said
        assert word in _found(_environment(tmp_path, url), "database")["words"]
        good = _environment(tmp_path, f"sqlite:///{tmp_path}/good.sqlite")
        said = _refusal(good, "db", "copy", "--to", url)
        assert word in said and "--to" in said and "LTI_TOOL_DATABASE_URL" not in said, said


def test_a_folder_of_somebody_elses_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever runs the tests may be root, whom nothing keeps out: so a folder is in the way."""
    (tmp_path / "instance" / "tool.sqlite").mkdir(parents=True)
    monkeypatch.setattr(os, "access", lambda *_: False)
    url = f"sqlite:///{tmp_path}/instance/tool.sqlite"
    said = _refusal(_environment(tmp_path, url), "db", "upgrade")
    assert "instance/tool.sqlite cannot be written by this account" in said, said
    assert "server" not in said and "queue" not in said


def _tables(url: str) -> list[str]:
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    try:
        return inspect(engine).get_table_names()
    finally:
        engine.dispose()


def test_no_command_writes_into_an_empty_database(tmp_path: Path, postgres_kept: str) -> None:
    """Else a backup could not be put into it."""
    url = new_database(postgres_kept)
    environment = _environment(tmp_path, url, LTI_TOOL_QUEUE_URL=url)
    for command in ("doctor", "db check", "restore --by-other-means", "worker"):
        assert run_command(environment, *command.split()).returncode == 1
    assert _tables(url) == []


def test_a_restore_that_put_nothing_back_is_told(tmp_path: Path, postgres_kept: str) -> None:
    url = new_database(postgres_kept)
    environment = _environment(tmp_path, url, LTI_TOOL_QUEUE_URL=url)
    assert run_command(environment, "db", "upgrade").returncode == 0
    said = _refusal(environment, "restore", "--by-other-means")
    assert "no platform" in said and "pg_restore" in said


def test_a_dump_leaves_the_queue_out(tmp_path: Path, postgres_kept: str) -> None:
    """So it fits into a database where a queue is already, as the guide for operators has it."""
    url = new_database(postgres_kept)
    assert run_command(_environment(tmp_path, url), "db", "upgrade").returncode == 0
    queue = Queue(url)
    queue.wake()
    queue.huey.storage.close()
    assert any(name.startswith("huey_") for name in _tables(url))
    guide = (Path(__file__).resolve().parents[3] / "docs" / "operator.md").read_text()
    (line,) = [x for x in guide.splitlines() if x.startswith("pg_dump") and "--file" in x]
    done = subprocess.run(
        ["bash", "-c", line.replace("/backup", str(tmp_path))],
        env={"PATH": f"{programs_folder()}:/usr/bin:/bin", "LTI_TOOL_DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    listed = subprocess.run(
        [f"{programs_folder()}/pg_restore", "--list", str(tmp_path / "lti-tool.dump")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert " audit_entry " in listed.stdout and "huey_" not in listed.stdout
