"""Addresses of our pages. Most differ by the handle of a visit alone, and are built once.

A page names some twenty of its visit; building each anew took a twentieth of a launch.
"""

from typing import Any

from flask import Flask, has_request_context, request

_MARK = "0handle0"


class Tool(Flask):
    """Flask, but for how addresses are built."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._patterns: dict[tuple[str, str, bool], str] = {}

    def url_for(self, /, endpoint: str, **values: Any) -> str:
        """The address of a page, as `Flask.url_for` gives it."""
        given: dict[str, Any] = {name: value for name, value in values.items() if value is not None}
        handle = given.pop("handle", None)
        is_usual = handle is None or (handle.isascii() and handle.isalnum())
        if given or not is_usual or endpoint.startswith(".") or not has_request_context():
            return super().url_for(endpoint, **values)
        key = (request.root_path, endpoint, handle is None)
        pattern = self._patterns.get(key)
        if pattern is None:
            marked: dict[str, Any] = {} if handle is None else {"handle": _MARK}
            pattern = self._patterns[key] = super().url_for(endpoint, **marked)
        return pattern if handle is None else pattern.replace(_MARK, handle)
