"""Connections that are kept, closed, and misused."""

import re
import socket
import time
from collections.abc import Callable

import pytest

from tests.integration.serving.conftest import Server, get, read_all

_UPLOAD = b"POST %s HTTP/1.1\r\nHost: tool\r\nConnection: close\r\nContent-Length: %d\r\n\r\n"


def _answer(connection: socket.socket) -> bytes:
    """One answer of a connection that is kept."""
    got = b""
    while b"\r\n\r\n" not in got:
        piece = connection.recv(65536)
        assert piece, got
        got += piece
    head, _, body = got.partition(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
    while len(body) < length:
        body += connection.recv(65536)
    return body


def _upload(server: Server, path: bytes, length: int, *, pieces: int, pause_s: float) -> bytes:
    """What is answered to a body that comes in pieces of 100 kB; it may be less than was said."""
    with server.connect(_UPLOAD % (path, length)) as sending:
        for _ in range(pieces):
            sending.sendall(b"x" * 100_000)
            time.sleep(pause_s)
        return read_all(sending)


def test_a_connection_is_kept_for_the_next_request_and_closed_if_none_comes(
    server: Server,
) -> None:
    with server.connect() as kept:
        for path, said in (("/quick", b"quick"), ("/slow?0", b"slow"), ("/quick", b"quick")):
            kept.sendall(get(path, keep=True))
            assert _answer(kept) == said
        began = time.monotonic()
        assert kept.recv(100) == b""
        assert time.monotonic() - began < 6


def test_requests_sent_at_once_are_answered_in_their_order(server: Server) -> None:
    sent = get("/slow?0.2", keep=True) + get("/quick", keep=True) + get("/pieces")
    got = server.ask(sent)
    assert got.index(b"slow") < got.index(b"quick") < got.index(b"one ") < got.index(b"two")
    assert got.count(b"HTTP/1.1 200 OK") == 3


def test_a_body_the_application_left_is_no_next_request(server: Server) -> None:
    inner = get("/process")
    head = b"POST /quick HTTP/1.1\r\nHost: tool\r\nContent-Length: %d\r\n\r\n" % len(inner)
    got = server.ask(head + inner + get("/quick"))
    assert got.count(b"HTTP/1.1") == 2 and got.count(b"\r\n\r\nquick") == 2


def test_an_answer_before_a_long_body_was_read_says_that_it_is_the_last(server: Server) -> None:
    head = b"POST %s HTTP/1.1\r\nHost: tool\r\nContent-Length: %d\r\n\r\n"
    with server.connect(head % (b"/quick", 70_000) + b"x" * 70_000) as one:
        assert b"\r\nconnection: close\r\n" in read_all(one).lower()
    with server.connect(head % (b"/length", 70_000) + b"x" * 70_000) as kept:
        assert _answer(kept) == b"70000"
        kept.sendall(get("/quick"))
        assert _answer(kept) == b"quick"


def test_head_and_body_come_in_one_piece(server: Server) -> None:
    with server.connect(get("/quick")) as connection:
        assert connection.recv(65536).endswith(b"\r\n\r\nquick")


def test_who_is_refused_while_still_sending_reads_the_answer(server: Server) -> None:
    got = _upload(server, b"/refuse", 3_000_000, pieces=20, pause_s=0.01)
    assert got.endswith(b"too large")


def test_a_body_is_read_whole_however_it_comes(server: Server) -> None:
    assert _upload(server, b"/length", 300_000, pieces=3, pause_s=0.05).endswith(b"300000")
    chunked = b"POST /length HTTP/1.1\r\nHost: tool\r\nTransfer-Encoding: chunked\r\n"
    got = server.ask(chunked + b"Connection: close\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")
    assert got.endswith(b"5")


def test_who_expects_to_be_told_to_go_on_is_told(server: Server) -> None:
    head = _UPLOAD % (b"/length", 3)
    with server.connect(head.replace(b"\r\n\r\n", b"\r\nExpect: 100-continue\r\n\r\n")) as one:
        assert one.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        one.sendall(b"abc")
        assert read_all(one).endswith(b"\r\n\r\n3")


_UNREADABLE = {
    b"GET /x?login_hint=\xe9 HTTP/1.1\r\nHost: tool\r\n\r\n": b"400 Bad Request",
    b"get /quick HTTP/1.1\r\nHost: tool\r\n\r\n": b"400 Bad Request",
    b"GET /quick HTTP/1.1\nHost: tool\n\n" + b"\r\n\r\n": b"400 Bad Request",
    b"POST /length HTTP/1.1\r\nHost: tool\r\nContent-Length: 3\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n": b"400 Bad Request",
    b"POST /length HTTP/1.1\r\nHost: tool\r\nTransfer-Encoding: amara\r\n\r\n": b"400 Bad Request",
    b"GET /quick HTTP/1.1\r\nHost: tool\r\nExpect: amara\r\n\r\n": b"417 Expectation Failed",
    b"GET /" + b"x" * 9000 + b" HTTP/1.1\r\nHost: tool\r\n\r\n": b"414 ",
    b"GET /quick HTTP/1.1\r\nHost: tool\r\nX-A: " + b"x" * 9000 + b"\r\n\r\n": b"431 ",
    b"GET /quick HTTP/1.1\r\nHost: tool\r\nX-A: " + b"x" * 99_000: b"431 ",
}


@pytest.mark.parametrize("sent", _UNREADABLE, ids=range(len(_UNREADABLE)))
def test_what_cannot_be_read_is_told_so_and_not_logged(server: Server, sent: bytes) -> None:
    got = server.ask(sent)
    assert got.startswith(b"HTTP/1.1 " + _UNREADABLE[sent]), got
    assert b'<html lang="en-GB">' in got and b"<h1>" in got and b"X-Reason-Code: http_" in got
    assert server.get("/quick").endswith(b"quick")
    said = server.log.read_text()
    reference = re.search(rb"reference <code>(\w{8})</code>", got)
    assert reference and reference[1].decode() in said
    assert "visit=" not in said, "of the request before"
    assert (
        "login_hint" not in said
        and "amara" not in said
        and "127.0.0.1" not in said.replace(f"http://127.0.0.1:{server.port}", "")
    )
    assert "Traceback" not in said


@pytest.mark.parametrize("path", ["/broken", "/odd-head"])
def test_a_fault_of_the_application_is_a_sentence_and_the_server_lives(
    server: Server, path: str
) -> None:
    got = server.get(f"{path}?handle")
    assert got.startswith(b"HTTP/1.1 500 ") and b"nothing was changed" in got
    assert b"Amara" not in got
    assert server.get("/quick").endswith(b"quick")
    assert "?handle" not in server.log.read_text()


def test_an_answer_that_breaks_off_is_no_second_answer(server: Server) -> None:
    got = server.get("/torn")
    assert got.count(b"HTTP/1.1") == 1 and b"one " in got and not got.endswith(b"0\r\n\r\n")
    assert server.get("/quick").endswith(b"quick")


def test_more_connections_than_are_kept_close_the_oldest(serve: Callable[..., Server]) -> None:
    server = serve(worker_connections="10")
    kept = [server.connect() for _ in range(12)]
    assert server.get("/quick").endswith(b"quick")
    assert kept[0].recv(10) == b""
    kept[-1].sendall(get("/quick"))
    assert read_all(kept[-1]).endswith(b"quick")
    for one in kept:
        one.close()


def test_where_there_are_no_more_files_the_oldest_connections_are_closed(
    serve: Callable[..., Server],
) -> None:
    server = serve(files=40)
    kept = [server.connect() for _ in range(60)]
    assert server.get("/quick").endswith(b"quick")
    assert kept[0].recv(10) == b""
    for one in kept:
        one.close()
    assert server.get("/quick").endswith(b"quick")
    assert "ended" not in server.log.read_text()
