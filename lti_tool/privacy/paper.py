"""Pages of an export: files that open in any browser without this tool, and load nothing."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
)


def as_page(title: str, body: Markup) -> str:
    """A fragment as a page of its own."""
    return draw("privacy/work.html", title=title, body=body)


def draw(template: str, **values: Any) -> str:
    """A page of the export."""
    return _PAGES.get_template(template).render(**values)
