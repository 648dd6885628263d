"""What the tool puts on the wire to a platform, as the platform's server received it.

A recorder before the demo platform's server: method, address, headers and body of each request.
"""

import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from werkzeug.datastructures import Headers
from werkzeug.wrappers import Request

from tests.support.graded_platform import GradedPlatform


@dataclass
class Asked:
    """One request."""

    method: str
    path: str
    query: str
    headers: Headers
    body: bytes

    @property
    def form(self) -> dict[str, list[str]]:
        """The body as a form."""
        return parse_qs(self.body.decode(), strict_parsing=True, keep_blank_values=True)


@dataclass
class Wire:
    """All requests, in order."""

    asked: list[Asked] = field(default_factory=list)

    def of(self, method: str, end: str) -> list[Asked]:
        """Requests by method and the end of their path."""
        return [x for x in self.asked if x.method == method and x.path.endswith(end)]


@contextmanager
def recorded(platform: GradedPlatform) -> Iterator[Wire]:
    """Record what the platform is asked for as long as the block runs."""
    wire = Wire()

    def record(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        request = Request(environ)
        raw = request.get_data()
        environ["wsgi.input"] = io.BytesIO(raw)
        wire.asked.append(
            Asked(
                request.method,
                request.path,
                request.query_string.decode(),
                Headers(list(request.headers)),
                raw,
            )
        )
        return platform(environ, start_response)

    platform.server.app = record  # type: ignore[assignment]
    try:
        yield wire
    finally:
        platform.server.app = platform  # type: ignore[assignment]
