"""From SQLite to PostgreSQL by one command: every table, every row, the numbers after them."""

from pathlib import Path

import pytest
from sqlalchemy import insert, inspect, select, text

from lti_tool.core.errors import Conflict
from lti_tool.db import Base, Database, copying, migrate
from lti_tool.people.models import UsedCode
from tests.integration.operating.test_backup import Machine
from tests.support import every_table
from tests.support.databases import empty
from tests.support.postgres import new_database
from tests.support.visiting import begin_from_template


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """An installation with rows in every table, more than a batch of some."""
    made = Machine(tmp_path / "old")
    begin_from_template(made.settings)
    database = made.database()
    with database.write() as session:
        every_table.fill(session.connection())
        moment = every_table.moment()
        session.execute(
            insert(UsedCode),
            [
                {"id": 10 + 3 * n, "code_digest": f"many {n}", "lapses_at": moment}
                for n in range(copying.BATCH * 2 + 7)
            ],
        )
    database.engine.dispose()
    return made


@pytest.fixture
def target(postgres_kept: str) -> str:
    """The address of an empty PostgreSQL database of this release."""
    empty(postgres_kept)
    return postgres_kept


def test_every_row_of_every_table_arrives(machine: Machine, target: str) -> None:
    said = machine.must("db", "copy", "--to", target)
    old, new = machine.database(), Database(target)
    with old.read() as ours, new.read() as theirs:
        was, is_now = (every_table.read_all(one.connection()) for one in (ours, theirs))
    assert is_now == was
    there = set(inspect(new.engine).get_table_names()) - {"alembic_version"}
    # The queue makes its own, where a test before this one woke a worker.
    assert set(was) == {name for name in there if not name.startswith("huey_")}
    for name, rows in was.items():
        assert len(rows) >= every_table.ROWS and f"  {name}, each row the same" in said, name
    assert f"{sum(map(len, was.values()))} rows copied" in said
    with new.write() as session:
        for table in Base.metadata.sorted_tables:
            sequence = f"SELECT nextval(pg_get_serial_sequence('\"{table.name}\"', 'id'))"
            assert session.scalar(text(sequence)) == was[table.name][-1][0] + 1, table.name
    for one in (old, new):
        one.engine.dispose()
    assert "not empty" in machine.refusal("db", "copy", "--to", target), "and never twice"


def test_a_row_that_arrives_otherwise_is_named_and_nothing_kept(
    machine: Machine, target: str
) -> None:
    """A database that changes one value of one row on its way in."""
    new = Database(target)
    with new.engine.begin() as connection:
        connection.execute(text(_SPOIL))
    try:
        said = machine.refusal("db", "copy", "--to", target)
        assert "Row 2 of line_item" in said
        with new.read() as session:
            assert session.scalar(select(UsedCode.id)) is None, "nothing was kept"
    finally:
        with new.engine.begin() as connection:
            connection.execute(text("DROP FUNCTION spoil CASCADE"))
        new.engine.dispose()


_SPOIL = """
CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN NEW.maximum := NEW.maximum + 0.01; RETURN NEW; END $$;
CREATE TRIGGER spoil BEFORE INSERT ON line_item FOR EACH ROW WHEN (NEW.id = 2)
EXECUTE FUNCTION spoil()
"""


def test_a_row_lost_on_the_way_is_named(machine: Machine, target: str) -> None:
    new = Database(target)
    with new.engine.begin() as connection:
        connection.execute(
            text("CREATE RULE lose AS ON INSERT TO used_code WHERE NEW.id = 13 DO INSTEAD NOTHING")
        )
    try:
        assert "Row 13 of used_code" in machine.refusal("db", "copy", "--to", target)
    finally:
        with new.engine.begin() as connection:
            connection.execute(text("DROP RULE lose ON used_code"))
        new.engine.dispose()


def test_a_tool_that_still_writes_is_told_to_stop(machine: Machine, target: str) -> None:
    old, new = machine.database(), Database(target)

    def write_on(name: str, _count: int) -> None:
        if name == "used_code":
            with old.write() as session:
                session.execute(
                    insert(UsedCode).values(code_digest="late", lapses_at=every_table.moment())
                )

    with pytest.raises(Conflict, match="Stop the tool"):
        copying.copy_database(old, new, write_on)
    with new.read() as session:
        assert session.scalar(select(UsedCode.id)) is None
    for one in (old, new):
        one.engine.dispose()


def test_only_into_a_database_of_this_release(
    machine: Machine, postgres_url: str, tmp_path: Path
) -> None:
    url = new_database(postgres_url)
    assert "empty" in machine.refusal("db", "copy", "--to", url)
    database = Database(url)
    migrate.upgrade(database, "0001")
    assert "revision 0001" in machine.refusal("db", "copy", "--to", url)
    database.engine.dispose()
    elsewhere = f"sqlite:///{tmp_path / 'x.sqlite'}"
    assert "postgresql://" in machine.refusal("db", "copy", "--to", elsewhere)
    assert "postgresql://" in machine.refusal("db", "copy", "--to", "nonsense")
