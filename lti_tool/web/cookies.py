"""Cookies that prove a login or a visit inside a frame.

For this site only, unseen by scripts, sent over https alone, and kept apart for each site around
the frame (CHIPS), so that a browser which blocks third-party cookies keeps them. Written as they go
over the wire: the library puts each together anew, three times a launch.
"""

from datetime import timedelta

from werkzeug.wrappers import Response

_FRAMED = "Secure; HttpOnly; Path={path}; SameSite=None; Partitioned"
_GONE = "Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0"


def keep(
    response: Response, name: str, value: str, path: str, lasts: timedelta | None = None
) -> None:
    """Give the browser a cookie.

    :param name: of letters, digits and hyphens, as is `value`: both are drawn by us.
    :param path: the pages it is sent to.
    :param lasts: until the browser ends where left out.
    :raises ValueError: name or value has another sign, which would be read as something else.
    """
    drawn = f"{name}{value}".replace("-", "")
    if not (drawn.isascii() and drawn.isalnum()):
        raise ValueError("a cookie's name and value are letters, digits and hyphens")
    ends = f"Max-Age={int(lasts.total_seconds())}; " if lasts is not None else ""
    text = f"{name}={value}; {ends}{_FRAMED.format(path=path)}"
    response.headers.add("Set-Cookie", text)


def drop(response: Response, name: str, path: str) -> None:
    """Have the browser forget a cookie that `keep` gave it."""
    text = f"{name}=; {_GONE}; {_FRAMED.format(path=path)}"
    response.headers.add("Set-Cookie", text)
