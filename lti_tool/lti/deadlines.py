"""Connections to platforms: to an address that was checked, and ended when time is up.

A name is resolved once, each address is judged, and the connection goes to that very address;
host header, SNI and certificate check keep the name. So a name that changes its mind leads
nowhere. The time limits of `requests` count between two bytes, so a watch hangs up at the end
of a call's whole time, headers and body alike. Only `calls.py` uses this.
"""

import heapq
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPResponse, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError
from urllib3.util.connection import create_connection
from urllib3.util.ssl_ import create_urllib3_context

from lti_tool.lti import addresses


class AddressPrivate(Exception):
    """A host name leads to an address we must not call."""


class _Watch:
    """Hangs up the call's connection when its time is up."""

    def __init__(self, seconds: float) -> None:
        self.ends = time.monotonic() + seconds
        self._sock: socket.socket | None = None
        self._lock = threading.Lock()
        self.is_over = False
        _guard.watch(self)

    @property
    def seconds_left(self) -> float:
        """How long the call still has; never 0, which sockets take for "at once"."""
        return max(self.ends - time.monotonic(), 0.001)

    def over(self, sock: socket.socket | None) -> None:
        """Watch this connection from now on."""
        with self._lock:
            self._sock = sock
        if sock is not None and time.monotonic() >= self.ends:
            self.hang_up()

    def hang_up(self) -> None:
        """End the connection in use, if there is one."""
        with self._lock:
            if self._sock is not None:
                with suppress(OSError):  # it may end by itself at the same moment
                    socket.socket.shutdown(self._sock, socket.SHUT_RDWR)

    def end(self) -> None:
        """The call is over; its connection may go back to the pool."""
        with self._lock:
            self._sock = None
            self.is_over = True


class _Guard:
    """One thread that hangs up for all calls of the process: a thread for each call would cost
    more than the call's own work."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._watches: list[tuple[float, int, _Watch]] = []
        self._thread: threading.Thread | None = None

    def watch(self, watch: _Watch) -> None:
        """Hang up for this one when its time is up."""
        with self._changed:
            first = self._watches[0][0] if self._watches else None
            heapq.heappush(self._watches, (watch.ends, id(watch), watch))
            if self._thread is None or not self._thread.is_alive():  # as after a fork
                self._thread = threading.Thread(target=self._run, name="hang-up", daemon=True)
                self._thread.start()
            elif first is None or watch.ends < first:
                self._changed.notify()

    def _next(self) -> _Watch:
        with self._changed:
            while True:
                while self._watches and self._watches[0][2].is_over:
                    heapq.heappop(self._watches)
                if not self._watches:
                    self._changed.wait()
                    continue
                left = self._watches[0][0] - time.monotonic()
                if left <= 0:
                    return heapq.heappop(self._watches)[2]
                self._changed.wait(left)

    def _run(self) -> None:
        while True:
            self._next().hang_up()


_guard = _Guard()
_watch: ContextVar[_Watch | None] = ContextVar("watch", default=None)


@contextmanager
def hang_up_after(seconds: float) -> Iterator[None]:
    """End any connection this block uses when it takes longer than `seconds`."""
    watch = _Watch(seconds)
    token = _watch.set(watch)
    try:
        yield
    finally:
        watch.end()
        _watch.reset(token)


def _resolve_in_time(host: str, port: int, seconds: float) -> list[str]:
    """The addresses of a name. The system's resolver knows no time limit, so it may be left
    behind in a thread of its own."""
    found: list[list[str] | Exception] = []

    def ask() -> None:
        try:
            found.append(addresses.resolve(host, port))
        except Exception as error:
            found.append(error)

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(seconds)
    answer = found[0] if found else TimeoutError("the name took too long")
    if isinstance(answer, Exception):
        raise answer
    return answer


def _connect(connection: HTTPConnection, public_only: bool) -> socket.socket:
    """A connection to an address that was judged first; the name is not asked again."""
    watch = _watch.get()
    seconds = connection.timeout if isinstance(connection.timeout, int | float) else 10.0
    if watch is not None:
        seconds = min(seconds, watch.seconds_left)
    try:
        found = _resolve_in_time(connection.host, connection.port, seconds)
    except TimeoutError as error:
        raise ConnectTimeoutError(connection, str(error)) from error
    except (OSError, ValueError) as error:
        refused = socket.gaierror(socket.EAI_NONAME, str(error))
        raise NameResolutionError(connection.host, connection, refused) from error
    if public_only and not all(addresses.is_public(address) for address in found):
        raise AddressPrivate
    problem: OSError | None = None
    for address in found:
        try:
            sock = create_connection(
                (address, connection.port), seconds, socket_options=connection.socket_options
            )
        except OSError as error:
            problem = error
            continue
        if watch is not None:
            watch.over(sock)
        return sock
    raise NewConnectionError(connection, f"no address answers: {problem}") from problem


class _Connection(HTTPConnection):
    """Judges the address, and is watched until the end of the answer's headers."""

    public_only = False

    def _new_conn(self) -> socket.socket:
        return _connect(self, self.public_only)

    def getresponse(self) -> HTTPResponse:  # type: ignore[override]
        """The answer up to the end of its headers."""
        watch = _watch.get()
        if watch is not None:
            watch.over(self.sock)
        return super().getresponse()


class _TlsConnection(_Connection, HTTPSConnection):
    """The same over TLS."""


class _PublicConnection(_Connection):
    public_only = True


class _PublicTlsConnection(_TlsConnection):
    public_only = True


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


class _PublicPool(HTTPConnectionPool):
    ConnectionCls = _PublicConnection


class _PublicTlsPool(HTTPSConnectionPool):
    ConnectionCls = _PublicTlsConnection


class TimedAdapter(HTTPAdapter):
    """The adapter of `requests` with connections as above.

    :param authorities: a file of certificates that are trusted besides the public ones.
    """

    def __init__(self, authorities: Path | None, **values: Any) -> None:
        self._authorities = authorities
        super().__init__(**values)

    def init_poolmanager(self, *arguments: Any, **values: Any) -> None:
        """Make the pools of connections."""
        if self._authorities is not None:
            values["ssl_context"] = create_urllib3_context()  # `requests` adds the public ones
            values["ssl_context"].load_verify_locations(self._authorities)
        super().init_poolmanager(*arguments, **values)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}


class PublicAdapter(TimedAdapter):
    """The same, to addresses of the open internet alone."""

    def init_poolmanager(self, *arguments: Any, **values: Any) -> None:
        """Make the pools of connections."""
        super().init_poolmanager(*arguments, **values)
        self.poolmanager.pool_classes_by_scheme = {"http": _PublicPool, "https": _PublicTlsPool}
