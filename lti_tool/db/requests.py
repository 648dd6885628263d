"""One session per request: committed when the answer is good, undone when it is not.

A GET reads only. A view that answers 4xx has changed nothing. Units of work that must last
whatever the answer (a launch's used-up state) open their own with `database().write()`.
"""

from typing import cast

from flask import Flask, Response, current_app, g, request
from sqlalchemy.orm import Session

from lti_tool.db.current import notes
from lti_tool.db.session import Database, commit, rollback

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_EXTENSION = "lti_tool.database"


def database() -> Database:
    """The application's database."""
    return cast(Database, current_app.extensions[_EXTENSION])


def session() -> Session:
    """The request's session, opened at first use."""
    noted = notes()
    opened: Session | None = noted.get("session")
    if opened is None:
        opened = noted.session = database().new_session(writes=request.method not in _SAFE_METHODS)
    return opened


def _finish(response: Response) -> Response:
    opened = g.get("session")
    if opened is None:
        return response
    if response.status_code < 400 and request.method not in _SAFE_METHODS:
        commit(opened)
    else:
        rollback(opened)
    return response


def _close(_error: BaseException | None) -> None:
    opened = g.pop("session", None)
    if opened is not None:
        opened.close()  # what was not kept is undone


def abandon() -> None:
    """Undo and close the request's session now, so that another may write: one that was begun
    for writing would hold it up for ever on SQLite."""
    _close(None)


def init_app(app: Flask, db: Database) -> None:
    """Give `app` its database and the commit-per-request rule."""
    app.extensions[_EXTENSION] = db
    app.after_request(_finish)
    app.teardown_request(_close)
