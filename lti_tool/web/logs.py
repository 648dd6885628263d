"""Structured logs: what happened, how long it took, and a reference a user can quote.

No personal data and no addresses with queries: Moodle's hints are in them. A request is named
by its route's rule, never by its path, which would hold a visit's handle. All lines of one launch
carry the same `launch`, those of the visit that it became the same `visit`; both are digests.
"""

import json
import logging
import sys
import time
from collections.abc import MutableMapping
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, TypeAlias

import structlog
from flask import Flask, Response

from lti_tool.core.identifiers import digest, short_code
from lti_tool.db.current import notes, the_request
from lti_tool.settings import Settings
from lti_tool.web import traces
from lti_tool.web.reports import report, set_up_reports

log = structlog.get_logger("lti_tool")
_Line: TypeAlias = MutableMapping[str, Any]
_ENCODER = json.JSONEncoder(default=repr)
_carried: ContextVar[dict[str, Any]] = ContextVar("carried")
"""What every line of this request says: replaced, never changed."""


def with_carried(_logger: Any, _level: str, line: _Line) -> _Line:
    """What the request's lines say beside their own, whoever writes them."""
    return {**_carried.get({}), **line}


def _with_level_and_time(_logger: Any, level: str, line: _Line) -> _Line:
    line["level"] = "error" if level == "exception" else level
    line["timestamp"] = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    return line


def _with_trace(_logger: Any, _level: str, line: _Line) -> _Line:
    """In place of an exception, where it came about: its text may quote what a person typed."""
    error = traces.exception_of(line.pop("exc_info")) if line.get("exc_info") else None
    return {**line, "exception": traces.as_text(error)} if error else line


def _as_json(_logger: Any, _level: str, line: _Line) -> str:
    return _ENCODER.encode(line)


class LineHandler(logging.Handler):
    """What libraries log becomes a line like ours. The values they put into their sentences are
    left out: they may tell of a person."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write it, with its trace where it has one."""
        words = self.words_of(record)
        said = {"event": words, "library": record.name, "exc_info": record.exc_info}
        (log.error if record.levelno >= logging.ERROR else log.warning)(**said)

    def words_of(self, record: logging.LogRecord) -> str:
        """What of a record is told."""
        return str(record.msg)


def take_over(library: str, handler: logging.Handler) -> None:
    """Let what a library logs, from warnings up, go through this handler and nowhere else."""
    logger = logging.getLogger(library)
    logger.handlers = [handler]
    logger.setLevel(logging.WARNING)
    logger.propagate = False


def set_up_logs(settings: Settings) -> None:
    """Send structured lines to standard error, as JSON or as text, and faults to Sentry where
    that is set.

    :raises Unusable: Sentry is set and cannot be used.
    """
    reported = [report] if set_up_reports(settings) else []
    last = (
        _as_json
        if settings.log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            with_carried,
            _with_level_and_time,
            *reported,
            _with_trace,
            last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(handlers=[LineHandler()], level=logging.WARNING)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)


def reference() -> str:
    """The request's reference, as shown on error pages and written in the log."""
    return str(notes().get("reference", "none"))


def route() -> str:
    """The rule of the request's address, which holds no handle."""
    rule = the_request().url_rule
    return rule.rule if rule else "none"


def carry(**places: str) -> None:
    """Let the lines of this request say which launch or visit they belong to.

    :param places: a launch's reference or a visit's handle; written is a short digest of it, which
        opens nothing.
    """
    add(**{name: digest(place)[:8].upper() for name, place in places.items()})


def add(**words: Any) -> None:
    """Let the lines of this request say this too from now on."""
    _carried.set(_carried.get({}) | words)


def carry_nothing() -> None:
    """Let the next lines say nothing of the request before."""
    _carried.set({})


def _begin() -> None:
    noted = notes()
    noted.reference = short_code(8)
    noted.began = time.perf_counter()
    _carried.set({"reference": noted.reference})


def _end(response: Response) -> Response:
    asked = the_request()
    if asked.endpoint not in {"static", "health.healthz"}:
        log.info(
            "request",
            method=asked.method,
            route=route(),
            status=response.status_code,
            ms=round((time.perf_counter() - notes().began) * 1000, 1),
        )
    return response


def init_app(app: Flask) -> None:
    """Give each request a reference and write one line at its end."""
    app.before_request(_begin)
    app.after_request(_end)
