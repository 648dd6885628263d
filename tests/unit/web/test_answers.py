"""An answer's head and body are those that Flask would send."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Response
from werkzeug.test import create_environ

from lti_tool.web.answers import Answer

_CASES: list[tuple[str, Callable[[type[Response]], Response]]] = [
    ("a page", lambda kind: kind("<p>Zoë</p>")),
    ("bytes", lambda kind: kind(b"raw", 404, mimetype="text/plain")),
    ("nothing", lambda kind: kind()),
    ("nothing, and it says so", lambda kind: kind(status=204)),
    ("not changed", lambda kind: kind("<p>left out</p>", 304, {"Content-Type": "text/plain"})),
    ("a beginning", lambda kind: kind(status=103)),
    ("parts", lambda kind: kind(["<p>", "é", "</p>"])),
    ("parts of bytes", lambda kind: kind([b"12", b"345"])),
    ("pieces as they come", lambda kind: kind(iter([b"12", b"345"]))),
    ("a pair", lambda kind: kind((b"12", b"345"))),
    ("its own length", lambda kind: kind([b"12"], headers={"content-length": "2"})),
    ("two cookies", lambda kind: kind("x", headers=[("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")])),
    ("another place", lambda kind: kind("x", headers={"Content-Location": "/é"})),
]
_PLACES = (
    *(
        "/",
        "/v/a1b2/",
        "/v/a1b2/?done=kept&at=3",
        "/a?",
        "/a#part",
        "//evil.example/",
        "",
        "é",
        "a/b",
    ),
    *("/é?ö=ü", "/a b", "/a%20b?c=%C3%A9", "/'\"<>", "/a?b=c?d", "/a?b=[1]&c={2}", "/a?b;c,d|e"),
    *("https://moodle.example/mod/lti/auth.php?scope=openid&state=1.a_b-c~d%3A", "http://a:80/"),
    *(
        "https://a:0/",
        "https://A.Example/B",
        "https://a..b/",
        "https://bücher.example/",
        "http://a",
    ),
    *("https://u:p@a.example/", "https://[::1]:8080/", "https://a:99999/", "https://a:080/x"),
    *(
        "ftp://a/b",
        "https://-a-.example/",
        f"https://{'a' * 70}.example/",
        "https://xn--a.example/",
    ),
)


def _leading_to(place: str) -> Callable[[type[Response]], Response]:
    return lambda kind: kind(status=303, headers={"Location": place})


_CASES += [(f"leads to {place}", _leading_to(place)) for place in _PLACES]


def _sent(answer: Response, method: str) -> Any:
    try:
        body, status, headers = answer.get_wsgi_response(create_environ("/", method=method))
    except Exception as error:
        return type(error)
    return b"".join(body), status, headers


@pytest.mark.parametrize("method", ["GET", "POST", "HEAD"])
@pytest.mark.parametrize("make", [make for _, make in _CASES], ids=[name for name, _ in _CASES])
def test_it_goes_out_as_flasks(make: Callable[[type[Response]], Response], method: str) -> None:
    assert _sent(make(Answer), method) == _sent(make(Response), method)


def test_what_is_to_be_closed_is_closed() -> None:
    closed: list[str] = []
    answer = Answer("x")
    answer.call_on_close(lambda: closed.append("it"))
    body, _, _ = answer.get_wsgi_response(create_environ("/"))
    body.close()  # type: ignore[attr-defined]  # as the web server does
    assert closed == ["it"]
