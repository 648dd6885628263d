"""A form is read as Flask reads it, whatever comes."""

from io import BytesIO
from typing import Any

import pytest
from flask import Flask, Request
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge
from werkzeug.test import create_environ

from lti_tool.web.short_forms import Asked

_URLENCODED = "application/x-www-form-urlencoded"
_BODIES = [
    *(
        b"",
        b"a=1&a=2&b=",
        b"a",
        b"=",
        b"&&;",
        b"a=%C3%A9+x%20y&%62=c",
        b"a=%ff%fe&b=%zz",
        b"a=\xff",
    ),
    *("a=é".encode(), b"a=1;b=2", b"a=" + b"x" * 90_000, b"a=" + b"x" * 120_000, b"\x00=\x00"),
]


def _read(kind: type[Request], body: bytes, **about: Any) -> Any:
    """What is read of a request, or how that ended."""
    app = Flask("app")
    app.config["MAX_CONTENT_LENGTH"] = 110_000
    environ = create_environ(
        "/", method="POST", input_stream=BytesIO(body), content_length=len(body)
    )
    environ |= {"CONTENT_TYPE": _URLENCODED, "wsgi.input_terminated": True, **about}
    if environ["CONTENT_LENGTH"].isdigit() and "wsgi.input" not in about:  # no more is given out
        environ["wsgi.input"] = BytesIO(body[: int(environ["CONTENT_LENGTH"])])
    with app.request_context(environ):
        request = kind(environ)
        try:
            form = request.form
            return type(form), list(form.items(multi=True)), list(request.files), request.get_data()
        except Exception as error:
            return type(error)


@pytest.mark.parametrize(
    "about",
    [
        {},
        {"CONTENT_TYPE": f"{_URLENCODED}; charset=utf-8"},
        {"CONTENT_TYPE": "text/plain"},
        {"CONTENT_TYPE": "multipart/form-data; boundary=x"},
        {"CONTENT_LENGTH": ""},
        {"CONTENT_LENGTH": "2"},
        {"CONTENT_LENGTH": "99999"},
        {"CONTENT_LENGTH": "-1"},
        {"CONTENT_LENGTH": "\u0663"},
        {"HTTP_TRANSFER_ENCODING": "chunked"},
    ],
    ids=str,
)
@pytest.mark.parametrize("body", _BODIES, ids=lambda body: str(body[:12]))
def test_a_form_is_read_as_by_flask(body: bytes, about: dict[str, str]) -> None:
    said = about.get("CONTENT_LENGTH", "")
    if said.isascii() and said.isdigit() and len(body) < int(said):
        assert _read(Asked, body, **about) is ClientDisconnected, "half of it came"
    else:
        assert _read(Asked, body, **about) == _read(Request, body, **about)


_PART = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--x--\r\n'


@pytest.mark.parametrize(
    ("kind", "body", "missing", "is_refused"),
    [
        (_URLENCODED, b"a=" + b"x" * 105_000, 0, False),
        (_URLENCODED, b"a=" + b"x" * 105_000, 1, True),
        ("multipart/form-data; boundary=x", _PART, 0, False),
        ("multipart/form-data; boundary=x", _PART, 9, True),
        ("multipart/form-data; boundary=x", _PART[:-20], 20, True),
        ("multipart/form-data", b"xxxxx", 0, False),
        ("application/json", b'{"a":', 20, False),
    ],
)
def test_half_a_form_is_none(kind: str, body: bytes, missing: int, *, is_refused: bool) -> None:
    """The browser went away: what came is not kept as if it were all."""
    about = {"CONTENT_TYPE": kind, "CONTENT_LENGTH": str(len(body) + missing)}
    assert (_read(Asked, body, **about) is ClientDisconnected) is is_refused


@pytest.mark.parametrize("most", [None, 9, 10, 11])
def test_the_limit_of_a_request_holds(most: int | None) -> None:
    told = []
    for kind in (Asked, Request):
        environ = create_environ("/", method="POST", data={"a": "12345678"})
        with Flask("app").request_context(environ):
            request = kind(environ)
            request.max_content_length = most
            try:
                told.append(dict(request.form))
            except RequestEntityTooLarge:
                told.append({})
    assert told[0] == told[1] == ({} if most == 9 else {"a": "12345678"})


def test_what_was_read_before_is_left_alone() -> None:
    for kind in (Asked, Request):
        environ = create_environ("/", method="POST", data={"a": "1"})
        with Flask("app").request_context(environ):
            request = kind(environ)
            assert request.get_data() == b"a=1"
            assert request.form["a"] == "1"


class _Stalled:
    def read(self, _size: int = -1) -> bytes:
        raise TimeoutError


def test_a_client_that_stalls_is_told_of_as_by_flask() -> None:
    for length in ("3", "300000"):
        about = {"wsgi.input": _Stalled(), "CONTENT_LENGTH": length}
        told = {_read(kind, b"a=1", **about).__name__ for kind in (Asked, Request)}
        assert len(told) == 1, told
