"""Cookies that prove a login or a visit.

For this site only, unseen by scripts, sent over https alone, and kept apart for each site around
the frame (CHIPS), so that a browser which blocks third-party cookies keeps them.
"""

from datetime import timedelta

from werkzeug.http import dump_cookie
from werkzeug.wrappers import Response


def keep(
    response: Response,
    name: str,
    value: str,
    path: str,
    *,
    lasts: timedelta | None = None,
    samesite: str = "None",
) -> None:
    """Give the browser a cookie.

    :param path: the pages it is sent to.
    :param lasts: until the browser is closed where left out.
    :param samesite: "None" for pages in frames, "Lax" for those that never stand in one.
    """
    text = dump_cookie(
        name,
        value,
        max_age=lasts,
        sync_expires=False,  # the same once more as a date, for browsers older than TLS 1.2
        path=path,
        secure=True,
        httponly=True,
        samesite=samesite,
        partitioned=True,
    )
    response.headers.add("Set-Cookie", text)


def drop(response: Response, name: str, path: str) -> None:
    """Have the browser forget a cookie that `keep` gave it."""
    keep(response, name, "", path, lasts=timedelta())
