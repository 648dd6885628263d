"""Who of the staff may do what, and the gate before their pages.

`people/access.py` hands requests over whose route names one of these policies. A technologist
looks, checks connections and sends again; what changes who may do what, or which platforms and
keys there are, is for administrators.
"""

from collections.abc import Callable

from flask import Flask, Response, g, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.core.errors import NotAllowed
from lti_tool.db import abandon, database, session
from lti_tool.lti import limits
from lti_tool.people import access
from lti_tool.people.visits import settings_of_app
from lti_tool.staff import sessions
from lti_tool.staff.members import ADMINISTRATOR
from lti_tool.staff.sessions import CurrentStaff, StaffSessionOver
from lti_tool.web.errors import error_page

_SAFE = {"GET", "HEAD", "OPTIONS"}
_LARGEST_POST = 64 * 1024
PREFIX = "/staff/"

POLICIES: dict[str, Callable[[CurrentStaff], bool]] = {
    "staff": lambda staff: True,
    "staff administrator": lambda staff: staff.role == ADMINISTRATOR,
}


def page_of(target: str) -> str:
    """An address that was brought along, if it is a page for staff; else where staff begin."""
    is_plain = target.isascii() and target.isprintable() and not set(target) & set("\\ ")
    is_ours = target.startswith(PREFIX) and ".." not in target and len(target) <= 500
    return target if is_plain and is_ours else PREFIX


def _gate(policy: str) -> ResponseReturnValue | None:
    request.max_content_length = _LARGEST_POST
    settings, secret = settings_of_app(), request.cookies.get(sessions.COOKIE)
    with database().read() as reading:
        staff = sessions.load(reading, settings, secret)
    g.staff = staff
    if not POLICIES[policy](staff):
        raise NotAllowed(
            "This is for administrators of the tool. You are here as a learning technologist: ask "
            "an administrator to do it, or whoever runs the tool to change your role."
        )
    if request.method not in _SAFE:
        access.check_form(sessions.form_token(settings, staff))
    return None


def _over(error: StaffSessionOver) -> ResponseReturnValue:
    abandon()
    wait_s = 0
    if request.cookies.get(sessions.COOKIE):
        wait_s = limits.count_here(database(), settings_of_app(), limits.VISITS)
    target = request.path if request.method in _SAFE else PREFIX
    return error_page(
        401,
        error.sentence,
        "Sign in, then open the page again. You are signed out an hour after you last did "
        "something here, and after nine hours in any case.",
        "staff_session_over",
        title="Sign in first",
        typed=access.typed_words(),
        links=[{"label": "Sign in", "url": url_for("staff_sign_in.ask", next=target)}],
        wait_s=wait_s,
    )


def _prolong(response: Response) -> Response:
    """An act of theirs that was good keeps them signed in; reading changes nothing."""
    staff = g.get("staff")
    if staff is not None and request.method not in _SAFE and response.status_code < 400:
        if request.endpoint != "staff_sign_in.sign_out":
            sessions.prolong(session(), staff)
    return response


def _no_frames(response: Response) -> Response:
    """No page for staff stands in a frame, whatever it says."""
    if f"{request.path}/".startswith(PREFIX):
        g.frame_origins = "'none'"
    return response


def init_app(app: Flask) -> None:
    """Put the gate before the pages for staff. After-request steps run before those of parts
    that were added earlier."""
    access.add_gate(set(POLICIES), _gate)
    app.register_error_handler(StaffSessionOver, _over)
    app.after_request(_prolong)
    app.after_request(_no_frames)
