"""Flask, without what it does again for each request though the answer is always the same.

Addresses of our pages: most differ by the handle of a visit alone, and are built once; a page names
some twenty of its visit, and building each anew took a twentieth of a launch.
"""

from collections import ChainMap
from collections.abc import Callable, MutableMapping
from typing import Any

from flask import Flask, Request, Response
from flask.templating import Environment
from werkzeug.routing import MapAdapter

from lti_tool.db.current import the_request
from lti_tool.web.answers import Answer
from lti_tool.web.short_forms import Asked

_MARK = "0handle0"
_NOTHING_NAMED = (None, None, None, None)


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
        self._patterns: dict[tuple[str, str, str], str] = {}

    def url_for(
        self,
        /,
        endpoint: str,
        *,
        _anchor: str | None = None,
        _method: str | None = None,
        _scheme: str | None = None,
        _external: bool | None = None,
        **values: Any,
    ) -> str:
        """The address of a page, as `Flask.url_for` gives it."""
        handle = values.get("handle")
        is_usual = handle is None or (handle.isascii() and handle.isalnum())
        is_plain = (_anchor, _method, _scheme, _external) == _NOTHING_NAMED
        if is_plain and is_usual and len(values) == (handle is not None) and endpoint[0] != ".":
            pattern = self._pattern(endpoint, "" if handle is None else _MARK)
            if pattern is not None:
                return pattern if handle is None else pattern.replace(_MARK, handle)
        return super().url_for(
            endpoint,
            _anchor=_anchor,
            _method=_method,
            _scheme=_scheme,
            _external=_external,
            **values,
        )

    def _pattern(self, endpoint: str, mark: str) -> str | None:
        """The address with a mark in the handle's place; None where there is no request."""
        try:
            key = (the_request().root_path, endpoint, mark)
        except RuntimeError:
            return None
        pattern = self._patterns.get(key)
        if pattern is None:
            marked: dict[str, Any] = {"handle": mark} if mark else {}
            pattern = self._patterns[key] = super().url_for(endpoint, **marked)
        return pattern

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
