"""Row numbers in addresses: digits, and no more of them than a database can hold.

A larger number names nothing, so it is no page; asked of a database it would be a fault.
"""

from flask import Flask
from werkzeug.routing import IntegerConverter, Map

from lti_tool.db.base import LARGEST_ID


class RowNumber(IntegerConverter):
    """`<int:…>` in the address of every page."""

    def __init__(self, map: Map, fixed_digits: int = 0) -> None:
        super().__init__(map, fixed_digits, 0, LARGEST_ID)


def init_app(app: Flask) -> None:
    """Let `<int:…>` mean this, before any route is added."""
    app.url_map.converters["int"] = RowNumber
