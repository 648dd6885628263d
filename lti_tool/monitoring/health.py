"""Whether the process is up, and whether it can serve: for operators and load balancers."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from lti_tool.db import database
from lti_tool.monitoring.parts import count_wake_ups, settings
from lti_tool.monitoring.readings import OK, look_at_parts
from lti_tool.web.policy import PUBLIC, who_may

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@who_may(PUBLIC, because="says only that the process answers")
def healthz() -> ResponseReturnValue:
    """The process answers."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
@who_may(PUBLIC, because="says only whether database, queue and keys can be used")
def readyz() -> ResponseReturnValue:
    """The database answers and fits this release, the queue takes wake-ups, and the signing keys
    can be read."""
    parts = look_at_parts(database(), settings(), count_wake_ups())
    ready = set(parts.values()) == {OK}
    return jsonify(status="ready" if ready else "not ready", **parts), 200 if ready else 503
