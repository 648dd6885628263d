"""The base table and the naming of constraints, so that migrations can name what they drop."""

from typing import Any, ClassVar

from sqlalchemy import BigInteger, Integer, MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

LARGEST_ID = 2**63 - 1
"""No row has a larger number; asked for one, a database would fail."""
BigId = BigInteger().with_variant(Integer, "sqlite")
"""A row number: 64 bits on PostgreSQL; SQLite only counts up by itself on plain INTEGER."""


class Base(DeclarativeBase):
    """Every table has a row number of its own that never leaves its scope."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {}

    id: Mapped[int] = mapped_column(BigId, primary_key=True, sort_order=-100)
