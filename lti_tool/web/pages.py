"""Pages about the tool itself, open to everyone: the front door, privacy, accessibility."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from lti_tool.web.policy import PUBLIC, who_may
from lti_tool.web.security import allow_frames_anywhere

blueprint = Blueprint("pages", __name__)
_OPEN = "it says how the tool works and holds nothing about anyone"


@blueprint.get("/")
@who_may(PUBLIC, because=_OPEN)
def front() -> ResponseReturnValue:
    """What this address is, for someone who came here without a launch."""
    allow_frames_anywhere()
    return render_template("web/front.html")


@blueprint.get("/privacy")
@who_may(PUBLIC, because=_OPEN)
def privacy() -> ResponseReturnValue:
    """The data protection fact sheet, with a picture of where data flows."""
    allow_frames_anywhere()
    return render_template("web/privacy.html")


@blueprint.get("/accessibility")
@who_may(PUBLIC, because=_OPEN)
def accessibility() -> ResponseReturnValue:
    """The accessibility statement."""
    allow_frames_anywhere()
    return render_template("web/accessibility.html")
