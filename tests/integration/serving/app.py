"""An application that lets its server be tried: slow, refusing, in pieces, broken."""

import os
import time
from collections.abc import Callable, Iterable
from typing import Any

import structlog

from lti_tool.web.logs import carry, with_carried

structlog.configure(processors=[with_carried, structlog.processors.KeyValueRenderer()])


_BODIES: dict[str, Callable[[dict[str, Any]], object]] = {
    "/length": lambda environ: len(environ["wsgi.input"].read()),
    "/process": lambda _environ: os.getpid(),
    "/busy": lambda _environ: time.process_time(),
    "/large": lambda environ: "x" * int(environ["QUERY_STRING"]),
}
"""Those that only say something."""


def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Answers by path; the body is words separated by spaces."""
    carry(visit="of the request before")
    path, query = environ["PATH_INFO"], environ["QUERY_STRING"]
    status, headers, body = "200 OK", [], b"quick"
    if path in _BODIES:
        body = str(_BODIES[path](environ)).encode()
    elif path == "/slow":
        time.sleep(float(query))
        body = b"slow"
    elif path == "/refuse":
        status, body = "413 Content Too Large", b"too large"
    elif path == "/broken":
        raise ValueError("broken for Amara")
    elif path == "/odd-head":
        headers.append(("X-Odd", "a\r\nb"))
    elif path == "/pieces":
        start_response(status, headers)
        return iter([b"one ", b"two"])
    elif path == "/torn":
        start_response(status, headers)
        return (piece if piece else 1 / 0 for piece in (b"one ", b""))  # type: ignore[misc]
    start_response(status, [*headers, ("Content-Length", str(len(body)))])
    return [body]
