"""A proxy that restarts, and a worker whose database goes away: processes that go on."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest
import requests

from lti_tool.db import Database
from lti_tool.jobs.queue import Queue
from lti_tool.settings import load_settings
from tests.support import builders
from tests.support.graded_platform import GradedPlatform
from tests.support.postgres import Stoppable, postgres_server
from tests.support.running_tool import RunningTool, free_port, running_tool


class _Proxy:
    """Passes bytes on to the tool, and may be killed in mid request and begun again."""

    def __init__(self, tool_port: int) -> None:
        self._tool_port, self.port = tool_port, free_port()
        self._open: list[socket.socket] = []

    def begin(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        try:
            while True:
                browser, _ = self._listening.accept()
                tool = socket.create_connection(("127.0.0.1", self._tool_port))
                self._open += [browser, tool]
                for one, other in ((browser, tool), (tool, browser)):
                    threading.Thread(target=self._pass_on, args=(one, other), daemon=True).start()
        except OSError:
            return

    def _pass_on(self, one: socket.socket, other: socket.socket) -> None:
        try:
            while part := one.recv(65536):
                other.sendall(part)
            other.shutdown(socket.SHUT_WR)
        except OSError:
            return

    def kill(self) -> None:
        """End it with all its connections."""
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for one in self._open:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        self._open.clear()


@pytest.fixture
def tool(tmp_path: Path) -> Iterator[RunningTool]:
    with running_tool(tmp_path) as running:
        yield running


def test_a_proxy_that_restarts_in_mid_request(tool: RunningTool) -> None:
    """What had not come whole changes nothing, no thread is lost, and the next request is well."""
    proxy = _Proxy(tool.port)
    proxy.begin()
    address = f"http://127.0.0.1:{proxy.port}"
    assert requests.get(f"{address}/readyz", timeout=10).status_code == 200
    torn = [socket.create_connection(("127.0.0.1", proxy.port)) for _ in range(6)]
    for one in torn:
        one.sendall(
            b"POST /lti/login HTTP/1.1\r\nHost: tool\r\nContent-Length: 5000\r\n"
            b"Sec-Fetch-Dest: iframe\r\n"
            b"Content-Type: application/x-www-form-urlencoded\r\n\r\niss=https"
        )
    time.sleep(0.2)
    proxy.kill()
    with pytest.raises(requests.ConnectionError):
        requests.get(f"{address}/readyz", timeout=10)
    proxy.begin()
    for _ in range(8):
        assert requests.get(f"{address}/readyz", timeout=10).status_code == 200
    assert tool.execute("SELECT count(*) FROM waiting_login")[0][0] == 0
    proxy.kill()
    for one in torn:
        one.close()


@pytest.fixture
def server() -> Iterator[Stoppable]:
    """A PostgreSQL of this test's own."""
    with postgres_server() as url:
        yield Stoppable(url)


def test_a_worker_lives_through_an_outage_of_database_and_queue(
    tmp_path: Path, server: Stoppable, platform: GradedPlatform, keys_dir: Path
) -> None:
    tool = RunningTool(
        tmp_path,
        {"DATABASE_URL": server.url, "QUEUE_URL": server.url, "KEYS_DIR": str(keys_dir)}
        | {"DEMO": "1", "SECRET_KEY": ""},
    )
    tool.must("db", "upgrade")
    log_path = tmp_path / "worker.log"
    with log_path.open("wb") as log:
        worker = subprocess.Popen(
            [sys.executable, "-m", "lti_tool.cli", "worker"], env=tool.env, stdout=log, stderr=log
        )
    try:
        database = Database(server.url)
        queue = Queue(server.url)
        release = _course(tool, database, platform)
        release("5")
        queue.wake()
        _wait_for_delivered(tool, 1, log_path)
        tool.engine.dispose()
        database.engine.dispose()
        server.stop()
        time.sleep(3)
        server.start()
        release("6")
        queue.wake()
        _wait_for_delivered(tool, 2, log_path)
        assert worker.poll() is None, "the same process"
        _require_few_lines(log_path)
        queue.huey.storage.close()
        database.engine.dispose()
    finally:
        worker.terminate()
        worker.wait(30)
        tool.stop()


def _require_few_lines(log_path: Path) -> None:
    """Each line is one that a log collector reads, and an outage is told once a minute."""
    lines = [json.loads(line) for line in log_path.read_text().splitlines()]
    told = [line for line in lines if line["event"] == "queue out of order"]
    assert 1 <= len(told) <= 2 and all(line["kind"] for line in told), told


def test_what_the_web_server_itself_says_is_a_line_like_any_other(tmp_path: Path) -> None:
    tool = RunningTool(tmp_path)
    tool.must("db", "upgrade")
    try:
        tool.start()
        parent = tool.process_group
        (process,) = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
        os.kill(int(process), signal.SIGKILL)
        found = tool.find_logged(library="gunicorn.error", level="error")
    finally:
        tool.stop()
    assert found and process in found["event"], tool.log_text()
    assert all(line.startswith("{") for line in tool.log_text().splitlines()), tool.log_text()


def _wait_for_delivered(tool: RunningTool, count: int, log_path: Path) -> None:
    deadline = time.monotonic() + 100
    query = "SELECT count(*) FROM delivery WHERE state = 'delivered'"
    while tool.execute(query)[0][0] != count:
        assert time.monotonic() < deadline, log_path.read_text()[-3000:]
        time.sleep(0.1)


def _course(
    tool: RunningTool, database: Database, platform: GradedPlatform
) -> Callable[[str], None]:
    """A course with work set; what releases a mark for one of its participants."""
    settings = load_settings(tool.env)
    with database.write() as session:
        course = builders.build_course(session, settings, platform.registration())
        assignment = builders.build_assignment(
            session,
            settings,
            course,
            line_item_url=platform.column_url(),
            line_items_url=platform.columns_url(),
        )

    def release(sub: str) -> None:
        with database.write() as session:
            person = builders.build_person(session, course, sub)
            work = builders.build_work(session, assignment, person)
            builders.release(session, settings, course, assignment, work, Decimal(62), "Good.")

    return release
