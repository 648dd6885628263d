"""Requests whose host is none are answered before anything else looks at them.

The framework cannot make a single address for such a request, not even those of its error page.
Sits within `ProxyFix`, so it judges the host that a trusted proxy passed on.
"""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

_HOST = re.compile(r"([A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(:[0-9]{1,5})?")
_PAGE = (
    b'<!doctype html><html lang="en-GB"><head><title>This could not be read</title></head>'
    b"<body><main><h1>This could not be read</h1><p>The request names no host we could be. Go "
    b"back to your course and open the activity again.</p></main></body></html>"
)


@lru_cache(maxsize=100)
def is_host(host: str) -> bool:
    """Whether this can be a host with or without a port; empty counts, as old clients send none."""
    name = host.partition(":")[0]
    labels = name.removesuffix(".").split(".")
    is_named = host.startswith("[") or all(0 < len(label) < 64 for label in labels)
    return not host or bool(_HOST.fullmatch(host) and is_named)


class RefuseOddHosts:
    """The application, for requests that name a host."""

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self.application = application

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Pass the request on, or answer 400 with a page of our own."""
        if is_host(environ.get("HTTP_HOST", "")):
            return self.application(environ, start_response)
        headers = [
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Length", str(len(_PAGE))),
            ("Content-Security-Policy", "default-src 'none'; frame-ancestors *"),
            ("X-Content-Type-Options", "nosniff"),
            ("X-Reason-Code", "http_400"),
            ("Cache-Control", "no-store"),
        ]
        start_response("400 Bad Request", headers)
        return [_PAGE]
