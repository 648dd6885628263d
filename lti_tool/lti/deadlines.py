"""Connections that hang up when an answer's headers are not all there in time.

The time limits of `requests` count between two bytes, so a platform that sends its headers
byte by byte could hold a worker for days. Only `calls.py` uses this; bodies are timed there.
"""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPResponse, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection


def _hang_up(sock: socket.socket) -> None:
    with suppress(OSError):  # it may end by itself at the same moment
        socket.socket.shutdown(sock, socket.SHUT_RDWR)


@contextmanager
def _in_time(sock: socket.socket | None, seconds: Any) -> Iterator[None]:
    """Hang up `seconds` seconds from now, unless the block has ended by then."""
    if sock is None or not isinstance(seconds, int | float):
        yield
        return
    timer = threading.Timer(seconds, _hang_up, [sock])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


class _Connection(HTTPConnection):
    def getresponse(self) -> HTTPResponse:  # type: ignore[override]
        """The answer up to the end of its headers."""
        with _in_time(self.sock, self.timeout):
            return super().getresponse()


class _TlsConnection(HTTPSConnection):
    def getresponse(self) -> HTTPResponse:  # type: ignore[override]
        """The answer up to the end of its headers."""
        with _in_time(self.sock, self.timeout):
            return super().getresponse()


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


class TimedAdapter(HTTPAdapter):
    """The adapter of `requests` with connections as above."""

    def init_poolmanager(self, *arguments: Any, **values: Any) -> None:
        """Make the pools of connections."""
        super().init_poolmanager(*arguments, **values)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}
