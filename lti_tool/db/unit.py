"""A unit of work: SQLAlchemy's session, with a short way for statements that are built once.

Both ways share one connection and one transaction. The short way (`ask`) takes the driver's
connection as it is: a unit that reads asks each question by itself, without a transaction around
them; one that writes begins its transaction with the first question. The session joins the same
connection when it is asked something that only it can do.
"""

from typing import Any

from sqlalchemy import Engine
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, SessionTransaction

from lti_tool.db.hold import AnyDatabase, Hold, libpq
from lti_tool.db.prepared import Rows, Text

LASTING = "FULL"
"""SQLite waits for the disk at every commit."""
_READY = "ready"


class WritesInReading(TypeError):
    """A unit that only reads was given a statement that writes: a mistake of ours."""


class Unit(Hold, Session):
    """A session that its caller must finish; made by `Database`.

    SQLAlchemy's part of it is set up when something is asked that only it can do: most of what a
    launch asks goes the short way alone.
    """

    _is_session = False

    def __init__(
        self, database: AnyDatabase, engine: Engine, *, writes: bool, at_once: bool = False
    ) -> None:
        """:param at_once: each statement commits by itself, without a transaction around it."""
        Hold.__init__(self, database, engine, writes=writes, at_once=at_once)
        self._is_second = False
        self._known: dict[Any, Rows] = {}

    def __getattr__(self, name: str) -> Any:
        """What only the session has: it is set up now, once.

        :raises AttributeError: it has no such thing.
        """
        if self._is_session:
            raise AttributeError(name)
        self._is_session = True
        Session.__init__(self, expire_on_commit=False, autoflush=self._writes)
        return getattr(self, name)

    # -- the short way --------------------------------------------------------------------

    def ask(self, statement: Any, values: dict[str, Any]) -> Rows:
        """Run a statement that was built once.

        :raises WritesInReading: it writes, and this unit only reads.
        :raises sqlalchemy.exc.DBAPIError: as the session would.
        """
        if self._is_session and self.autoflush and (self.new or self.dirty or self.deleted):
            self.flush()
        prepared = self.database.prepared(statement, values)
        text = prepared.text(values)
        if prepared.writes and not self._writes:
            raise WritesInReading(text.sql)
        driver = self._driver or self._begin()
        if not prepared.lasts:
            self._hurry()
        for hear in self.database.listeners:
            hear(text.sql)
        parameters = text.parameters(values)
        try:
            return self._rows(driver, text, parameters)
        except DBAPIError as told:
            if (prepared.writes and prepared.lasts) or not self._may_take_another(told):
                raise
        self._is_second = True
        self._give_back()
        return self._rows(self._take(), text, parameters)

    def _may_take_another(self, told: DBAPIError) -> bool:
        """Whether the connection broke, as it may have while it rested, and nothing hangs on it:
        what is asked alone is asked of another, once, and nobody need know."""
        is_alone = self._is_alone and self._joined is None and not self._is_second
        return is_alone and told.connection_invalidated

    def _rows(self, driver: Any, text: Text, parameters: Any) -> Rows:
        try:
            return text.rows(self._execute(driver, text, parameters))
        except self._engine.dialect.loaded_dbapi.Error as error:
            raise self._told(error, text.sql) from error

    def _execute(self, driver: Any, text: Text, parameters: Any) -> Any:
        """Have the driver run a statement: what its rows are read from."""
        if self.database.is_sqlite:
            return driver.execute(text.sql, parameters)
        kept = self._pooled.info  # type: ignore[union-attr]  # it is taken
        if _READY not in kept:
            kept[_READY] = libpq().Ready(driver)
        return libpq().ask(driver, kept[_READY], text.numbered, parameters)

    def _hurry(self) -> None:
        """What is asked next need not outlast a power failure: nobody waits for the disk.
        PostgreSQL reads that in the statement.

        :raises TypeError: it is one of several that are kept together.
        """
        if not self._is_alone:
            raise TypeError("What need not last commits by itself: use `Database.do`.")
        if self.database.is_sqlite:
            self._change("synchronous", "NORMAL", usual=LASTING)

    def ask_once(self, statement: Any, values: dict[str, Any]) -> Rows:
        """As `ask`; a unit that only reads remembers the answer, until its end.

        :param values: can be keys of a dictionary.
        """
        if self._writes:
            return self.ask(statement, values)
        key = (statement, *values.values())
        if key not in self._known:
            self._known[key] = self.ask(statement, values)
        return self._known[key]

    @property
    def remembers(self) -> bool:
        """Whether what is asked once is known until the end."""
        return not self._writes

    def know(self, statement: Any, values: dict[str, Any], rows: Rows) -> None:
        """What `ask_once` is to answer, where this unit remembers."""
        if self.remembers:
            self._known[(statement, *values.values())] = rows

    # -- SQLAlchemy's own way --------------------------------------------------------------

    def get_bind(self, *_given: Any, **_named: Any) -> Connection:
        """The session is about to use the database: it joins this unit's connection."""
        if self._joined is None:
            if self._driver is None and self._writes:
                self._begin()
            elif self._driver is None:
                self._take()
            self._joined = Connection(self._engine, connection=self._pooled)
        return self._joined

    def begin_nested(self) -> SessionTransaction:
        """A savepoint, made at once: what goes the short way would not have it made."""
        nested = super().begin_nested()
        self.connection()
        return nested

    # -- the end ---------------------------------------------------------------------------

    def commit(self) -> None:
        """Keep what was done, and give the connection back."""
        if self._is_session and self.in_transaction():
            super().commit()
        if self._driver is not None and self._writes:
            self._try(self._engine.dialect.do_commit, self._driver)  # unless the session did it
        self._give_back()

    def rollback(self) -> None:
        """Undo what was done, and give the connection back."""
        if self._is_session and self.in_transaction():
            super().rollback()
        self._give_back()

    def close(self) -> None:
        """Give everything back; what was not committed is undone."""
        try:
            self._close_session()
        finally:
            self._give_back()

    def _give_back(self) -> None:
        self._known.clear()
        super()._give_back()

    def _close_session(self) -> None:
        """A transaction whose commit failed is none to `close`, which leaves it open: it is undone
        first."""
        if not self._is_session:
            return
        try:
            if self.in_transaction():
                super().rollback()
        finally:
            if self.identity_map or self.in_transaction():
                super().close()
