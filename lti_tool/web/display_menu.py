"""The choices of the display menu, which stand on every page of a visit.

Of the pieces that a first page was put together from, two thirds were these choices, and few people
change them: each set of choices is written once in a process.
"""

from collections.abc import Mapping
from functools import lru_cache

from flask import Flask
from markupsafe import Markup

_SETS = 200
"""More than there are."""


def init_app(app: Flask) -> None:
    """Let templates put the choices on a page, by `display_groups`."""

    @lru_cache(maxsize=_SETS)
    def written(*chosen: tuple[str, str]) -> Markup:
        template = app.jinja_env.get_template("web/display_groups.html")
        return Markup(template.render(display=dict(chosen)))

    def display_groups(display: Mapping[str, str]) -> Markup:
        return written(*sorted(display.items()))

    app.jinja_env.globals["display_groups"] = display_groups
