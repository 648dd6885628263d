"""The connections of one web process: what came over them, and which has a request to answer.

No thread waits for a request: a connection is watched until the whole head of one has come, so
that browsers which only connect, and clients which send a byte a second, hold up nobody.
"""

import errno
import selectors
import socket
import struct
import threading
import time
from collections import deque
from collections.abc import Sequence
from typing import Any

from gunicorn.http.errors import LimitRequestHeaders, NoMoreData
from gunicorn.http.unreader import SocketUnreader

from lti_tool.serving.heads import Parser

HEAD_S = 30.0
"""So long a head may take to come."""
STALLED_S = 30
"""So long nothing may come of a body, and nothing be taken of an answer."""
BODY_S = 600.0
"""So long a body may take in all."""
LINGER_S = 2.0
"""So long a closed connection is read from, that the other side may still read our answer."""
_MOST_LEFT_BYTES = 64 * 1024
"""So much of a body that the application left is read, for the next request behind it."""
_PIECE = 16384
_LARGEST_HEAD = 64 * 1024
_HEAD_ENDS = b"\r\n\r\n"
_WOKEN = "woken"
_NO_MORE_FILES = (errno.EMFILE, errno.ENFILE)
_BREATH_S = 0.05
_TIMEOUT = struct.pack("ll", STALLED_S, 0)


class _Reader(SocketUnreader):  # type: ignore[misc]  # gunicorn has no types
    """Reads a body from a client that may stall."""

    until = 0.0

    def chunk(self, size_hint: int | None = None) -> bytes:
        """:raises NoMoreData: nothing came for too long."""
        try:
            if time.monotonic() < self.until:
                return bytes(super().chunk(size_hint))
        except BlockingIOError:
            pass
        raise NoMoreData


