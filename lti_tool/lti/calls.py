"""Every HTTP call to a platform goes through here: time limits, size limits, no surprises.

One adapter of `requests` per thread and kind of address, so that connections are kept. Redirects
are never followed and nothing is retried: the caller knows what a repeat would mean. Which
addresses may be called, and when the line is cut, is decided in `deadlines.py`.
"""

import json
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any

import requests
import urllib3

from lti_tool.core import clock
from lti_tool.lti.deadlines import AddressPrivate, PublicAdapter, TimedAdapter, hang_up_after
from lti_tool.lti.errors import ServiceFailed
from lti_tool.settings import Settings

CONNECT_TIMEOUT_S = 3.05
LONGEST_BODY = 5 * 1024 * 1024
_ALWAYS_SAID = {
    "User-Agent": "lti-tool/0.1 (LTI 1.3 Advantage)",
    "Accept": "*/*",
    "Accept-Encoding": "gzip, deflate",
}
_LONGEST_WAIT_S = 3600.0
_threads = threading.local()
_block_ends: ContextVar[float | None] = ContextVar("block_ends", default=None)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a platform answered."""

    status: int
    headers: requests.structures.CaseInsensitiveDict[str]
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


def _adapter(settings: Settings) -> TimedAdapter:
    """This thread's connections; those that may lead to private addresses never serve others."""
    name = "private" if settings.allow_private_platforms else "public"
    name = f"{name} {settings.platform_ca or ''}"
    adapter: TimedAdapter | None = getattr(_threads, name, None)
    if adapter is None:
        kind = TimedAdapter if settings.allow_private_platforms else PublicAdapter
        adapter = kind(settings.platform_ca, max_retries=0, pool_connections=8, pool_maxsize=8)
        setattr(_threads, name, adapter)
    return adapter


def _prepare(
    method: str,
    url: str,
    headers: dict[str, str] | None,
    data: bytes | dict[str, str] | None,
) -> requests.PreparedRequest:
    """What is sent. No session adds to it: cookies, proxies and passwords of the machine's user
    have no place in a call to a platform, and looking for them cost a third of it."""
    prepared = requests.PreparedRequest()
    prepared.prepare(method, url, headers={**_ALWAYS_SAID, **(headers or {})}, data=data)
    return prepared


def _read(response: requests.Response, deadline: float) -> bytes:
    """The body, as it comes: reading in whole blocks would let a trickle hold us for days."""
    body = bytearray()
    try:
        while chunk := response.raw.read1(65536, decode_content=True):
            body += chunk
            if len(body) > LONGEST_BODY:
                raise ServiceFailed("answer_too_long", response.status_code)
    except urllib3.exceptions.ReadTimeoutError:
        raise ServiceFailed("timeout", response.status_code) from None
    except (urllib3.exceptions.HTTPError, OSError):
        is_late = time.monotonic() >= deadline
        raise ServiceFailed("timeout" if is_late else "unreachable", response.status_code) from None
    if time.monotonic() >= deadline:  # we hung up, which may look like a good end
        raise ServiceFailed("timeout", response.status_code)
    return bytes(body)


def _is_untrusted(error: BaseException | None) -> bool:
    """Whether what went wrong at the bottom of it is the other side's certificate."""
    while error is not None and not isinstance(error, ssl.SSLCertVerificationError):
        error = error.__context__
    return error is not None


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


def call(
    settings: Settings,
    method: str,
    url: str,
    *,
    headers: dict[str, str] | None = None,
    data: bytes | dict[str, str] | None = None,
) -> Answer:
    """Make one call.

    :return: the answer, whatever its status.
    :raises ServiceFailed: the certificate was not trusted, or no whole answer came within
        `PLATFORM_TIMEOUT_S` seconds, or in the time of the block, or it was longer than 5 MB, or
        came from an address we must not call.
    """
    limit = _limit(settings)
    deadline = time.monotonic() + limit
    try:
        with (
            hang_up_after(limit),
            _adapter(settings).send(
                _prepare(method, url, headers, data),
                stream=True,
                timeout=(min(CONNECT_TIMEOUT_S, limit), limit),
            ) as response,
        ):
            return Answer(response.status_code, response.headers, _read(response, deadline))
    except AddressPrivate:
        raise ServiceFailed("address_private") from None
    except requests.Timeout:
        raise ServiceFailed("timeout") from None
    except (requests.RequestException, OSError, ValueError) as error:
        if _is_untrusted(error):
            raise ServiceFailed("certificate_untrusted") from None
        is_late = time.monotonic() >= deadline  # then the hanging up was ours
        raise ServiceFailed("timeout" if is_late else "unreachable") from None
