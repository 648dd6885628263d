"""A process that ends, or is replaced, loses no request."""

import os
import signal
import threading
import time
from collections.abc import Callable

import pytest

from tests.bench.processes import cpu_s
from tests.integration.serving.conftest import Server, get, read_all


def _body(answer: bytes) -> bytes:
    return answer.partition(b"\r\n\r\n")[2]


def test_what_is_under_way_is_answered_before_the_end(server: Server) -> None:
    with server.connect(get("/slow?1", keep=True)) as slow:
        time.sleep(0.2)
        server.process.terminate()
        answer = read_all(slow)
    assert answer.endswith(b"slow") and b"connection: close" in answer.lower()
    assert server.process.wait(10) == 0
    assert "Traceback" not in server.log.read_text()


def test_a_kept_connection_is_answered_once_more_as_the_end_comes(server: Server) -> None:
    with server.connect(get("/quick", keep=True)) as kept:
        assert kept.recv(65536).endswith(b"quick")
        server.process.terminate()
        time.sleep(0.3)
        kept.sendall(get("/slow?0", keep=True))
        answer = read_all(kept)
    assert answer.endswith(b"slow") and b"connection: close" in answer.lower()
    assert server.process.wait(10) == 0


def test_idle_it_ends_at_once(server: Server) -> None:
    began = time.monotonic()
    server.process.terminate()
    assert server.process.wait(10) == 0
    assert time.monotonic() - began < 3


def test_a_request_that_does_not_end_is_left_when_its_time_is_up(
    serve: Callable[..., Server],
) -> None:
    server = serve(graceful_timeout="1")
    with server.connect(get("/slow?20")):
        time.sleep(0.2)
        began = time.monotonic()
        server.process.terminate()
        server.process.wait(15)
        assert time.monotonic() - began < 8


def test_a_process_that_has_done_its_share_is_replaced_and_nobody_is_lost(
    serve: Callable[..., Server],
) -> None:
    server = serve(max_requests="40")
    seen: list[bytes] = []
    failed: list[str] = []

    def go() -> None:
        for _ in range(60):
            try:
                seen.append(_body(server.get("/process")))
            except OSError as error:
                failed.append(str(error))

    people = [threading.Thread(target=go) for _ in range(4)]
    for one in people:
        one.start()
    for one in people:
        one.join()
    assert not failed and all(seen) and len(seen) == 240
    assert len(set(seen)) >= 3


def test_a_process_that_was_killed_is_replaced(server: Server) -> None:
    first = int(_body(server.get("/process")))
    os.kill(first, signal.SIGKILL)
    assert int(_body(server.get("/process"))) != first


def test_a_signal_that_asks_for_nothing_costs_nothing(server: Server) -> None:
    process = int(_body(server.get("/process")))
    os.kill(process, signal.SIGUSR1)  # gunicorn's: open the log again
    time.sleep(0.2)
    before = cpu_s(process)
    time.sleep(1)
    assert cpu_s(process) - before < 0.3
    assert int(_body(server.get("/process"))) == process


def test_a_process_ends_when_the_one_that_began_it_is_gone(server: Server) -> None:
    left = int(_body(server.get("/process")))
    server.process.kill()
    server.process.wait(5)
    for _ in range(60):
        try:
            os.kill(left, 0)
        except ProcessLookupError:
            return
        time.sleep(0.1)
    pytest.fail("it goes on by itself")
