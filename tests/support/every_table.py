"""Rows in every table there is, whatever it is called: for what must carry all of them.

Values are made up from the columns' types; references go to rows that exist, of the same table
also to later ones, so that an order of copying that only happens to work is found out.
"""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Column, Connection, Table, insert, select, types, update

from lti_tool.db import Base
from lti_tool.db.types import Exact, Moment, Words
from lti_tool.parts import load_tables

ROWS = 3
_BEGAN = datetime(2026, 9, 1, 8, 30, 15, 123456, tzinfo=UTC)
_DOCUMENT = {"z": [1, 2.5, None, "Ünïcode ’"], "a": {"on": True, "decimal": "12.50"}}


def moment() -> datetime:
    """A moment with microseconds."""
    return _BEGAN


def _value(column: Column[Any], row: int) -> Any:
    """A value of the column's type that differs from row to row where it can."""
    kind = column.type
    if isinstance(kind, Words):
        text = f"{row} “{column.name}” £\n’"
        return text[: kind.limit] if kind.limit >= 8 else str(row)[: kind.limit]
    made = {
        Exact: Decimal(f"{row}.50"),
        Moment: _BEGAN + timedelta(days=row, microseconds=row),
        types.JSON: {**_DOCUMENT, "row": row},
        types.Boolean: row % 2 == 0,
        types.Integer: row,
        types.LargeBinary: bytes([0, 255, row]) * 40,
        types.Date: date(2026, 2, 27) + timedelta(days=row),
        types.Time: time(9, row, 30),
        types.String: f"{row} {column.name}",
    }
    return next(value for known, value in made.items() if isinstance(kind, known))


def _row(table: Table, row: int) -> dict[str, Any]:
    values: dict[str, Any] = {"id": row}
    for column in table.columns:
        if column.name == "id" or (column.nullable and row == ROWS):
            continue
        own = any(key.column.table is table for key in column.foreign_keys)
        if not own:
            values[column.name] = row if column.foreign_keys else _value(column, row)
    return values


def fill(connection: Connection) -> None:
    """Put `ROWS` rows into each table; the last one has nothing in what may be empty."""
    load_tables()
    for table in Base.metadata.sorted_tables:
        for row in range(1, ROWS + 1):
            connection.execute(insert(table).values(_row(table, row)))
        for column in table.columns:
            if any(key.column.table is table for key in column.foreign_keys):
                later = update(table).where(table.c.id == 1).values({column.name: ROWS})
                connection.execute(later)


def read_all(connection: Connection) -> dict[str, list[Any]]:
    """Every row of every table, by table, in the order of their numbers."""
    load_tables()
    return {
        table.name: [tuple(row) for row in connection.execute(select(table).order_by(table.c.id))]
        for table in Base.metadata.sorted_tables
    }
