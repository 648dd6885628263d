"""Requests that are hardly HTTP any more: hosts that are none, torn bodies, odd names of files.

Found by throwing raw bytes at the tool: each of these was a server error with a traceback once.
"""

import socket

import pytest

from tests.support.door import Door
from tests.support.running_tool import RunningTool

_FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"


def _ask(tool: RunningTool, method: str, path: str, *lines: bytes, body: bytes = b"") -> bytes:
    """Send a request as it is, close our half, and read the whole answer."""
    own = [] if any(x.lower().startswith(b"host:") for x in lines) else [b"Host: tool.example"]
    head = b"\r\n".join([f"{method} {path} HTTP/1.1".encode(), *own, *lines, b"Connection: close"])
    with socket.create_connection(("127.0.0.1", tool.port), timeout=10) as sock:
        sock.sendall(head + b"\r\n\r\n" + body)
        sock.shutdown(socket.SHUT_WR)
        whole = b""
        while part := sock.recv(65536):
            whole += part
    return whole


def _status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


@pytest.mark.parametrize(
    "host",
    [b"x" * 64, b"a..b", b".", b"a b", b"[zz]", b"a:b", b"a/b", b"x@tool.example", b"\xff", b"%41"],
)
@pytest.mark.parametrize("path", ["/", "/lti/launch", "/v/none/", "/nowhere"])
def test_a_host_that_is_none(door: Door, host: bytes, path: str) -> None:
    answer = _ask(door.tool, "GET", path, b"Host: " + host)
    assert _status(answer) == 400 and b"<h1>" in answer and b"Traceback" not in answer


@pytest.mark.parametrize(
    "host", [b"tool.example", b"tool_web:8080", b"[::1]:80", b"127.0.0.1", b"a.example.", b""]
)
def test_a_host_that_is_one(door: Door, host: bytes) -> None:
    assert _status(_ask(door.tool, "GET", "/privacy", b"Host: " + host)) == 200


@pytest.mark.parametrize(
    "body",
    [
        b"zz\r\nstate\r\n",
        b"5\r\nsta",
        b"5;x=\r\nstate\r\n0\r\n\r\n",
        b"5\r\nstateXX",
        b"-1\r\n",
        b"",
    ],
    ids=["size", "end", "extension", "terminator", "negative", "nothing"],
)
@pytest.mark.parametrize("path", ["/lti/login", "/lti/launch", "/lti/register", "/v/none/stay"])
def test_a_torn_body(door: Door, path: str, body: bytes) -> None:
    answer = _ask(door.tool, "POST", path, _FORM.rstrip(), b"Transfer-Encoding: chunked", body=body)
    assert 400 <= _status(answer) < 500 and b"Traceback" not in answer


def test_too_large_a_form_of_a_visit_that_is_over(door: Door) -> None:
    """Its page would show what was typed, and must not fail because that cannot be read."""
    fields = {"words": "x" * 13_000_000}
    answer = door.browser().ask("POST", "/v/none/stay", data=fields)
    assert answer.status_code == 401 and answer.headers["X-Reason-Code"] == "visit_over"


@pytest.mark.parametrize(
    "name", ["%00", "a%00.css", "x" * 3000 + ".css", "../../settings.py", "vendor", "%2e%2e/x.css"]
)
def test_a_file_that_cannot_be_one(door: Door, name: str) -> None:
    assert _status(_ask(door.tool, "GET", f"/assets/1/{name}")) == 404


@pytest.mark.parametrize(
    "line",
    [
        b"SCRIPT_NAME: /x",
        b"PATH_INFO: /nowhere",
        b"X-Forwarded-Proto: https",
        b"X-Forwarded-Ssl: on",
    ],
)
def test_only_trusted_proxies_say_where_a_request_came_from(door: Door, line: bytes) -> None:
    """Not even one on the same machine, which the web server would believe by itself."""
    answer = _ask(door.tool, "GET", "/privacy", line)
    assert _status(answer) == 200 and b"Strict-Transport-Security" not in answer
