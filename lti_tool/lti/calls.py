"""Every HTTP call to a platform goes through here: time limits, size limits, no surprises.

Connections are kept, apart for each kind of address, and the threads of a process share them.
Redirects are never followed, nothing is retried, no cookie is kept: the caller knows what a repeat
would mean. Which addresses may be called, and when the line is cut, is decided in `deadlines.py`.
"""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Any
from urllib.parse import urlencode

import certifi
from urllib3 import BaseHTTPResponse, PoolManager, Timeout
from urllib3.exceptions import HTTPError, NewConnectionError, TimeoutError
from urllib3.util import parse_url
from urllib3.util.ssl_ import create_urllib3_context

from lti_tool.core import clock
from lti_tool.lti.deadlines import AddressPrivate, hang_up_after, make_pools
from lti_tool.lti.errors import ServiceFailed
from lti_tool.settings import Settings

CONNECT_TIMEOUT_S = 3.05
LONGEST_BODY = 5 * 1024 * 1024
_ALWAYS_SAID = {
    "User-Agent": "lti-tool/0.1 (LTI 1.3 Advantage)",
    "Accept": "*/*",
    "Accept-Encoding": "gzip, deflate",
}
_MOST_KEPT = 48
"""Connections to one host, and hosts: as many as threads of a worker that call."""
_LONGEST_WAIT_S = 3600.0
_block_ends: ContextVar[float | None] = ContextVar("block_ends", default=None)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a platform answered."""

    status: int
    headers: Mapping[str, str]
    """By name, in whatever case."""
    body: bytes

    @property
    def is_html(self) -> bool:
        """Whether it is a web page, which no service answers with when all is well."""
        return self.body.lstrip()[:15].lower().startswith((b"<!doctype", b"<html"))

    def json(self) -> Any:
        """The body as JSON, whatever media type it claims (Moodle's token says text/html).

        :raises ServiceFailed: it is no JSON.
        """
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            raise ServiceFailed("answer_unreadable", self.status) from None

    @property
    def retry_after(self) -> float | None:
        """Seconds the platform asked us to wait, an hour at most (RFC 9110, 10.2.3)."""
        raw = self.headers.get("Retry-After", "").strip()
        if raw.isascii() and raw.isdigit():
            seconds = float(raw)
        else:
            try:
                at = parsedate_to_datetime(raw)
            except (TypeError, ValueError):
                return None
            if at.tzinfo is None:
                return None
            seconds = (at - clock.now()).total_seconds()
        return min(max(seconds, 0.0), _LONGEST_WAIT_S)


@cache
def _pools(scheme: str, *, public_only: bool) -> PoolManager:
    """Kept connections; those that may lead to private addresses are never used for others."""
    options: dict[str, Any] = {}
    if scheme == "https":  # one for all, since reading the authorities takes milliseconds
        options["ssl_context"] = context = create_urllib3_context()
        context.load_verify_locations(certifi.where())
    return make_pools(public_only=public_only, num_pools=_MOST_KEPT, maxsize=_MOST_KEPT, **options)


def _read(response: BaseHTTPResponse, deadline: float) -> bytes:
    """The body, as it comes: reading in whole blocks would let a trickle hold us for days."""
    body = bytearray()
    try:
        while chunk := response.read1(65536, decode_content=True):
            body += chunk
            if len(body) > LONGEST_BODY:
                raise ServiceFailed("answer_too_long", response.status)
    except TimeoutError:
        raise ServiceFailed("timeout", response.status) from None
    except (HTTPError, OSError):
        is_late = time.monotonic() >= deadline
        raise ServiceFailed("timeout" if is_late else "unreachable", response.status) from None
    if time.monotonic() >= deadline:  # we hung up, which may look like a good end
        raise ServiceFailed("timeout", response.status)
    return bytes(body)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Give all calls of a block this long together; the call that is over it fails in time."""
    token = _block_ends.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _block_ends.reset(token)


def _limit(settings: Settings) -> float:
    ends = _block_ends.get()
    left = settings.platform_timeout_s
    if ends is not None:
        left = min(left, ends - time.monotonic())
    if left <= 0:
        raise ServiceFailed("timeout")
    return left


def _open(
    settings: Settings,
    method: str,
    url: str,
    headers: dict[str, str],
    body: bytes | None,
    limit: float,
) -> BaseHTTPResponse:
    """The answer up to the end of its headers."""
    place = parse_url(url)
    if place.scheme not in {"http", "https"} or not place.host:
        raise ValueError("not a web address")
    pools = _pools(place.scheme, public_only=not settings.allow_private_platforms)
    return pools.connection_from_host(place.host, place.port, place.scheme).urlopen(
        method,
        place.request_uri,
        body,
        headers,
        retries=False,
        redirect=False,
        assert_same_host=False,
        timeout=Timeout(connect=min(CONNECT_TIMEOUT_S, limit), read=limit),
        preload_content=False,
    )


@contextmanager
def _closed(response: BaseHTTPResponse) -> Iterator[BaseHTTPResponse]:
    """Give the connection back where all of the answer was read, else end it."""
    try:
        yield response
    finally:
        response.close()
        response.release_conn()


def call(
    settings: Settings,
    method: str,
    url: str,
    *,
    headers: dict[str, str] | None = None,
    data: bytes | dict[str, str] | None = None,
) -> Answer:
    """Make one call.

    :param data: the body, or the fields of a form.
    :return: the answer, whatever its status.
    :raises ServiceFailed: no whole answer came within `PLATFORM_TIMEOUT_S` seconds, or in the
        time of the block, or it was longer than 5 MB, or came from an address we must not call.
    """
    limit = _limit(settings)
    deadline = time.monotonic() + limit
    said = {**_ALWAYS_SAID, **(headers or {})}
    if isinstance(data, dict):
        said["Content-Type"] = "application/x-www-form-urlencoded"
        data = urlencode(data).encode()
    try:
        with (
            hang_up_after(limit),
            _closed(_open(settings, method, url, said, data, limit)) as response,
        ):
            return Answer(response.status, response.headers, _read(response, deadline))
    except AddressPrivate:
        raise ServiceFailed("address_private") from None
    except (HTTPError, OSError, ValueError) as error:
        is_late = time.monotonic() >= deadline  # then the hanging up was ours
        is_late |= isinstance(error, TimeoutError) and not isinstance(error, NewConnectionError)
        raise ServiceFailed("timeout" if is_late else "unreachable") from None
