"""Heads of requests: what is plainly right is read at once, all else as gunicorn reads it.

gunicorn looks at each line of a head in Python, in case it is one of many that could be read in
two ways. Nearly every head is of the plain kind, which one pattern knows as a whole. And heads of
answers, whose date is spelt once a second.
"""

import re
import time
from functools import lru_cache
from typing import Any

from gunicorn import util
from gunicorn.config import Config
from gunicorn.http.message import Request
from gunicorn.http.parser import RequestParser
from gunicorn.http.wsgi import Response

_LINE = r"[!#$%&'*+\-.^`|~0-9A-Za-z]+:[\t\x20-\x7e\x80-\xff]*"
"""A name of RFC 9110's signs but for the low line, and a value without control characters."""
_PLAIN = re.compile(rf"{_LINE}(?:\r\n{_LINE})*".encode("latin-1"))
_ONCE = ("HOST", "CONTENT-TYPE")
_LONGEST = 8000
"""Bytes. Less than one line may have, so that no line can be too long."""
_MOST_LINES = 50


class Settings:
    """gunicorn's settings as they are once the server runs. Its own are looked up by two calls
    each, twenty times a request."""

    def __init__(self, chosen: Config) -> None:
        self._chosen = chosen
        self.__dict__.update({name: one.get() for name, one in chosen.settings.items()})
        self.is_ssl = chosen.is_ssl

    def __getattr__(self, name: str) -> Any:
        return getattr(self._chosen, name)


class _Request(Request):  # type: ignore[misc]  # gunicorn has no types
    def parse_headers(self, data: bytes, from_trailer: bool = False) -> list[tuple[str, str]]:
        """Names in capitals, and values."""
        found = None if from_trailer else self._read_plain(data)
        if found is None:
            found = super().parse_headers(data, from_trailer)
        return found

    def _read_plain(self, data: bytes) -> list[tuple[str, str]] | None:
        """The same, or None where gunicorn must look at it line by line."""
        is_from_proxy = self.cfg.forwarded_allow_ips or not isinstance(self.peer_addr, tuple)
        if is_from_proxy or len(data) > _LONGEST or not _PLAIN.fullmatch(data):
            return None
        lines = [line.partition(":") for line in data.decode("latin-1").split("\r\n")]
        found = [(name.upper(), value.strip(" \t")) for name, _, value in lines]
        names = [name for name, _ in found]
        is_odd = "EXPECT" in names or any(names.count(one) > 1 for one in _ONCE)
        return None if is_odd or len(names) > _MOST_LINES else found


class Parser(RequestParser):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn's parser of the requests of one connection."""

    mesg_class = _Request


@lru_cache(maxsize=1)
def _date(second: int) -> str:
    return str(util.http_date(second))


class Head(Response):  # type: ignore[misc]  # gunicorn has no types
    """An answer, whose head is gunicorn's but for how often its date is spelt."""

    def default_headers(self) -> list[str]:
        """The lines before those that the application gave."""
        is_kept = not self.should_close()
        major, minor = self.req.version
        return [
            f"HTTP/{major}.{minor} {self.status}\r\n",
            f"Server: {self.version}\r\n",
            f"Date: {_date(int(time.time()))}\r\n",
            f"Connection: {'keep-alive' if is_kept else 'close'}\r\n",
            *(["Transfer-Encoding: chunked\r\n"] if self.chunked else []),
        ]
