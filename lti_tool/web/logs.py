"""Structured logs: what happened, how long it took, and a reference a user can quote.

No personal data and no addresses with queries: Moodle's hints are in them. A request is named
by its route's rule, never by its path, which would hold a visit's handle.
"""

import logging
import sys
import time

import structlog
from flask import Flask, Response, g, request

from lti_tool.core.identifiers import short_code

log = structlog.get_logger("lti_tool")


def set_up_logs(log_format: str) -> None:
    """Send structured lines to standard error, as JSON or as text."""
    last = (
        structlog.processors.JSONRenderer()
        if log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.getLogger("werkzeug").setLevel(logging.ERROR)


def reference() -> str:
    """The request's reference, as shown on error pages and written in the log."""
    return str(g.get("reference", "none"))


def _begin() -> None:
    g.reference = short_code(8)
    g.began = time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(reference=g.reference)


def _end(response: Response) -> Response:
    if request.endpoint not in {"static", "health.healthz"}:
        log.info(
            "request",
            method=request.method,
            route=request.url_rule.rule if request.url_rule else "none",
            status=response.status_code,
            ms=round((time.perf_counter() - g.began) * 1000, 1),
        )
    return response


def init_app(app: Flask) -> None:
    """Give each request a reference and write one line at its end."""
    app.before_request(_begin)
    app.after_request(_end)
