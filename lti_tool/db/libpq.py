"""PostgreSQL's own library, asked without a cursor between.

psycopg turns values and rows, and keeps the connection; a statement that is built once needs no
more of it. Its cursor took half of the time of a question: it reads the text for places again,
and waits in Python.
"""

from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg import abc, pq
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

_MOST = 300
"""So many texts the server keeps ready for a connection; any others it reads each time."""
_IDLE = pq.TransactionStatus.IDLE
_GOOD = (pq.ExecStatus.COMMAND_OK, pq.ExecStatus.TUPLES_OK)


class Dialect(PGDialect_psycopg):
    """How SQLAlchemy speaks to PostgreSQL, but that transactions end past psycopg: at a rollback
    it would have the server forget all texts that are kept ready, ours too, lest a table be made
    anew under them. Nobody makes tables beside a running process."""

    supports_statement_cache = True

    def do_commit(self, dbapi_connection: Any) -> None:
        """Keep what was done.

        :raises psycopg.Error: it was not kept. The server takes a COMMIT after an error for a
            ROLLBACK and says nothing, so that a step that passed over the error would lose all.
        """
        if _driver_of(dbapi_connection).pgconn.transaction_status == pq.TransactionStatus.INERROR:
            raise psycopg.errors.InFailedSqlTransaction("there was an error before")
        _end(dbapi_connection, b"COMMIT")

    def do_rollback(self, dbapi_connection: Any) -> None:
        """Undo what was begun.

        :raises psycopg.Error: the server is gone.
        """
        _end(dbapi_connection, b"ROLLBACK")

    def do_rollback_to_savepoint(self, connection: Any, name: str) -> None:
        """Undo what was begun since a savepoint.

        :raises psycopg.Error: the server is gone.
        """
        _end(connection.connection, f"ROLLBACK TO SAVEPOINT {name}".encode())


DIALECT = "postgresql+lti_tool"
"""By what name an address asks for it."""
registry.register(DIALECT.replace("+", "."), __name__, Dialect.__name__)


class Answer:
    """What the server gave, read as from a cursor."""

    def __init__(self, turner: abc.Transformer, result: pq.abc.PGresult) -> None:
        self._turner, self._result = turner, result

    @property
    def description(self) -> list[tuple[str, int]]:
        """Name and type of each column, as far as anybody asks."""
        return [("", self._result.ftype(place)) for place in range(self._result.nfields)]

    def fetchall(self) -> list[tuple[Any, ...]]:
        """Every row. To be read before the connection is asked anything else."""
        try:
            return self._turner.load_rows(0, self._result.ntuples, tuple)
        finally:
            self._turner.set_pgresult(None)  # else it is kept for as long as the connection


class Ready:
    """What is kept with a connection: names of the texts that its server keeps ready, and what
    turns values and rows, which is asked for each type anew wherever it is made anew."""

    __slots__ = ("names", "turner")

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self.turner: abc.Transformer = Transformer(connection)
        self.names: dict[Any, bytes] = {}


def ask(
    connection: psycopg.Connection[Any],
    ready: Ready,
    statement: tuple[bytes, list[str]],
    values: Mapping[str, Any],
) -> Answer:
    """Run a statement.

    :param statement: as `prepared.numbered` gives it.
    :raises psycopg.Error: as a cursor of psycopg would.
    """
    text, places = statement
    server, turner, names = connection.pgconn, ready.turner, ready.names
    plain = [values[name] for name in places]
    given: Any = turner.dump_sequence(plain, [PyFormat.AUTO] * len(places))
    key = (text, turner.types)
    name = names.get(key)
    if name is None and len(names) < _MOST:
        name = b"lti_%d" % len(names)
        _check(connection, server.prepare(name, text, turner.types))
        names[key] = name
    if name is None:
        result = server.exec_params(text, given, turner.types, turner.formats)
    else:
        result = server.exec_prepared(name, given, turner.formats)
    _check(connection, result)
    turner.set_pgresult(result)
    return Answer(turner, result)


def tell(connection: psycopg.Connection[Any], command: bytes) -> None:
    """Run a command without values or rows.

    :raises psycopg.Error: as a cursor of psycopg would.
    """
    _check(connection, connection.pgconn.exec_(command))


def _driver_of(connection: Any) -> psycopg.Connection[Any]:
    """:param connection: psycopg's, or the pool's around it."""
    driver: psycopg.Connection[Any] = getattr(connection, "driver_connection", connection)
    return driver


def _end(connection: Any, command: bytes) -> None:
    driver = _driver_of(connection)
    if not is_idle(driver):
        tell(driver, command)


def is_idle(connection: psycopg.Connection[Any]) -> bool:
    """Whether no transaction is begun, and the server is there as far as anybody knows."""
    return connection.pgconn.transaction_status == _IDLE


def _check(connection: psycopg.Connection[Any], result: pq.abc.PGresult) -> None:
    if result.status in _GOOD:
        return
    if result.error_field(pq.DiagnosticField.SQLSTATE) is None:  # no word from the server itself
        connection.close()
        raise psycopg.OperationalError(result.get_error_message())
    raise error_from_result(result)
