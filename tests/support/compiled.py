"""What the applications of one process share: templates, addresses, statements, compiled once.

A fresh application compiles every address, each template that it shows and each statement that it
runs, which costs more than all else a test of pages does. What was compiled is found by what it was
made from, so no application can tell.
"""

from types import CodeType
from typing import Any, ClassVar

from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Engine
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache
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
    """An address that is compiled by the first application of the process. Converters of ours
    and of the library look at the text alone, so that applications may share them."""

    _kept: ClassVar[dict[Any, tuple[Any, ...]]] = {}

    def compile(self) -> None:
        key = (self.rule, self.subdomain, self.merge_slashes, self.is_leaf, self.strict_slashes)
        if self.defaults or self.host:
            super().compile()
        elif key in self._kept:
            parts, self._trace, self._converters, arguments, builders = self._kept[key]
            self._parts = list(parts)
            self.arguments |= arguments
            self._build, self._build_unknown = (one.__get__(self, None) for one in builders)
        else:
            super().compile()
            builders = (self._build.__func__, self._build_unknown.__func__)  # type: ignore[attr-defined]
            self._kept[key] = (
                tuple(self._parts),
                self._trace,
                self._converters,
                frozenset(self.arguments),
                builders,
            )


class _Statements:
    """The engines of one kind, of which each test has its own, use one dialect and the statements
    it compiled, as one engine does that lives as long as its process."""

    _kept: ClassVar[dict[type, tuple[Any, LRUCache[Any, Any]]]] = {}

    @classmethod
    def engine_created(cls, engine: Engine) -> None:
        kept = cls._kept.get(type(engine.dialect))
        if kept is None or kept[0].server_version_info is None:  # it has never been connected
            kept = cls._kept[type(engine.dialect)] = engine.dialect, LRUCache(5_000)
        engine.dialect, engine._compiled_cache = kept


_TEMPLATES = _Templates()
DefaultDialect.engine_created = _Statements.engine_created  # type: ignore[method-assign]
Flask.url_rule_class = _Address


def share_templates(app: Flask) -> None:
    """Let an application use the templates that others of this process compiled."""
    app.jinja_env.bytecode_cache = _TEMPLATES
