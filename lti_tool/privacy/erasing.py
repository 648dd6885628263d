"""Erasing by what the folders told: deletes, empties or leaves each row that is about somebody.

A dry run is the same act, undone by its caller. Nothing here writes an audit entry: that is for
`people/requests.py`, which calls this.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Table, delete, update
from sqlalchemy.orm import Session

from lti_tool.db.base import Base
from lti_tool.privacy.holdings import (
    Changed,
    Emptied,
    Goes,
    Holding,
    Stays,
    Subject,
    list_holdings,
)
from lti_tool.privacy.ways import rows_of, table_of

AT_ONCE = 400
"""Row numbers in one statement: SQLite takes no more than a thousand values."""
_DONE = {Goes: "deleted", Emptied: "emptied", Changed: "emptied", Stays: "kept"}


@dataclass(frozen=True, slots=True)
class Line:
    """What erasing did to the rows of one holding."""

    table: str
    title: str
    count: int
    done: str
    """deleted, emptied or kept."""
    why: str


def in_parts(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """Row numbers in parts that one statement can take."""
    for start in range(0, len(ids), AT_ONCE):
        yield ids[start : start + AT_ONCE]


def delete_rows(session: Session, table: Table, ids: Sequence[int]) -> None:
    """Delete rows by number."""
    for some in in_parts(ids):
        session.execute(delete(table).where(table.c.id.in_(some)))


def erase(session: Session, subject: Subject) -> list[Line]:
    """Do to every row about somebody what its folder told, and tell what was done to how many.

    Words are changed before rows are deleted, and rows before what they refer to.
    """
    found = [
        (one, list(session.scalars(rows_of(session, one, subject)))) for one in list_holdings()
    ]
    for one, ids in found:
        if ids and isinstance(one.erase, Changed):
            one.erase.act(session, ids)
        elif ids and isinstance(one.erase, Emptied):
            _empty(session, one, one.erase, ids)
    places = {table: place for place, table in enumerate(Base.metadata.sorted_tables)}
    for one, ids in sorted(found, key=lambda pair: -places[table_of(pair[0])]):
        if isinstance(one.erase, Goes):
            delete_rows(session, table_of(one), ids)
    return [
        Line(table_of(one).name, one.title, len(ids), _DONE[type(one.erase)], one.erase.why)
        for one, ids in found
    ]


def _empty(session: Session, holding: Holding, erase: Emptied, ids: list[int]) -> None:
    table = table_of(holding)
    values = {name: one() if callable(one) else one for name, one in erase.values.items()}
    for some in in_parts(ids):
        session.execute(update(table).where(table.c.id.in_(some)).values(values))
