"""A web server of two threads in one process, with an application that can be told to be slow."""

import resource
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.running_tool import free_port

_ROOT = Path(__file__).resolve().parents[3]


@dataclass
class Server:
    """A running server and what it wrote."""

    port: int
    process: subprocess.Popen[bytes]
    log: Path

    def connect(self, sent: bytes = b"") -> socket.socket:
        """A connection over which this was sent."""
        made = socket.create_connection(("127.0.0.1", self.port), timeout=15)
        made.sendall(sent)
        return made

    def ask(self, sent: bytes) -> bytes:
        """All that comes back until the server closes."""
        with self.connect(sent) as connection:
            return read_all(connection)

    def get(self, path: str) -> bytes:
        """The answer to one request, head and body."""
        return self.ask(get(path))


def get(path: str, *, keep: bool = False) -> bytes:
    """A request as it goes over the wire."""
    kept = "keep-alive" if keep else "close"
    return f"GET {path} HTTP/1.1\r\nHost: tool\r\nConnection: {kept}\r\n\r\n".encode()


def read_all(connection: socket.socket) -> bytes:
    """What comes until the other side closes."""
    return b"".join(iter(lambda: connection.recv(65536), b""))


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Begins servers; each ends with the test."""
    begun: list[Server] = []

    def begin(threads: int = 2, files: int = 0, **settings: str) -> Server:
        port, log = free_port(), tmp_path / f"server-{len(begun)}.log"
        options = [f"--{name.replace('_', '-')}={value}" for name, value in settings.items()]
        command = [
            *[sys.executable, "-m", "gunicorn", "tests.integration.serving.app:app"],
            *["--worker-class", "lti_tool.serving.worker.Worker", "--no-control-socket"],
            *["--bind", f"127.0.0.1:{port}", "--threads", str(threads), *options],
        ]
        with log.open("wb") as written:
            process = subprocess.Popen(command, cwd=_ROOT, stdout=written, stderr=written)
        if files:
            resource.prlimit(process.pid, resource.RLIMIT_NOFILE, (files, files))
        server = Server(port, process, log)
        begun.append(server)
        for _ in range(200):
            try:
                assert server.get("/quick").endswith(b"quick")
                return server
            except OSError:
                time.sleep(0.05)
        raise AssertionError(log.read_text())

    yield begin
    for server in begun:
        if server.process.poll() is None:
            server.process.terminate()
            server.process.wait(30)


@pytest.fixture
def server(serve: Callable[..., Server]) -> Server:
    """One process of two threads."""
    return serve()
