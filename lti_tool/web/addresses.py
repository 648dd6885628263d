"""Flask, without what it does again for each request though the answer is always the same.

Addresses of our pages: most differ by the handle of a visit alone, and are built once; a page names
some twenty of its visit, and building each anew took a twentieth of a launch.
"""

from collections import ChainMap
from collections.abc import Callable, MutableMapping
from typing import Any

from flask import Flask, Request, Response, request
from flask.templating import Environment
from werkzeug.routing import MapAdapter

from lti_tool.web.answers import Answer
from lti_tool.web.short_forms import Asked

_MARK = "0handle0"


class _Templates(Environment):
    """Jinja, where templates without globals of their own share the environment's.

    A chain of one empty and one full map for each made every import of macros compare the names of
    both in Python, six times a page.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return ChainMap(d, self.globals) if d else self.globals


class Tool(Flask):
    """Flask, but for how addresses are built and led to, and without coroutines."""

    jinja_environment = _Templates
    request_class = Asked
    response_class = Answer

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._patterns: dict[tuple[str, str, bool], str] = {}

    def url_for(self, /, endpoint: str, **values: Any) -> str:
        """The address of a page, as `Flask.url_for` gives it."""
        handle = values.get("handle")
        is_usual = handle is None or (handle.isascii() and handle.isalnum())
        if len(values) > (handle is not None) or not is_usual or endpoint.startswith("."):
            return super().url_for(endpoint, **values)
        try:
            key = (request.root_path, endpoint, handle is None)
        except RuntimeError:  # there is no request
            return super().url_for(endpoint, **values)
        pattern = self._patterns.get(key)
        if pattern is None:
            marked: dict[str, Any] = {} if handle is None else {"handle": _MARK}
            pattern = self._patterns[key] = super().url_for(endpoint, **marked)
        return pattern if handle is None else pattern.replace(_MARK, handle)

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        """What finds a request's route and builds addresses, from what is read of it already."""
        if request is None or self.config["SERVER_NAME"] or self.config["TRUSTED_HOSTS"]:
            return super().create_url_adapter(request)
        return self.url_map.bind(
            request.host,
            request.root_path,
            url_scheme=request.scheme,
            default_method=request.method,
            path_info=request.environ.get("PATH_INFO") and request.path,
            query_args=request.query_string.decode(errors="replace"),
        )

    def redirect(self, location: str, code: int = 302) -> Response:
        """An answer that leads on, without a page for browsers that cannot follow: there are
        none."""
        return self.response_class(status=code, headers=[("Location", location)])

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """A view or a step before or after it, as it is: none of ours is a coroutine."""
        return func
