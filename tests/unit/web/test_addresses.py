"""Addresses built once are the ones Flask would build each time."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask, current_app, url_for
from werkzeug.test import create_environ

from lti_tool.web.addresses import Tool


def _with_pages(app: Flask) -> Flask:
    for rule, name in (
        ("/privacy", "privacy"),
        ("/v/<handle>/", "start"),
        ("/v/<handle>/rows/<int:row>", "row"),
    ):
        app.add_url_rule(rule, name, lambda **_given: "")
    return app


@pytest.mark.parametrize("root", ["/", "/below/"])
@pytest.mark.parametrize(
    ("endpoint", "values"),
    [
        ("privacy", {}),
        ("privacy", {"next": "a page"}),
        ("privacy", {"handle": "abc1"}),
        ("privacy", {"_external": True}),
        ("start", {"handle": "abc1"}),
        ("start", {"handle": "other2"}),
        ("start", {"handle": "é"}),
        ("start", {"handle": "a/b"}),
        ("start", {"handle": "abc1", "_anchor": "part"}),
        ("start", {"handle": "abc1", "_anchor": None, "_external": None}),
        ("start", {"handle": "abc1", "_external": False}),
        ("start", {"handle": "abc1", "_scheme": "http", "_external": True}),
        ("start", {"handle": "abc1", "_method": "GET"}),
        ("start", {"handle": "abc1", "done": "kept", "at": None}),
        ("row", {"handle": "abc1", "row": 3}),
    ],
)
def test_the_address_is_flasks(root: str, endpoint: str, values: dict[str, Any]) -> None:
    found = []
    for app in (_with_pages(Flask("one")), _with_pages(Tool("two"))):
        with app.test_request_context("/privacy", base_url=f"https://tool.example{root}"):
            found += [url_for(endpoint, **values), url_for(endpoint, **values)]
    assert len(set(found)) == 1, found


@pytest.mark.parametrize("build", [url_for, lambda *a, **k: current_app.url_for(*a, **k)])
def test_an_address_is_built_once_whoever_asks(
    build: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Flask's own function names what it was not given."""
    app, asked = _with_pages(Tool("two")), []
    flasks = Flask.url_for

    def note(self: Flask, endpoint: str, **values: Any) -> str:
        asked.append(endpoint)
        return flasks(self, endpoint, **values)

    monkeypatch.setattr(Flask, "url_for", note)
    with app.test_request_context("/privacy", base_url="https://tool.example/"):
        for handle in ("abc1", "other2", "third3"):
            assert build("start", handle=handle) == f"/v/{handle}/"
            assert build("privacy") == "/privacy"
    assert asked == ["start", "privacy"]


def test_one_that_is_missing_is_an_error_each_time() -> None:
    app = _with_pages(Tool("two"))
    with app.test_request_context("/"):
        for _ in range(2):
            with pytest.raises(Exception, match="row"):
                url_for("row", handle="abc1")


@pytest.mark.parametrize("root", ["", "/", "/below", "/below/", "/é"])
@pytest.mark.parametrize("path", ["/", "", "/v/a1b2/", "//v//", "/é", "/%20", "v"])
@pytest.mark.parametrize("query", ["", "a=1&b=é", "a=%C3%A9&&"])
@pytest.mark.parametrize(
    ("host", "scheme"),
    [("tool.example", "https"), ("Tool.example:8443", "https"), ("a:80", "http"), ("", "http")],
)
def test_a_request_is_routed_as_by_flask(
    root: str, path: str, query: str, host: str, scheme: str
) -> None:
    environ = create_environ(path, method="POST", query_string=query)
    environ |= {"SCRIPT_NAME": root.encode().decode("latin-1"), "wsgi.url_scheme": scheme}
    environ |= {"PATH_INFO": path.encode().decode("latin-1"), "HTTP_HOST": host}
    flasks, ours = (
        app.create_url_adapter(app.request_class(dict(environ))) for app in (Flask("a"), Tool("b"))
    )
    assert flasks is not None and ours is not None
    for name in ("server_name", "script_name", "subdomain", "url_scheme", "default_method"):
        assert getattr(ours, name) == getattr(flasks, name), name
    assert ours.query_args == flasks.query_args
    assert ours.path_info.lstrip("/") == flasks.path_info.lstrip("/"), "it is matched without"
    assert bool(ours.path_info) == bool(flasks.path_info), "where there is none, it leads to /"
