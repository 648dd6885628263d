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

_MOST = 300
"""So many texts the server keeps ready for a connection; any others it reads each time."""
_GOOD = (pq.ExecStatus.COMMAND_OK, pq.ExecStatus.TUPLES_OK)


class Answer:
    """What the server gave, read as from a cursor."""

    def __init__(self, turner: abc.Transformer, result: pq.abc.PGresult) -> None:
        self._turner, self._result = turner, result

    @property
    def description(self) -> list[tuple[str, int]]:
        """Name and type of each column, as far as anybody asks."""
        return [("", self._result.ftype(place)) for place in range(self._result.nfields)]

    def fetchall(self) -> list[tuple[Any, ...]]:
        """Every row."""
        return self._turner.load_rows(0, self._result.ntuples, tuple)


def ask(
    connection: psycopg.Connection[Any],
    ready: dict[Any, bytes],
    statement: tuple[bytes, list[str]],
    values: Mapping[str, Any],
) -> Answer:
    """Run a statement.

    :param ready: what the server keeps ready for this connection; remembered with it.
    :param statement: as `prepared.numbered` gives it.
    :raises psycopg.Error: as a cursor of psycopg would.
    """
    text, places = statement
    server, turner = connection.pgconn, Transformer(connection)
    plain = [values[name] for name in places]
    given: Any = turner.dump_sequence(plain, [PyFormat.AUTO] * len(places))
    key = (text, turner.types)
    name = ready.get(key)
    if name is None and len(ready) < _MOST:
        name = b"lti_%d" % len(ready)
        _check(connection, server.prepare(name, text, turner.types))
        ready[key] = name
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


def is_idle(connection: psycopg.Connection[Any]) -> bool:
    """Whether no transaction is begun, and the server is there as far as anybody knows."""
    return connection.pgconn.transaction_status == pq.TransactionStatus.IDLE


def _check(connection: psycopg.Connection[Any], result: pq.abc.PGresult) -> None:
    if result.status in _GOOD:
        return
    if result.error_field(pq.DiagnosticField.SQLSTATE) is None:  # no word from the server itself
        connection.close()
        raise psycopg.OperationalError(result.get_error_message())
    raise error_from_result(result)
