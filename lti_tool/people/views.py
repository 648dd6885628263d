"""Pages about the visit itself: display settings, staying longer, a window of one's own."""

from flask import Blueprint, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as Redirect

from lti_tool.core import clock
from lti_tool.db import session
from lti_tool.people import beginning, visits
from lti_tool.people.display import read_display
from lti_tool.people.operations import keep_display
from lti_tool.web.policy import PUBLIC, who_may

blueprint = Blueprint("people", __name__)


def _back(handle: str) -> Redirect:
    """To the page the form came from, if it is one of this visit; else to its start."""
    target = visits.page_of(handle, request.form.get("next", ""))
    return redirect(target or url_for("launch.start", handle=handle), 303)


@blueprint.post("/v/<handle>/display")
@who_may("anyone here")
def set_display(handle: str) -> ResponseReturnValue:
    """Keep how a person wants pages to look."""
    keep_display(session(), visits.current().person_id, read_display(request.form))
    return _back(handle)


@blueprint.post("/v/<handle>/stay")
@who_may("anyone here")
def stay(handle: str) -> ResponseReturnValue:
    """Keep the visit open for its full time from now."""
    ends_at = visits.prolong(session())
    if request.headers.get("X-Requested-With") == "fetch":
        return jsonify(
            visit_ends_at=ends_at.isoformat(), visit_ends_label=clock.time_of_day(ends_at)
        )
    return _back(handle)


@blueprint.post("/full-width")
@who_may(PUBLIC, because="the one-time code in the form is the proof; no cookie comes along")
def full_width() -> ResponseReturnValue:
    """Open a visit in a window of its own, whose cookies are kept apart from the frame's. Pressed
    again, the button leads to the window's visit once more."""
    settings = visits.settings_of_app()
    handle, secret = beginning.use_full_width_code(
        session(), settings, request.form.get("code", "")[:500]
    )
    response = redirect(url_for("launch.start", handle=handle), 303)
    if secret is not None:
        visits.set_cookie(response, handle, secret)
    return response