class Connection:
    """One connection to a browser or a proxy."""

    __slots__ = (
        *("_head", "_is_too_large", "_reader", "client", "is_ending", "is_watched", "parser"),
        *("server", "sock", "until"),
    )

    def __init__(self, sock: socket.socket, client: Any, server: Any, settings: Any) -> None:
        sock.setblocking(True)
        for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            sock.setsockopt(socket.SOL_SOCKET, option, _TIMEOUT)
        self.sock, self.client, self.server = sock, client, server
        self.parser = Parser(settings, sock, client)
        self.parser.unreader = self._reader = _Reader(sock)
        self._head = b""
        self._is_too_large = self.is_ending = False
        self.is_watched = False
        """Whether the system tells what comes over it; see `Connections`."""
        self.until = time.monotonic() + HEAD_S

    def is_ready(self) -> bool:
        """Read what has come, without waiting: whether it is the whole head of a request.

        :raises ConnectionError: there will be none.
        """
        try:
            piece = self.sock.recv(_PIECE, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return False
        if not piece:
            raise ConnectionResetError
        if self.is_ending:
            return False
        if not self._head:
            self.until = time.monotonic() + HEAD_S
        self._head += piece
        return self._has_head()

    def _has_head(self) -> bool:
        if _HEAD_ENDS not in self._head and len(self._head) < _LARGEST_HEAD:
            return False
        self._reader.unread(self._head)
        self._reader.until = time.monotonic() + BODY_S
        self._is_too_large = _HEAD_ENDS not in self._head
        self._head = b""
        return True

    def request(self) -> Any:
        """The request whose head has come, as gunicorn reads it.

        :raises ParseException: it cannot be read, or its head is too large.
        :raises StopIteration: there are to be no more over this connection.
        """
        if self._is_too_large:
            raise LimitRequestHeaders("head")
        return next(self.parser)

    def is_ready_again(self, keep_s: float) -> bool:
        """After an answer: whether the next request has come already, behind the last one.

        :param keep_s: how long the connection is kept for the next.
        """
        self.until = time.monotonic() + keep_s
        self._head = self._reader.take_buffered()
        return bool(self._head) and self._has_head()

    def has_read_all(self, within_s: float) -> bool:
        """Read what the application left of the last request's body, so that the next is found.

        :returns: whether the end of it came in time.
        """
        return self._is_read or bool(
            self.parser.finish_body(
                deadline=time.monotonic() + within_s, max_bytes=_MOST_LEFT_BYTES
            )
        )

    @property
    def has_much_left(self) -> bool:
        """Whether more of the last request's body is left than will be read: the connection ends
        with this answer, which has to say so, else the next request would be lost."""
        return (self._left or 0) >= _MOST_LEFT_BYTES

    @property
    def _is_read(self) -> bool:
        return self._left == 0

    @property
    def _left(self) -> int | None:
        """Bytes of the last request's body that nobody has read; nothing where it is not known."""
        body = getattr(self.parser.mesg, "body", None)
        return None if body is None else getattr(body.reader, "length", None)

    def end(self) -> bool:
        """After the last answer: whether all that was sent has been read, and it may be closed.

        Else the other side is told, and what it still sends is read: to close on it would have
        the network throw away an answer that it has not read yet (RFC 9112, 9.6).
        """
        if self._is_read:
            return True
        try:
            self.sock.shutdown(socket.SHUT_WR)
        except OSError:
            return True
        self.is_ending = True
        self.until = time.monotonic() + LINGER_S
        return False


class Connections:
    """All connections of a process. `next` is for the thread that has the turn alone; the others
    may be called by any.

    A connection stays watched while its request is answered, since to tell the system twice for
    each request costs more than what comes meanwhile, which is rare: then it is watched no longer,
    until it is put back.
    """

    def __init__(self, listeners: Sequence[Any], settings: Any) -> None:
        self._settings = settings
        self._poller = selectors.DefaultSelector()
        self._waiting: dict[Connection, None] = {}
        self._change = threading.Lock()
        """Held while it changes whether a connection waits or is watched."""
        self._ready: deque[Connection] = deque()
        self._listeners = {getattr(one, "sock", one): one.getsockname() for one in listeners}
        self._wake, woken = socket.socketpair()
        self._poller.register(woken, selectors.EVENT_READ, _WOKEN)
        self._looked = 0.0
        for listener in self._listeners:
            listener.setblocking(False)
            self._poller.register(listener, selectors.EVENT_READ)

    def stop_accepting(self) -> None:
        """From now on there are no new connections, and those that wait are soon closed."""
        for listener in self._listeners:
            self._poller.unregister(listener)
        soon = time.monotonic() + LINGER_S
        for one in list(self._waiting):
            one.until = min(one.until, soon)
        self._wake.send(b"x")

    def is_empty(self) -> bool:
        """Whether nobody waits here for anything."""
        return not self._ready and not self._waiting

    def next(self) -> Connection | None:
        """A connection with a request to answer; nothing if none came within a second."""
        if not self._ready:
            for key, _ in self._poller.select(1.0):
                if key.data is None:
                    self._accept(key.fileobj)
                elif key.data is _WOKEN:
                    key.fileobj.recv(100)  # type: ignore[union-attr]  # our own socket
                elif key.data in self._waiting:
                    self._read(key.data)
                else:
                    self._look_away(key.data)
            self._close_what_is_late()
        return self._ready.popleft() if self._ready else None

    def _accept(self, listener: Any) -> None:
        if len(self._waiting) >= self._settings.worker_connections:
            self._make_room()
        try:
            sock, client = listener.accept()
        except OSError as error:
            if error.errno in _NO_MORE_FILES:
                self._make_room()
            return  # else another process was first
        self._read(Connection(sock, client, self._listeners[listener], self._settings))

    def _make_room(self) -> None:
        """Close what has waited longest; if nothing waits, answers under way must end first."""
        waiting = list(self._waiting)
        if waiting:
            self.close(waiting[0])
        else:
            time.sleep(_BREATH_S)

    def _read(self, connection: Connection) -> None:
        try:
            is_ready = connection.is_ready()
        except OSError:
            self.close(connection)
            return
        if is_ready:
            self._leave(connection)
            self._ready.append(connection)
        else:
            self._wait(connection)

    def _wait(self, connection: Connection) -> None:
        with self._change:
            self._waiting[connection] = None
            if not connection.is_watched:
                connection.is_watched = True
                self._poller.register(connection.sock, selectors.EVENT_READ, connection)

    def _leave(self, connection: Connection) -> None:
        self._waiting.pop(connection, None)

    def _look_away(self, connection: Connection) -> None:
        """Something came over a connection whose request is being answered."""
        with self._change:
            if connection.is_watched and connection not in self._waiting:
                connection.is_watched = False
                self._poller.unregister(connection.sock)

    def _close_what_is_late(self) -> None:
        now = time.monotonic()
        if now - self._looked > 1:
            self._looked = now
            for one in [one for one in list(self._waiting) if one.until < now]:
                self.close(one)

    def put_back(self, connection: Connection, keep_s: float) -> None:
        """Its request is answered, and the next may come."""
        if connection.is_ready_again(keep_s):
            self._ready.append(connection)
        else:
            self._wait(connection)

    def end(self, connection: Connection) -> None:
        """Its last request is answered."""
        if connection.end():
            self.close(connection)
        else:
            self._wait(connection)

    def close(self, connection: Connection) -> None:
        """Close it at once."""
        self._leave(connection)
        self._look_away(connection)
        connection.sock.close()
