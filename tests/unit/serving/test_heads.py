"""Heads read at once say what gunicorn says of them, line by line."""

import random
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from gunicorn.config import Config
from gunicorn.http.parser import RequestParser
from gunicorn.http.wsgi import Response
from gunicorn.util import http_date

from lti_tool.serving.heads import Head, Parser, Settings

_PEER = ("192.0.2.1", 4711)
_NAMES = (
    *("Host", "User-Agent", "Accept", "Cookie", "Content-Type", "Content-Length", "Expect"),
    *("Transfer-Encoding", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Ssl"),
    *("X_Forwarded_For", "Connection", "Upgrade", "", "X Y", "X\t", "\u00e9", "x-a"),
)
_VALUES = (
    *("tool.example", "", "  spaced \t", "3", "0", "-1", "chunked", "100-continue", "other"),
    *(
        "https",
        "on",
        "close",
        "keep-alive",
        "a: b",
        "caf\u00e9",
        "a\x00b",
        "a\x7fb",
        "a\nb",
        "a\rb",
    ),
    *("x" * 3000, "x" * 8300),
)
_BETWEEN = ("\r\n",) * 12 + ("\n", "\r", "\r\n ", "\r\n\t", "\r\n\r\n")
_PLAIN = (
    b"Host: tool.example\r\nUser-Agent: Mozilla/5.0 (X11)\r\nAccept: text/html, */*;q=0.8\r\n"
    b"Cookie: visit=abc; lti-login-x=y\r\nX-Forwarded-For: 192.0.2.7\r\n"
    b"X-Forwarded-Proto: https\r\nX-Named: caf\xe9\r\nX-Empty:"
)


def _settings(**chosen: Any) -> Config:
    settings = Config()
    for name, value in {"forwarded_allow_ips": "", "forwarder_headers": "", **chosen}.items():
        settings.set(name, value)
    return settings


def _read(parser: Callable[..., Any], settings: Any, sent: bytes, peer: Any = _PEER) -> Any:
    """What a parser makes of a request: its parts, or the kind of its refusal."""
    try:
        pieces: Iterable[bytes] = iter([sent])
        request = next(parser(settings, pieces, peer))
    except Exception as error:
        return type(error).__name__
    kept = ("method", "uri", "path", "query", "version", "headers", "scheme")
    is_closed = request.should_close()
    return [getattr(request, name) for name in kept], is_closed, request._expected_100_continue


def _heads() -> Iterable[bytes]:
    drawn = random.Random(5)
    for _ in range(6000):
        lines = [
            f"{drawn.choice(_NAMES)}{drawn.choice((': ', ':', ' : '))}{drawn.choice(_VALUES)}"
            for _ in range(drawn.randint(0, 5))
        ]
        head = "".join(one + drawn.choice(_BETWEEN) for one in lines)
        yield f"POST /lti/launch?a=b HTTP/1.{drawn.choice('01')}\r\n{head}\r\n".encode("latin-1")


def test_every_head_is_read_as_gunicorn_reads_it() -> None:
    settings = _settings()
    ours = Settings(settings)
    told = [(_read(Parser, ours, one), _read(RequestParser, settings, one)) for one in _heads()]
    assert [a for a, b in told if a != b] == []
    read = [a for a, _ in told if not isinstance(a, str)]
    assert 500 < len(read) < len(told) - 500, "some are read, and some refused"


@pytest.mark.parametrize("chosen", [{}, {"forwarded_allow_ips": "*"}, {"header_map": "refuse"}])
@pytest.mark.parametrize("peer", [_PEER, "", b""])
def test_who_is_believed_stays_as_it_was_set(chosen: dict[str, str], peer: Any) -> None:
    settings = _settings(**chosen)
    sent = b"GET / HTTP/1.1\r\n" + _PLAIN + b"\r\n\r\n"
    got = _read(Parser, Settings(settings), sent, peer)
    assert got == _read(RequestParser, settings, sent, peer)
    believed = "forwarded_allow_ips" in chosen or not isinstance(peer, tuple)
    assert (got[0][-1] == "https") is believed


def test_a_browsers_head_is_read_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_given: Any) -> None:
        raise AssertionError("line by line")

    monkeypatch.setattr("gunicorn.http.message.Request.parse_headers", never)
    sent = b"GET / HTTP/1.1\r\n" + _PLAIN + b"\r\n\r\n"
    assert ("X-EMPTY", "") in _read(Parser, Settings(_settings()), sent)[0][5]


def test_more_lines_than_may_be_are_refused() -> None:
    settings = _settings()
    sent = b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 200 + b"\r\n"
    assert _read(Parser, Settings(settings), sent) == "LimitRequestHeaders"
    assert _read(RequestParser, settings, sent) == "LimitRequestHeaders"


@pytest.mark.parametrize("line", [b"GET / HTTP/1.1", b"GET / HTTP/1.0", b"HEAD / HTTP/1.1"])
@pytest.mark.parametrize("sent", [b"", b"Connection: close\r\n", b"Connection: keep-alive\r\n"])
@pytest.mark.parametrize("length", [None, "0", "4"])
@pytest.mark.parametrize("status", ["200 OK", "303 SEE OTHER", "304 NOT MODIFIED"])
def test_an_answer_begins_as_gunicorns(
    line: bytes, sent: bytes, length: str | None, status: str
) -> None:
    settings = Settings(Config())
    head = line + b"\r\nHost: tool.example\r\n" + sent + b"\r\n"
    began = []
    for kind in (Response, Head):
        request = next(Parser(settings, iter([head]), _PEER))
        answer = kind(request, None, settings)
        answer.start_response(status, [] if length is None else [("Content-Length", length)])
        before, lines, after = http_date(), answer.default_headers(), http_date()
        assert any(f"Date: {date}\r\n" in lines for date in (before, after))
        began.append([line for line in lines if not line.startswith("Date")])
    assert began[0] == began[1]
