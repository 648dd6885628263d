"""Servers of the tests' own, each run in a thread for as long as a block lasts."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import HTTPServer
from typing import Any, TypeVar

from werkzeug.serving import WSGIRequestHandler, make_server

Server = TypeVar("Server", bound=HTTPServer)


class Quiet(WSGIRequestHandler):
    """Tells of faults alone."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Keep the tests' output quiet."""


@contextmanager
def serving(server: Server, closing: threading.Event | None = None) -> Iterator[Server]:
    """Serve until the block ends; `closing` tells answers that wait to give up."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server
    finally:
        if closing is not None:
            closing.set()
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def serving_app(app: Any, port: int = 0) -> Iterator[str]:
    """Serve a WSGI application until the block ends; the address it is served at.

    :param port: any free one where none is named.
    """
    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=Quiet)
    with serving(server):
        yield f"http://127.0.0.1:{server.server_port}"
