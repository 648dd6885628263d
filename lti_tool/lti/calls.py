"""Every HTTP call to a platform goes through here: time limits, size limits, no surprises.

One session per thread, so that connections are kept. Redirects are never followed and nothing
is retried: the caller knows what a repeat would mean.
"""

import json
import threading
import time
from dataclasses import dataclass
from typing import Any

import requests
from requests.adapters import HTTPAdapter

from lti_tool.lti.addresses import is_public
from lti_tool.lti.errors import ServiceFailed
from lti_tool.settings import Settings

CONNECT_TIMEOUT_S = 3.05
LONGEST_BODY = 5 * 1024 * 1024
_USER_AGENT = "lti-tool/0.1 (LTI 1.3 Advantage)"
_threads = threading.local()


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
        """Seconds the platform asked us to wait."""
        raw = self.headers.get("Retry-After", "")
        return min(float(raw), 3600.0) if raw.isdigit() else None


def _session() -> requests.Session:
    session: requests.Session | None = getattr(_threads, "session", None)
    if session is None:
        session = requests.Session()
        session.trust_env = False
        session.headers["User-Agent"] = _USER_AGENT
        adapter = HTTPAdapter(max_retries=0, pool_connections=8, pool_maxsize=8)
        session.mount("https://", adapter)
        session.mount("http://", adapter)
        _threads.session = session
    return session


def _check_peer(settings: Settings, response: requests.Response) -> None:
    """Refuse an answer from a private address: the name may have changed its mind."""
    if settings.allow_private_platforms:
        return
    connection = getattr(response.raw, "_connection", None)
    sock = getattr(connection, "sock", None)
    if sock is not None and not is_public(sock.getpeername()[0]):
        raise ServiceFailed("address_private")


def _read(response: requests.Response, deadline: float) -> bytes:
    body = bytearray()
    for chunk in response.iter_content(65536):
        body += chunk
        if len(body) > LONGEST_BODY:
            raise ServiceFailed("answer_too_long", response.status_code)
        if time.monotonic() > deadline:
            raise ServiceFailed("timeout", response.status_code)
    return bytes(body)


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
    :raises ServiceFailed: no whole answer came within `PLATFORM_TIMEOUT_S` seconds, or it was
        longer than 5 MB, or came from an address we must not call.
    """
    limit = settings.platform_timeout_s
    deadline = time.monotonic() + limit
    try:
        with _session().request(
            method,
            url,
            headers=headers,
            data=data,
            stream=True,
            allow_redirects=False,
            timeout=(min(CONNECT_TIMEOUT_S, limit), limit),
        ) as response:
            _check_peer(settings, response)
            return Answer(response.status_code, response.headers, _read(response, deadline))
    except requests.Timeout:
        raise ServiceFailed("timeout") from None
    except (requests.RequestException, OSError, ValueError):
        raise ServiceFailed("unreachable") from None
