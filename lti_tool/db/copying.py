"""Copying a whole SQLite database into an empty one on PostgreSQL, checked row by row.

Rows are read and written through our own column types, in batches, parents before children. What
refers to its own table is filled in once all its rows are there. All of it is one transaction on
the target, committed only if each row's digest is the same on both sides.
"""

import hashlib
from collections.abc import Callable, Iterator
from itertools import chain, zip_longest
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Table,
    bindparam,
    func,
    insert,
    select,
    text,
    update,
)

from lti_tool.core.errors import Conflict, Unusable
from lti_tool.db.base import Base
from lti_tool.db.migrate import require_current
from lti_tool.db.session import Database

BATCH = 500
Progress = Callable[[str, int], None]
"""Told of each table that is there and checked: its name and its number of rows."""


class CopyDiffers(Unusable):
    """What arrived is not what was sent."""


def _own_references(table: Table) -> list[Column[Any]]:
    """Columns that refer to rows of the same table, perhaps to later ones."""
    return [
        column
        for column in table.columns
        if any(key.column.table is table for key in column.foreign_keys)
    ]


def _batches(connection: Connection, table: Table) -> Iterator[list[dict[str, Any]]]:
    """All rows, in the order of their numbers, a batch at a time."""
    last = None
    while True:
        query = select(table).order_by(table.c.id).limit(BATCH)
        if last is not None:
            query = query.where(table.c.id > last)
        rows = [dict(row) for row in connection.execute(query).mappings()]
        if not rows:
            return
        yield rows
        last = rows[-1]["id"]


def _write(source: Connection, target: Connection, table: Table) -> int:
    own = _own_references(table)
    later = []
    count = 0
    for rows in _batches(source, table):
        count += len(rows)
        for row in rows:
            refers = {f"new_{one.name}": row[one.name] for one in own}
            if any(value is not None for value in refers.values()):
                later.append({"row": row["id"], **refers})
                row.update({one.name: None for one in own})
        target.execute(insert(table), rows)
    if later:
        target.execute(
            update(table)
            .where(table.c.id == bindparam("row"))
            .values({one.name: bindparam(f"new_{one.name}") for one in own}),
            later,
        )
    return count


def row_digest(row: dict[str, Any]) -> str:
    """SHA-256 over a row's values as Python sees them: types, digits and order of keys included."""
    return hashlib.sha256(repr(sorted(row.items())).encode()).hexdigest()


def _compare(source: Connection, target: Connection, table: Table) -> None:
    """Hold each row against its copy.

    :raises CopyDiffers: at the first that differs, by table and row number.
    """
    mine, its = (
        chain.from_iterable(_batches(connection, table)) for connection in (source, target)
    )
    nothing: dict[str, Any] = {}
    for ours, theirs in zip_longest(mine, its, fillvalue=nothing):
        if row_digest(ours) != row_digest(theirs):
            number = ours.get("id", theirs.get("id"))
            raise CopyDiffers(
                f"Row {number} of {table.name} is not the same in the copy. Nothing was "
                "kept in the new database; the old one is as it was. Please report this."
            )


def _set_sequence(target: Connection, table: Table) -> None:
    """Let the next row of a table have a number of its own."""
    highest = target.scalar(select(func.max(table.c.id)))
    if highest is not None:
        target.execute(
            text("SELECT setval(pg_get_serial_sequence(:table, 'id'), :highest)"),
            {"table": f'"{table.name}"', "highest": highest},
        )


def _require_empty(target: Connection, tables: list[Table]) -> None:
    for table in tables:
        if target.scalar(select(table.c.id).limit(1)) is not None:
            raise Conflict(
                f"The new database is not empty: {table.name} has rows. Make an empty one, run "
                "`lti-tool db upgrade` with its address, and copy again."
            )


def _changes_seen(source: Connection) -> Any:
    """A number that changes whenever another connection has written to the file."""
    return source.scalar(text("PRAGMA data_version"))


def _copy(source: Connection, target: Connection, progress: Progress) -> int:
    tables = Base.metadata.sorted_tables
    _require_empty(target, tables)
    total = 0
    for table in tables:
        count = _write(source, target, table)
        _compare(source, target, table)
        _set_sequence(target, table)
        progress(table.name, count)
        total += count
    return total


def copy_database(source: Database, target: Database, progress: Progress) -> int:
    """Copy everything. Both must be at this release's revision, the target without a row.

    :return: how many rows.
    :raises Unusable: it is not from SQLite to PostgreSQL, or one does not fit this release.
    :raises Conflict: the target is not empty, or the source was written to meanwhile.
    :raises CopyDiffers: a row did not arrive as it was; then nothing is kept.
    """
    if not source.is_sqlite or target.is_sqlite:
        raise Unusable(
            "Only a SQLite database is copied, and only to PostgreSQL: give an address that begins "
            "with postgresql://. `lti-tool backup` copies SQLite to a file; pg_dump, PostgreSQL."
        )
    for one in (source, target):
        require_current(one)
    reading = source.engine.execution_options(writes=False)
    with reading.connect() as old:
        before = _changes_seen(old)
        old.rollback()
        with target.engine.begin() as new:
            total = _copy(old, new, progress)
            old.rollback()
            if _changes_seen(old) != before:
                raise Conflict(
                    "The database was written to while it was copied, so nothing was kept in the "
                    "new one. Stop the tool and its workers, then copy again."
                )
    return total
