"""Column types of our own: exact decimals, aware times, checked text, JSON documents.

Each refuses what it cannot keep faithfully before it reaches the database, because SQLite
would store it anyway and PostgreSQL would answer with an error of its own.
"""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, DateTime, Numeric, String, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DontWrapMixin
from sqlalchemy.types import TypeDecorator, TypeEngine

from lti_tool.core.errors import Unusable


class CannotBeKept(Unusable, DontWrapMixin):
    """A value that no database would keep faithfully. It reaches the page as its own sentence,
    not wrapped into an error of the database's."""


Document = JSON(none_as_null=True)
"""A JSON document: a work as typed, a rubric, what changed from and to."""


class Exact(TypeDecorator[Decimal]):
    """A Decimal kept exactly: NUMERIC on PostgreSQL, its own digits as text on SQLite."""

    impl = Numeric
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Text on SQLite, which has only binary floats; NUMERIC elsewhere."""
        return dialect.type_descriptor(String(40) if dialect.name == "sqlite" else Numeric())

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        """Refuse floats and what is no number."""
        if value is None:
            return None
        if not isinstance(value, Decimal) or not value.is_finite():
            raise CannotBeKept("Only an exact, finite decimal number can be kept here.")
        return format(value, "f") if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """Give the Decimal back."""
        return None if value is None else Decimal(value)


class Moment(TypeDecorator[datetime]):
    """A moment in UTC, aware on the way in and on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a time without a zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise CannotBeKept("A time without a zone cannot be kept.")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Say that it is UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Words(TypeDecorator[str]):
    """Text of at most `limit` characters without NUL, which PostgreSQL cannot keep."""

    impl = Text
    cache_ok = True

    def __init__(self, limit: int) -> None:
        super().__init__()
        self.limit = limit

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """VARCHAR where short, so that the schema says it too."""
        return dialect.type_descriptor(String(self.limit) if self.limit <= 1000 else Text())

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Refuse what is too long or holds NUL."""
        if value is None:
            return None
        if "\x00" in value:
            raise CannotBeKept("The text holds a character that cannot be kept (NUL). Remove it.")
        if len(value) > self.limit:
            raise CannotBeKept(f"The text is longer than {self.limit} characters. Shorten it.")
        return value
