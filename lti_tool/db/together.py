"""Questions that a page is about to ask, asked at once.

A page asks its parts one after another, and each part knows its own question only. Where it is
known beforehand which come, they go to the database as one, and each part finds its answer where
it asks: `run_once` remembers it. A part whose question was not foreseen asks as ever.
"""

from functools import cache
from typing import Any, cast

from sqlalchemy import literal_column, select, true
from sqlalchemy.orm import Session

from lti_tool.db.prepared import AnyRow, Rows
from lti_tool.db.unit import Unit

Question = tuple[Any, dict[str, Any]]
"""A statement for `run_once` that gives one row or none, and its values."""


def remember(
    session: Session, statement: Any, values: dict[str, Any], columns: list[Any] | None
) -> None:
    """Have `run_once` know an answer that came along with another's.

    :param columns: of the only row, in the statement's order; None where there is no row.
    """
    unit = cast(Unit, session)
    rows = [] if columns is None else [_row_of(unit, statement, values)(columns)]
    unit.know(statement, values, Rows(rows))


def _row_of(unit: Unit, statement: Any, values: dict[str, Any]) -> Any:
    return unit.database.prepared(statement, values).text(values).row


@cache
def _joined(statements: tuple[Any, ...]) -> Any:
    """All as one: its row has each one's columns, and before them whether that has a row."""
    base: Any = select(literal_column("1").label("one")).subquery("one")
    columns: list[Any] = []
    for place, one in enumerate(statements):
        part = one.add_columns(literal_column("1").label("_is_there")).subquery(f"part_{place}")
        *its_own, is_there = part.c
        columns += [is_there, *its_own]
        base = base.outerjoin(part, true())
    return select(*columns).select_from(base)


def foresee(session: Session, *questions: Question) -> None:
    """Ask what will be asked by `run_once`, as one question.

    :param session: of a unit that only reads; one that writes remembers nothing, and its parts ask
        by themselves.
    """
    unit = cast(Unit, session)
    if not unit.remembers:
        return
    given: dict[str, Any] = {}
    for _, values in questions:
        given |= values
    row: AnyRow = unit.ask(_joined(tuple(one for one, _ in questions)), given).one()
    left = list(row)
    for statement, values in questions:
        width = len(statement.selected_columns)
        is_there, columns, left = left[0], left[1 : width + 1], left[width + 1 :]
        remember(session, statement, values, columns if is_there else None)
