"""What the applications of one process share: templates and addresses, compiled once.

A fresh application compiles every address and each template that it shows, which costs more than
all else a test of pages does. What was compiled is found by its text, so no application can tell.
"""

from collections.abc import Callable
from types import CodeType
from typing import Any, ClassVar

from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.routing import Rule


class _Templates(BytecodeCache):
    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        assert bucket.code is not None
        self._kept[bucket.key, bucket.checksum] = bucket.code


class _Address(Rule):
    """An address whose builder is compiled by the first application of the process."""

    _kept: ClassVar[dict[Any, Callable[..., tuple[str, str]]]] = {}

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        if self.defaults:
            return super()._compile_builder(append_unknown)
        key = (tuple(self._trace), append_unknown)
        if key not in self._kept:
            self._kept[key] = super()._compile_builder(append_unknown)
        return self._kept[key]


_TEMPLATES = _Templates()
Flask.url_rule_class = _Address


def share_templates(app: Flask) -> None:
    """Let an application use the templates that others of this process compiled."""
    app.jinja_env.bytecode_cache = _TEMPLATES
