"""Two writers at once, the second of whom comes while the first has not committed yet."""

import threading
from collections.abc import Callable

from sqlalchemy import text
from sqlalchemy.orm import Session

from lti_tool.db import Database

_WAITING = text(
    "SELECT count(*) FROM pg_stat_activity "
    "WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


def _is_held_up(database: Database) -> bool:
    """Whether somebody waits for a lock; on SQLite a second writer always waits its turn."""
    if database.is_sqlite:
        return True
    with database.read() as session:
        return bool(session.scalar(_WAITING))


def one_behind_the_other(
    database: Database, first: Callable[[Session], object], second: Callable[[Session], object]
) -> Exception | None:
    """Let `second` begin once `first` has written, and `first` commit once `second` waits for it.

    :return: what `second` came to grief on.
    """
    problems: list[Exception] = []

    def follow() -> None:
        try:
            with database.write() as session:
                second(session)
        except Exception as problem:
            problems.append(problem)

    thread = threading.Thread(target=follow)
    with database.write() as session:
        first(session)
        thread.start()
        while thread.is_alive() and not _is_held_up(database):
            pass
    thread.join(60)
    assert not thread.is_alive(), "it waits for ever"
    return problems[0] if problems else None
