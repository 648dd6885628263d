"""Whether the process is up, and whether it can serve: for operators and load balancers."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from lti_tool.db import database
from lti_tool.db.migrate import is_current
from lti_tool.web.policy import PUBLIC, who_may

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@who_may(PUBLIC, because="says only that the process answers")
def healthz() -> ResponseReturnValue:
    """The process answers."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
@who_may(PUBLIC, because="says only whether the database can be used")
def readyz() -> ResponseReturnValue:
    """The database answers and fits this release."""
    try:
        ready = is_current(database())
    except Exception:
        ready = False
    return jsonify(status="ready" if ready else "not ready"), 200 if ready else 503
