"""Error pages: what happened, what to do, a code and a reference to quote.

No traceback and no text of an exception that is not a sentence of ours ever reaches a page.
A refused launch's page may stand in any frame: it holds no form and sets no cookie.
"""

from typing import Any

from flask import Flask, current_app, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from gunicorn.http.errors import NoMoreData, ParseException
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

from lti_tool.core.errors import Conflict, NotAllowed, NotFound, OutOfOrder, Sentence, Unusable
from lti_tool.db import abandon
from lti_tool.web import logs, security

_STATUS: list[tuple[type[Sentence], int, str]] = [
    (NotFound, 404, "not_found"),
    (NotAllowed, 403, "not_allowed"),
    (Conflict, 409, "conflict"),
    (Unusable, 400, "unusable"),
]
HTTP_SENTENCES = {
    400: ("That request could not be read.", "Go back and try again."),
    401: ("You are not signed in here.", "Open the activity again from your course."),
    403: ("You may not open this page.", "Go back to your course and open the activity again."),
    404: ("There is no page here.", "Check the address, or open the activity from your course."),
    405: (
        "This page does not take that kind of request.",
        "Go back and use the page’s own buttons.",
    ),
    408: ("The connection was too slow.", "Try again."),
    413: (
        "What you sent is too large.",
        "The page you came from says how large a file may be. Send a smaller one; in Excel, "
        "deleting pictures and unused sheets usually does it.",
    ),
    414: ("The address is too long.", "Open the activity again from your course."),
    415: ("That kind of content cannot be read here.", "Go back and use the page’s own form."),
    429: ("That was too often in a short time.", "Wait a minute, then try again."),
    431: ("The request’s headers are too large.", "Close some tabs of this site, then try again."),
}
UNEXPECTED = (
    "Something went wrong on our side, and nothing was changed.",
    "Try again in a minute.",
)
_TORN = (ParseException, NoMoreData)
"""What the web server raises where a body cannot be read to its end."""
_TITLES = {
    400: "This could not be read",
    401: "This page has closed",
    403: "You may not open this",
    404: "There is nothing here",
    409: "This could not be done",
    413: "This is too large",
    429: "Too often in a short time",
    500: "Something went wrong",
    503: "The tool is out of order",
}


def wants_json() -> bool:
    """Whether a script of ours asked, which shows one sentence beside what was typed."""
    is_script = request.headers.get("X-Requested-With") == "fetch"
    return is_script or request.accept_mimetypes.best == "application/json"


def error_page(
    status: int, what_happened: str, what_to_do: str, code: str, **more: Any
) -> ResponseReturnValue:
    """A page for a person; JSON for a script of ours that asked.

    :param code: the reason code, also in `X-Reason-Code`.
    :param more: `title`, `links`, `typed`, `allow`: methods that the address takes, and `wait_s`:
        seconds after which a place that was refused too often may try again; the answer is a 429.
    """
    security.allow_frames_anywhere()
    headers = {"X-Reason-Code": code}
    if more.get("wait_s"):
        status, headers["Retry-After"] = 429, str(more["wait_s"])
        what_to_do = f"This was too often in a short time, so wait a minute first. {what_to_do}"
    if more.get("allow"):
        headers["Allow"] = ", ".join(sorted(more["allow"]))
    if wants_json():
        body = {"sentence": f"{what_happened} {what_to_do}".strip(), "code": code}
        return jsonify(body), status, headers
    page = render_template(
        "web/error.html",
        title=more.get("title", _TITLES.get(status, "This could not be done")),
        what_happened=what_happened,
        what_to_do=what_to_do,
        reason_code=code,
        reference=logs.reference(),
        links=more.get("links", []),
        typed=more.get("typed", []),
    )
    return page, status, headers


def _sentence(error: Sentence) -> ResponseReturnValue:
    for kind, status, code in _STATUS:
        if isinstance(error, kind):
            return error_page(status, error.sentence, "", code)
    return error_page(400, error.sentence, "", "refused")


def _out_of_order(error: OutOfOrder) -> ResponseReturnValue:
    """Something of this installation, which only those who run it can mend."""
    logs.log.error("installation out of order", why=error.sentence, route=logs.route())
    happened = "The tool is not set up as it should be just now, and nothing was changed."
    to_do = "Try again later. If it goes on, tell the people who run the tool the reference below."
    return error_page(503, happened, to_do, "out_of_order")


def _http(error: HTTPException) -> ResponseReturnValue:
    cause = getattr(error, "original_exception", None)
    if cause is not None:  # met after the view, as the answer was finished: the commit failed
        return current_app.handle_user_exception(cause)
    status = error.code or 500
    if status < 400:
        return error
    happened, to_do = HTTP_SENTENCES.get(status, HTTP_SENTENCES[400])
    allow = getattr(error, "valid_methods", None)
    return error_page(status, happened, to_do, f"http_{status}", allow=allow)


def readable_form() -> MultiDict[str, str]:
    """The posted form for an error's page; empty where the body is torn or too large, since a
    fault met while answering another would hide it."""
    try:
        return request.form
    except (*_TORN, HTTPException):
        return MultiDict()


def _torn_body(error: Exception) -> ResponseReturnValue:
    """The web server could not read the request's body to its end."""
    happened, to_do = HTTP_SENTENCES[400]
    return error_page(400, happened, to_do, "http_400")


def unexpected(error: Exception) -> ResponseReturnValue:
    """A fault that nobody foresaw: in the log with its trace, on the page in a sentence."""
    logs.log.error(
        "unexpected error", kind=type(error).__name__, route=logs.route(), exc_info=error
    )
    abandon()  # what was begun may be in no state to be asked what the page shows
    happened, to_do = UNEXPECTED
    to_do += " If it happens again, tell your tutor the reference below."
    return error_page(500, happened, to_do, "unexpected")


def _say_nothing(_exception: Any) -> None:
    """In place of the framework's own line, which would hold the address: `unexpected` logs."""


def init_app(app: Flask) -> None:
    """Answer every error with a page."""
    app.register_error_handler(Sentence, _sentence)
    app.register_error_handler(OutOfOrder, _out_of_order)
    app.register_error_handler(HTTPException, _http)
    for torn in _TORN:
        app.register_error_handler(torn, _torn_body)
    app.register_error_handler(Exception, unexpected)
    app.log_exception = _say_nothing  # type: ignore[assignment]
