"""A server of the tests' own, run in a thread for as long as a block lasts."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import ThreadingHTTPServer
from typing import TypeVar

Server = TypeVar("Server", bound=ThreadingHTTPServer)


@contextmanager
def serving(server: Server, closing: threading.Event) -> Iterator[Server]:
    """Serve until the block ends; `closing` tells answers that wait to give up."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server
    finally:
        closing.set()
        server.shutdown()
        thread.join()
        server.server_close()
