"""Two web processes of one tool behind one address, which answer by turns.

As behind a balancer without sticky sessions: each connection goes to the other process than the
one before. The processes share database, queue, keys and configuration, and no folder else, as
on two machines.
"""

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

from tests.support.running_tool import RunningTool, free_port


class Turns:
    """A balancer: passes each connection on to the next process in turn."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.ports: list[int] = []
        self.taken: list[int] = []
        """Ports that answered, in order."""

    def begin(self) -> None:
        """Listen."""
        self._listening = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, daemon=True).start()

    def end(self) -> None:
        """Listen no more."""
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                browser, _ = self._listening.accept()
                port = self.ports[len(self.taken) % len(self.ports)]
                self.taken.append(port)
                process = socket.create_connection(("127.0.0.1", port))
                for one, other in ((browser, process), (process, browser)):
                    threading.Thread(target=_pass_on, args=(one, other), daemon=True).start()

    def skip(self) -> None:
        """Let the other process take the next request."""
        requests.get(f"{self.url}/healthz", headers={"Connection": "close"}, timeout=10)


def _pass_on(one: socket.socket, other: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while part := one.recv(65536):
            other.sendall(part)
        other.shutdown(socket.SHUT_WR)


@contextmanager
def two_processes(folder: Path, database_url: str) -> Iterator[tuple[RunningTool, Turns]]:
    """The tool whose address is the balancer's, for as long as the block runs."""
    turns = Turns()
    shared = {
        "BASE_URL": turns.url,
        "DATABASE_URL": database_url,
        "QUEUE_URL": database_url,
        "KEYS_DIR": str(folder / "keys"),
        "REFUSALS_PER_MINUTE": "12",
    }
    both = [RunningTool(_made(folder / name), shared) for name in ("a", "b")]
    both[0].must("db", "upgrade")
    turns.ports = [one.port for one in both]
    starting = [threading.Thread(target=one.start) for one in both]
    try:
        for one in starting:
            one.start()
        for one in starting:
            one.join()
        turns.begin()
        both[0].url = turns.url
        yield both[0], turns
        turns.end()
    finally:
        for tool in both:
            tool.stop()
    for tool in both:
        tool.check_log()


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder
