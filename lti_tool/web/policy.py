"""The decorator by which a route declares who may use it.

Every route must; `check_every_route` stops the start where one does not. What a policy's name
means is defined in `people/access.py`.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask

from lti_tool.core.errors import Unusable

View = TypeVar("View", bound=Callable[..., Any])
PUBLIC = "public"
_MARK = "route_policy"


def who_may(policy: str, *, because: str = "") -> Callable[[View], View]:
    """Declare a route's policy.

    :param policy: a name in `people/access.py`, or `PUBLIC`.
    :param because: why a public route may be public; required there.
    """
    if policy == PUBLIC and not because:
        raise Unusable("A public route must say why it is public.")

    def declare(view: View) -> View:
        setattr(view, _MARK, policy)
        return view

    return declare


def policy_of(view: Callable[..., Any]) -> str | None:
    """The policy a view declared, or None."""
    return getattr(view, _MARK, None)


def check_every_route(app: Flask, known: set[str]) -> None:
    """Stop the start where a route has no policy, or one that does not exist.

    :param known: policies that `people/access.py` defines.
    :raises Unusable: naming the routes.
    """
    lost = [
        f"{rule.rule} ({rule.endpoint})"
        for rule in app.url_map.iter_rules()
        if policy_of(app.view_functions[rule.endpoint]) not in known | {PUBLIC}
    ]
    if lost:
        raise Unusable("These routes do not say who may use them: " + ", ".join(sorted(lost)))
