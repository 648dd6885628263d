"""The participant's first page: where the log stands."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from lti_tool.web.policy import who_may
from lti_tool.web.trust import show_trust_line


def overview(handle: str) -> ResponseReturnValue:
    """Where the log stands."""
    show_trust_line()
    return render_template("placement_log/overview.html", handle=handle)


def add_to(blueprint: Blueprint) -> None:
    """Put these pages into the activity's blueprint."""
    blueprint.get("/")(who_may("participant")(overview))
