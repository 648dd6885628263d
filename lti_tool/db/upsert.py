"""Insert a row unless it is there already, alike on SQLite and PostgreSQL.

Two launches at the same moment may both find nothing; only one of them inserts.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session


def insert_if_missing(
    session: Session, model: Any, unique: Sequence[str], values: dict[str, Any]
) -> int | None:
    """Insert `values` unless a row with the same `unique` columns exists.

    :param unique: columns of a unique constraint of `model`.
    :return: the new row's number, or None where someone else's row is there.
    """
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    statement = (
        dialect.insert(model.__table__)
        .values(**values)
        .on_conflict_do_nothing(index_elements=list(unique))
        .returning(model.__table__.c.id)
    )
    found: int | None = session.execute(statement).scalar()
    return found
