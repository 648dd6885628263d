"""gunicorn as `lti-tool serve` sets it up, but that no process is replaced after so many requests.

For what the bench serves itself: the operator's command takes neither another application nor
another limit.
"""

import sys
from typing import Any

from lti_tool.db import database

worker_class = "lti_tool.serving.worker.Worker"
threads = 4
preload_app = True
max_requests = 0
control_socket_disable = True
loglevel = "warning"
timeout = 60
limit_request_line = 8190
forwarded_allow_ips = ""
forwarder_headers = ""


def post_fork(server: Any, _worker: Any) -> None:
    """No connection to the database goes through a fork."""
    app = server.app.wsgi()
    with app.app_context():
        database().engine.dispose(close=False)


def command(app: str, port: int, workers: int) -> list[str]:
    """The command line that serves an application by these settings."""
    settings = ["--config", "python:tests.bench.gunicorn_settings"]
    place = ["--bind", f"127.0.0.1:{port}", "--workers", str(workers)]
    return [sys.executable, "-m", "gunicorn", app, *settings, *place]
