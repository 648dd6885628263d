"""Pages about the tool itself, open to everyone: the front door, privacy, cookies,
accessibility, and where to report a weakness."""

from typing import cast

from flask import Blueprint, Response, abort, current_app, render_template
from flask.typing import ResponseReturnValue

from lti_tool.settings import Settings
from lti_tool.web.contacts import security_txt
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


@blueprint.get("/cookies")
@who_may(PUBLIC, because=_OPEN)
def cookies() -> ResponseReturnValue:
    """Every cookie, and what a browser keeps for the tool."""
    allow_frames_anywhere()
    return render_template("web/cookies.html")


@blueprint.get("/.well-known/security.txt")
@who_may(PUBLIC, because="it names whom to tell of a weakness")
def security() -> ResponseReturnValue:
    """Where to report a weakness (RFC 9116); not found where the installation names nobody."""
    settings = cast(Settings, current_app.extensions["lti_tool.settings"])
    text = security_txt(settings.config_dir, settings.base_url)
    if text is None:
        abort(404)
    return Response(text, content_type="text/plain; charset=utf-8")
