"""What a database is asked: by SQLAlchemy, and in the short way of `db/unit.py`."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from lti_tool.db import Database

Note = Callable[..., Any]
"""As SQLAlchemy calls it: the statement is the third value."""
_hearing: dict[tuple[int, Note], Callable[[str], None]] = {}


def listen(database: Database, note: Note) -> None:
    """Tell `note` each statement from now on."""

    def hear(statement: str) -> None:
        note(None, None, statement, None, None, False)

    event.listen(database.engine, "before_cursor_execute", note)
    _hearing[id(database), note] = hear
    database.listeners.append(hear)


def stop_listening(database: Database, note: Note) -> None:
    """Tell it no more."""
    event.remove(database.engine, "before_cursor_execute", note)
    database.listeners.remove(_hearing.pop((id(database), note)))


@contextmanager
def heard(database: Database) -> Iterator[list[str]]:
    """The statements that are asked within the block, in their order."""
    seen: list[str] = []

    def note(*told: Any) -> None:
        seen.append(told[2])

    listen(database, note)
    try:
        yield seen
    finally:
        stop_listening(database, note)
