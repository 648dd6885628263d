"""When the database cannot be used: a page that says so, 503, and what was typed to be copied.

The database is away, its disk is full, or it has no connection free; or two people did the same
at the same moment, nothing else made one of them wait, and it refused one. Nothing was changed
then: each request is one transaction, and scripts of ours send theirs again. A mistake of ours in
a statement is no such fault and is answered as any other.
"""

from collections.abc import Callable

from flask import Flask, make_response
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoneFree

from lti_tool.db import abandon
from lti_tool.web import logs
from lti_tool.web.errors import error_page, unexpected, wants_json

Typed = Callable[[], list[tuple[str, str]]]
_RETRY_S = 30
_AFTER_A_MEETING_S = 1
_SQLITE = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_IOERR", "SQLITE_READONLY", "SQLITE_CANTOPEN")
_FULL = {"SQLITE_FULL", "53100"}
"""SQLite's name and PostgreSQL's number for "there is no room left"."""
_MET = {"40P01", "40001", "23505"}
"""Each waited for the other; both changed one row; both made the same row. On SQLite none can:
it lets one write at a time."""


def _name(error: SQLAlchemyError) -> str:
    """What the driver calls it."""
    driver = error.orig if isinstance(error, DBAPIError) else None
    return str(getattr(driver, "sqlite_errorname", None) or getattr(driver, "sqlstate", None) or "")


def is_full(error: SQLAlchemyError) -> bool:
    """Whether there is no room left for what was to be written."""
    return _name(error) in _FULL


def is_outage(error: SQLAlchemyError) -> bool:
    """Whether the database is to blame, and not a statement of ours."""
    if isinstance(error, NoneFree) or is_full(error):
        return True
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    name = _name(error)
    return not name.startswith("SQLITE") or name.startswith(_SQLITE)


def is_meeting(error: SQLAlchemyError) -> bool:
    """Whether somebody else did the same at the same moment."""
    return _name(error) in _MET


def _words(error: SQLAlchemyError, has_typed: bool) -> tuple[str, str, str, str]:
    copy = "Copy what you typed, which stands below. " if has_typed else ""
    if is_meeting(error):
        return (
            "Somebody else was faster",
            "Somebody else, or another window of yours, changed the same at the same moment, so "
            "nothing was changed here.",
            f"{copy}See how it stands now, and send it again if it is still to be done. If it "
            "happens again, tell your tutor the reference below.",
            "same_moment",
        )
    if is_full(error):
        return (
            "This could not be saved",
            "There is no room left where the tool keeps its data, so nothing was changed. "
            "Everything that was saved before is still there.",
            f"{copy}Tell your tutor or the people who run the tool, and quote the reference "
            "below. Send it again once they have made room.",
            "storage_full",
        )
    return (
        "The tool cannot reach its data just now",
        "The tool cannot reach its database just now, so nothing was changed. Everything that "
        "was saved before is still there.",
        f"{copy}Try again in a minute. If it goes on, tell your tutor the reference below.",
        "database_unreachable",
    )


def init_app(app: Flask, typed: Typed) -> None:
    """Answer a database that cannot be used.

    :param typed: what a person typed into the form of this request, as label and text.
    """

    def answer(error: SQLAlchemyError) -> ResponseReturnValue:
        is_met = is_meeting(error)
        if not (is_met or is_outage(error)):
            return unexpected(error)
        abandon()  # else what the page shows of the visit would be asked of a failed transaction
        kept = [] if wants_json() else typed()
        title, happened, to_do, code = _words(error, bool(kept))
        about = {"kind": type(error).__name__, "driver": _name(error), "route": logs.route()}
        if is_met:
            logs.log.error("two at the same moment", exc_info=error, **about)
        else:
            logs.log.error("database out of reach", **about)
        response = make_response(error_page(503, happened, to_do, code, title=title, typed=kept))
        response.headers["Retry-After"] = str(_AFTER_A_MEETING_S if is_met else _RETRY_S)
        return response

    app.register_error_handler(SQLAlchemyError, answer)
