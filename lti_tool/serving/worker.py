"""A web process: its threads, and one request from its head to its answer.

What gunicorn does elsewhere it does here: it starts and replaces the processes, parses requests
and refuses the unreadable, makes the environment of WSGI (PEP 3333) and writes the answer's head.
"""

import contextlib
import os
import select
import socket
import threading
import time
from collections.abc import Iterable

import structlog
from gunicorn.http import wsgi
from gunicorn.http.errors import (
    ConfigurationProblem,
    ExpectationFailed,
    InvalidResponseHeader,
    InvalidResponseHeaderName,
    LimitRequestHeaders,
    LimitRequestLine,
    NoMoreData,
    ParseException,
)
from gunicorn.workers.base import Worker as Base

from lti_tool.core.garbage import share_one_heap
from lti_tool.core.identifiers import short_code
from lti_tool.serving.connections import Connection, Connections
from lti_tool.serving.heads import Head, Settings
from lti_tool.serving.short_page import short_page
from lti_tool.serving.turns import Turns
from lti_tool.web.logs import carry_nothing

_DRAIN_S = 5.0
"""So long we read on in a body that the application left unread, to keep the connection."""
_STATUS = {LimitRequestLine: 414, LimitRequestHeaders: 431, ExpectationFailed: 417}
_OURS = (InvalidResponseHeader, InvalidResponseHeaderName, ConfigurationProblem)
"""Faults of what the application answered, or of how it was set up."""
_log = structlog.get_logger("lti_tool")


class _Outbox:
    """A socket that sends what it was given in one piece: a head and a body of an answer."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._pieces: list[bytes] = []
        self.has_sent = False

    def sendall(self, piece: bytes) -> None:
        """Keep it for the next `flush`."""
        self._pieces.append(piece)

    send = sendall

    def flush(self) -> None:
        """Send what was kept."""
        pieces, self._pieces = self._pieces, []
        if pieces:
            self.has_sent = True
            self._sock.sendall(b"".join(pieces))


def _send(items: Iterable[bytes], response: wsgi.Response, outbox: _Outbox) -> None:
    """Send an answer: each item of it as it comes, the first with its head."""
    try:
        for item in items:
            response.write(item)
            outbox.flush()
        response.close()
        outbox.flush()
    finally:
        if hasattr(items, "close"):
            items.close()


class Worker(Base):  # type: ignore[misc]  # gunicorn has no types
    """A process whose threads take turns."""

    alive: bool

    def run(self) -> None:
        """Answer requests until told to end, then those that have come."""
        share_one_heap()
        self._turns = Turns()
        self._settings = Settings(self.cfg)
        self._connections = Connections(self.sockets, self._settings)
        threads = [
            threading.Thread(target=self._work, name=f"turn-{number}", daemon=True)
            for number in range(self.cfg.threads)
        ]
        for thread in threads:
            thread.start()
        while self.alive and self.ppid == os.getppid():
            self.notify()
            if select.select([self.PIPE[0]], [], [], 1.0)[0]:
                os.read(self.PIPE[0], 100)
        self.alive = False
        self._connections.stop_accepting()
        until = time.monotonic() + self.cfg.graceful_timeout
        for thread in threads:
            while thread.is_alive() and time.monotonic() < until:
                self.notify()
                thread.join(0.5)

    def _work(self) -> None:
        try:
            while self._take_turn():
                pass
        except Exception as error:
            _log.error("a thread of the web server ended", exc_info=error)
            self._end_process()

    def _end_process(self) -> None:
        """Another is begun in its place."""
        self.alive = False
        os.write(self.PIPE[1], b"x")

    def _take_turn(self) -> bool:
        """Answer requests for as long as the turn is ours; whether there will be more."""
        number = self._turns.take()
        try:
            while self.alive or not self._connections.is_empty():
                connection = self._connections.next()
                if connection is not None and not self._serve(connection, number):
                    return True
        finally:
            self._turns.pass_on(number)
        return False

    def _serve(self, connection: Connection, number: int) -> bool:
        """Answer a request; whether the turn is still ours."""
        self._turns.begin()
        is_kept = self._answer(connection)
        is_ours = self._turns.end(number)
        if is_kept:
            self._connections.put_back(connection, self.cfg.keepalive)
        else:
            self._connections.end(connection)
        return is_ours

    def _answer(self, connection: Connection) -> bool:
        """Answer the request whose head has come: whether the connection is kept for the next."""
        outbox = _Outbox(connection.sock)
        try:
            request = connection.request()
            response, environ = wsgi.create(
                request, outbox, connection.client, connection.server, self._settings, Head
            )
            outbox.flush()  # an answer to "Expect: 100-continue", before the body comes
            outbox.has_sent = False
            environ["wsgi.multithread"] = True
            items = self.wsgi(environ, response.start_response)
            self._count(response)
            if connection.has_much_left:
                response.force_close()
            _send(items, response, outbox)
            return not response.should_close() and connection.has_read_all(_DRAIN_S)
        except (NoMoreData, StopIteration, OSError):
            return False  # the other side went away
        except Exception as error:
            page = self._refusal(error)
            if not outbox.has_sent:
                with contextlib.suppress(OSError):
                    connection.sock.sendall(page)
            return False

    def _count(self, response: wsgi.Response) -> None:
        self.nr += 1
        if self.nr >= self.max_requests and self.alive:
            self._end_process()
        if not self.alive:
            response.force_close()

    def _refusal(self, error: Exception) -> bytes:
        """What is said of a request that cannot be answered. What it held is in no log: it may be
        of a person."""
        reference = short_code(8)
        about = {"kind": type(error).__name__, "reference": reference}
        carry_nothing()  # the request before this one has left its own
        if isinstance(error, ParseException) and not isinstance(error, _OURS):
            _log.info("request refused by the web server", **about)
            return short_page(_STATUS.get(type(error), 400), reference)
        _log.error("unexpected error", exc_info=error, **about)
        return short_page(500, reference)
