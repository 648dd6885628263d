"""Nobody waits for those who are slow."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tests.integration.serving.conftest import Server, get, read_all


def _seconds(act: Callable[[], object]) -> float:
    began = time.monotonic()
    act()
    return time.monotonic() - began


def test_who_only_connects_or_sends_half_a_head_holds_no_thread(server: Server) -> None:
    held = [server.connect() for _ in range(5)]
    held += [server.connect(b"GET /quick HTTP/1.1\r\nHost: to") for _ in range(5)]
    assert _seconds(lambda: server.get("/quick")) < 1
    held[-1].sendall(b"ol\r\nConnection: close\r\n\r\n")
    assert read_all(held[-1]).endswith(b"quick")
    for one in held:
        one.close()


def test_a_request_that_waits_lets_the_next_one_by(server: Server) -> None:
    with server.connect(get("/slow?2")) as slow:
        time.sleep(0.2)
        assert _seconds(lambda: server.get("/quick")) < 1
        assert read_all(slow).endswith(b"slow")


def test_a_body_that_stalls_lets_the_next_request_by(server: Server) -> None:
    head = b"POST /length HTTP/1.1\r\nHost: tool\r\nConnection: close\r\nContent-Length: 6\r\n\r\n"
    with server.connect(head + b"abc") as stalled:
        time.sleep(0.2)
        assert _seconds(lambda: server.get("/quick")) < 1
        stalled.sendall(b"def")
        assert read_all(stalled).endswith(b"\r\n\r\n6")


def test_an_answer_that_is_not_read_lets_the_next_request_by(server: Server) -> None:
    with server.connect(get("/large?30000000")) as lazy:
        time.sleep(0.2)
        assert _seconds(lambda: server.get("/quick")) < 1
        assert len(read_all(lazy)) > 30_000_000


def test_who_was_answered_and_does_not_close_holds_nobody(server: Server) -> None:
    held = [server.connect(get("/quick")) for _ in range(3)]
    assert all(one.recv(65536).endswith(b"quick") for one in held)
    assert _seconds(lambda: server.get("/quick")) < 1
    for one in held:
        one.close()


def _busy_s(server: Server) -> float:
    """For how long the server's process has been busy."""
    return float(server.get("/busy").split()[-1])


@contextmanager
def _held_up(server: Server, seconds: float) -> Iterator[socket.socket]:
    """A connection that was kept, and whose next request waits."""
    with server.connect(get("/quick", keep=True)) as one:
        assert one.recv(65536).endswith(b"quick")
        one.sendall(get(f"/slow?{seconds}", keep=True))
        time.sleep(0.2)
        yield one


def test_what_comes_behind_a_request_that_waits_is_answered_after_it(server: Server) -> None:
    """And tells nobody over and over that it is there."""
    with _held_up(server, 1.5) as one:
        before_s = _busy_s(server)
        one.sendall(get("/busy"))
        time.sleep(1)
        assert _busy_s(server) - before_s < 0.3
        slow, behind = read_all(one).split(b"slow")
        assert slow.startswith(b"HTTP/1.1 200") and b"200 OK" in behind


def test_who_goes_away_while_their_request_waits_keeps_nobody_busy(server: Server) -> None:
    with _held_up(server, 1):
        before_s = _busy_s(server)
    time.sleep(1.2)
    assert _busy_s(server) - before_s < 0.3


def test_where_every_thread_is_held_up_the_rest_wait_and_are_answered(server: Server) -> None:
    answers: list[bytes] = []
    people = [
        threading.Thread(target=lambda: answers.append(server.get("/slow?0.5"))) for _ in range(6)
    ]
    for one in people:
        one.start()
    for one in people:
        one.join()
    assert len(answers) == 6 and all(one.endswith(b"slow") for one in answers)


def test_each_thread_can_be_held_up_and_come_back(server: Server) -> None:
    for _ in range(3):
        with server.connect(get("/slow?0.1")) as first, server.connect(get("/slow?0.1")) as second:
            assert read_all(first).endswith(b"slow") and read_all(second).endswith(b"slow")
    assert server.get("/quick").endswith(b"quick")
