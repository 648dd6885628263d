"""Answers that are faults on purpose, and Moodle's error shapes.

Used by the token endpoint and the services. Which faults are due is kept in
switches.py.
"""

import json
from http import HTTPStatus

from flask import Response, render_template, request

from lti_tool.demo_platform.platform import get_platform

_PLANNED = (
    (429, "Too Many Requests"),
    (500, "Internal Server Error"),
    (503, "Service Unavailable"),
)


def planned_fault(prefix: str) -> Response | None:
    """The fault that a switch asks for now, if any."""
    switches = get_platform().switches
    if switches.get("down"):
        return Response("Service Unavailable", 503, mimetype="text/plain")
    for status, words in _PLANNED:
        if switches.take(f"{prefix}{status}"):
            response = Response(words, status, mimetype="text/plain")
            if status == HTTPStatus.TOO_MANY_REQUESTS:
                response.headers["Retry-After"] = str(switches.get("retry_after_s"))
            return response
    return None


def moodle_error_page(message: str) -> Response:
    """Moodle answers many faults with a page for people and status 404."""
    page = render_template("demo_platform/error.html", message=message)
    return Response(page, 404, mimetype="text/html")


def status_line(status: int, reason: str) -> str:
    """A status with its reason, fit for one header line."""
    line = "".join(c if c.isprintable() else " " for c in reason)
    return f"{status} {line[:1000].encode('latin-1', 'replace').decode('latin-1')}"


def service_error(status: int, reason: str) -> Response:
    """The JSON body Moodle's service door uses for its own refusals."""
    body = {
        "status": status,
        "reason": reason,
        "request": {
            "method": request.method,
            "url": request.full_path.rstrip("?"),
            "accept": request.headers.get("Accept", ""),
            "contentType": request.headers.get("Content-Type", ""),
        },
    }
    return Response(
        json.dumps(body, indent=4),
        status_line(status, reason),
        content_type="application/json; charset=utf-8",
    )
