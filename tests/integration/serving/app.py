"""An application that lets its server be tried: slow, refusing, in pieces, broken."""

import os
import time
from collections.abc import Iterable
from typing import Any

import structlog

from lti_tool.web.logs import carry, with_carried

structlog.configure(processors=[with_carried, structlog.processors.KeyValueRenderer()])


def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Answers by path; the body is words separated by spaces."""
    carry(visit="of the request before")
    path, query = environ["PATH_INFO"], environ["QUERY_STRING"]
    status, headers, body = "200 OK", [], b"quick"
    if path == "/slow":
        time.sleep(float(query))
        body = b"slow"
    elif path == "/length":
        body = str(len(environ["wsgi.input"].read())).encode()
    elif path == "/refuse":
        status, body = "413 Content Too Large", b"too large"
    elif path == "/process":
        body = str(os.getpid()).encode()
    elif path == "/busy":
        body = str(time.process_time()).encode()
    elif path == "/large":
        body = b"x" * int(query)
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
