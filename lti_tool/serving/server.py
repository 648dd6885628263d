"""The web server: gunicorn in this process, with the application made once for all its processes.

Its processes are forks of this one, so that they share what the application is made of: a start
is read once, memory is held once, and one that has done its share of requests is replaced at once.
"""

import logging
import os
import signal
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.glogging import Logger
from sqlalchemy import Engine

from lti_tool.core.hanging_up import is_kept_on
from lti_tool.serving.worker import Worker
from lti_tool.web.logs import LineHandler, take_over

_IN_MEMORY = "/dev/shm"
"""Where a process shows that it lives, at every step of its loop: on a disk that cost a tenth of a
millisecond a request."""


class _OfServing(LineHandler):
    """The parent names its processes and where it listens; one that serves requests would name who
    asked."""

    def __init__(self) -> None:
        super().__init__()
        self._parent = os.getpid()

    def words_of(self, record: logging.LogRecord) -> str:
        """What of a record is told."""
        is_parents = record.process == self._parent
        return record.getMessage() if is_parents else super().words_of(record)


class _Log(Logger):  # type: ignore[misc]
    """Gunicorn's own lines, in the form of all others."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        take_over("gunicorn.error", _OfServing())


class _Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    def __init__(self, app: Flask, chosen: dict[str, Any]) -> None:
        self._app = app
        self._chosen = chosen
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._chosen.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self._app


def run_server(
    app: Flask, engine: Engine, *, host: str, port: int, workers: int, threads: int
) -> None:
    """Serve until told to end; never returns.

    :param engine: the application's database; no connection may go through a fork with it.
    """

    def forked(_server: object, _worker: object) -> None:
        engine.dispose(close=False)

    kept_on = is_kept_on()

    def take_hanging_up(arbiter: Arbiter) -> None:
        if kept_on:
            signal.signal(signal.SIGHUP, signal.SIG_IGN)
        else:
            signal.signal(signal.SIGHUP, lambda _, frame: arbiter.signal(signal.SIGTERM, frame))

    chosen = {
        "bind": f"{host}:{port}",
        "worker_class": Worker,
        "workers": workers,
        "threads": threads,
        "preload_app": True,
        "post_fork": forked,
        "when_ready": take_hanging_up,
        "control_socket_disable": True,
        "logger_class": _Log,
        "accesslog": None,  # addresses hold handles
        "graceful_timeout": 20,
        "limit_request_line": 8190,
        "forwarded_allow_ips": "",  # which proxies are believed is for TRUSTED_PROXIES alone
        "forwarder_headers": "",
        "http_parser": "python",  # the one we tried, whatever else is installed beside it
        "timeout": 60,
        "worker_tmp_dir": _IN_MEMORY if os.access(_IN_MEMORY, os.W_OK) else None,
        "max_requests": 20_000,
        "max_requests_jitter": 2_000,
    }
    engine.dispose()
    _Server(app, chosen).run()
