"""Migrations with rows in every table, back and forward step by step, on both databases; and a
start on a database that does not fit."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, select

from lti_tool.db import Database, migrate
from tests.integration.operating.test_backup import Machine
from tests.support import every_table
from tests.support.postgres import new_database
from tests.support.visiting import begin_from_template

_SCRIPTS = ScriptDirectory(str(Path(migrate.__file__).parent / "migrations"))
_STEPS = [one.revision for one in _SCRIPTS.walk_revisions()]
"""Every revision, the newest first."""


@pytest.fixture(params=["sqlite", "postgresql"])
def filled(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database of its own at the newest revision, with rows in every table."""
    if request.param == "sqlite":
        begin_from_template(Machine(tmp_path).settings)
        database = Machine(tmp_path).database()
    else:
        database = Database(new_database(request.getfixturevalue("postgres_url")))
        migrate.upgrade(database)
    with database.engine.begin() as connection:
        every_table.fill(connection)
    yield database
    database.engine.dispose()


def _rows(database: Database) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table there is at this revision, as the database itself gives it."""
    tables = MetaData()
    with database.engine.connect() as connection:
        tables.reflect(connection)
        return {
            table.name: [
                dict(row)
                for row in connection.execute(select(table).order_by(table.c.id)).mappings()
            ]
            for table in tables.sorted_tables
            if table.name != "alembic_version"
        }


def _assert_kept(
    was: dict[str, list[dict[str, Any]]], became: dict[str, list[dict[str, Any]]], step: str
) -> None:
    """What both sides of a step have is the same on both."""
    assert set(was) & set(became), step
    for name in set(was) & set(became):
        assert len(became[name]) == len(was[name]), f"{step}: rows of {name}"
        for before, after in zip(was[name], became[name], strict=True):
            both = before.keys() & after.keys()
            assert {x: after[x] for x in both} == {x: before[x] for x in both}, f"{step}: {name}"


def test_there_is_one_head() -> None:
    assert _SCRIPTS.get_heads() == [_STEPS[0]] and len(_STEPS) > 5


def test_every_step_goes_back_and_forward_with_data_in_it(filled: Database) -> None:
    rows = _rows(filled)
    assert all(len(found) == every_table.ROWS for found in rows.values()) and len(rows) > 80
    for revision in _STEPS[1:]:
        migrate.downgrade(filled, revision)
        rows, before = _rows(filled), rows
        _assert_kept(before, rows, f"back to {revision}")
    for revision in reversed(_STEPS[:-1]):
        migrate.upgrade(filled, revision)
        rows, before = _rows(filled), rows
        _assert_kept(before, rows, f"forward to {revision}")
    migrate.require_current(filled)
    assert len(rows["person"]) == len(rows["delivery"]) == every_table.ROWS
    migrate.downgrade(filled, "base")
    assert migrate.revision_of(filled) is None and not _rows(filled)


def test_who_was_erased_is_respelt_and_nobody_else(filled: Database) -> None:
    def spelt() -> list[str]:
        return [str(row["sub"]) for row in _rows(filled)["person"]]

    first, *others = spelt()
    with filled.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE person SET sub = '~erased~' || id WHERE id = 1")
    for revision, sub in (("0013", "erased-1"), ("0014", "~erased~1")):
        (migrate.downgrade if revision == "0013" else migrate.upgrade)(filled, revision)
        assert spelt() == [sub, *others]
    assert first not in spelt()


_UNFIT = {
    "empty": (None, "Run `lti-tool db upgrade` first."),
    "earlier": ("0006", "Run `lti-tool db upgrade`, after a backup."),
    "later": ("9999", "a newer one made it"),
}


@pytest.fixture(params=sorted(_UNFIT))
def unfit(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Machine, str]:
    """An installation whose database does not fit, and what is to be said of it."""
    revision, words = _UNFIT[request.param]
    machine = Machine(tmp_path)
    begin_from_template(machine.settings, with_database=request.param == "later")
    database = machine.database()
    if revision == "0006":
        migrate.upgrade(database, revision)
    elif revision is not None:
        with database.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    database.engine.dispose()
    return machine, words


def test_nothing_starts_on_a_database_that_does_not_fit(unfit: tuple[Machine, str]) -> None:
    machine, words = unfit
    for command in (["serve", "--port", "1"], ["worker"], ["db", "check"]):
        assert words in machine.refusal(*command), command


def test_the_web_server_does_not_start_by_itself_either(tmp_path: Path) -> None:
    """`lti_tool.wsgi` behind another server than ours."""
    machine = Machine(tmp_path)
    begin_from_template(machine.settings, with_database=False)
    done = subprocess.run(
        [sys.executable, "-c", "import lti_tool.wsgi"],
        env={"PATH": "/usr/bin:/bin", **machine.environment},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1 and "Run `lti-tool db upgrade` first." in done.stderr
