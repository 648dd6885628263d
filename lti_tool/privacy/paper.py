"""Pages of an export: files that open in any browser without this tool, and load nothing."""

import re
from datetime import date, datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from lti_tool.core import clock

_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d[0-9.:+Z-]*")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def heading(name: str) -> str:
    """A name of the data as a heading: "handed_in_at" is "Handed in at"."""
    words = name.removesuffix("_id").replace("_", " ")
    return words[:1].upper() + words[1:] if words != "id" else "Number"


def said(value: Any) -> str:
    """A value as people say it: days and times in words."""
    text = str(value)
    try:
        if _MOMENT.fullmatch(text):
            return clock.day_and_time(datetime.fromisoformat(text))
        return clock.plain_day(date.fromisoformat(text)) if _DAY.fullmatch(text) else text
    except ValueError:  # somebody typed what only looks like a day
        return text


_PAGES.filters.update(heading=heading, said=said)


def as_page(title: str, body: Markup) -> str:
    """A fragment as a page of its own."""
    return draw("privacy/work.html", title=title, body=body)


def draw(template: str, **values: Any) -> str:
    """A page of the export."""
    return _PAGES.get_template(template).render(**values)
