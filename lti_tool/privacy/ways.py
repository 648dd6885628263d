"""From a row to the person it is about: ways written as names of columns become queries.

"submission_id.person_id" of a mark: the column `submission_id` leads by its foreign key to a
submission, whose `person_id` is the person.
"""

from typing import Any

from sqlalchemy import Column, ColumnElement, Select, Table, false, select
from sqlalchemy.orm import Session

from lti_tool.privacy.holdings import Holding, Subject


def table_of(holding: Holding) -> Table:
    """The table of a holding."""
    table: Table = holding.table.__table__
    return table


def target_of(column: Column[Any]) -> Table | None:
    """The table that a column refers to."""
    for key in column.foreign_keys:
        return key.column.table
    return None


def end_of(table: Table, way: str) -> Column[Any]:
    """The last column of a way."""
    *steps, last = way.split(".")
    for name in steps:
        found = target_of(table.c[name])
        if found is None:
            raise LookupError(f"{table.name}.{name} refers to no table.")
        table = found
    return table.c[last]


def reaching(table: Table, way: str, wanted: Any) -> ColumnElement[bool]:
    """A condition on rows of a table: their way ends in what `wanted` says of its last column."""
    first, _, rest = way.partition(".")
    column = table.c[first]
    if not rest:
        met: ColumnElement[bool] = wanted(column)
        return met
    further = target_of(column)
    if further is None:
        raise LookupError(f"{table.name}.{first} refers to no table.")
    inner = select(further.c.id).where(reaching(further, rest, wanted))
    return column.in_(inner.correlate(None))


def leads_to(holding: Holding) -> str:
    """What the way of a holding ends at: "person", "guest", or empty where a function finds it."""
    if not isinstance(holding.whose, str):
        return ""
    end = end_of(table_of(holding), holding.whose)
    found = target_of(end)
    return (found if found is not None else end.table).name


def rows_of(session: Session, holding: Holding, subject: Subject) -> Select[Any]:
    """The numbers of the rows of a holding that are about somebody."""
    table = table_of(holding)
    if not isinstance(holding.whose, str):
        found = select(table.c.id).where(table.c.id.in_(holding.whose(session, subject)))
    else:
        guest = leads_to(holding) == "guest"
        ids = subject.guest_ids if guest else (subject.person_id,)
        if not ids:
            return select(table.c.id).where(false())
        condition = reaching(table, holding.whose, lambda column: column.in_(ids))
        found = select(table.c.id).where(condition)
    return found if holding.where is None else found.where(holding.where())
