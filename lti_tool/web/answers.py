"""Flask's answers, without what Werkzeug does to a head in which there is nothing to mend.

It copies all headers with each name and value looked at anew, takes a `Location` apart to quote it,
and wraps the body for things to be closed that no page of ours has: a fiftieth of a launch.
"""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, cast

from flask import Response

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

_WITH_A_BODY = ("GET", "POST")
_WITHOUT_ONE = (204, 304)
_HOST = r"https?://[a-z0-9-]{1,40}(\.[a-z0-9-]{1,40}){0,5}(:[1-9][0-9]{0,3}|:[1-5][0-9]{4})?"
_QUOTED = re.compile(rf"({_HOST})?/(?!/)[\w.~/:=%+-]*(\?[\w.~/:=%+&-]+)?", re.ASCII)
"""An address that quoting leaves as it is."""


class Answer(Response):
    """What a view answers. A plain one goes out as it was made, any other by Werkzeug's way."""

    def get_wsgi_response(
        self, environ: "WSGIEnvironment"
    ) -> tuple[Iterable[bytes], str, list[tuple[str, str]]]:
        """Body, status and headers for the web server (PEP 3333)."""
        headers = self.headers.to_wsgi_list()
        length = _length(self.response)
        if (
            length is None
            or environ["REQUEST_METHOD"] not in _WITH_A_BODY
            or self.status_code in _WITHOUT_ONE
            or self.status_code < 200
            or self._on_close
        ):
            return super().get_wsgi_response(environ)
        for name, value in headers:
            known = name.lower()
            if known == "content-length":
                length = None
            elif known == "content-location" or (
                known == "location" and not _QUOTED.fullmatch(value)
            ):
                return super().get_wsgi_response(environ)
        if length is not None:
            headers.append(("Content-Length", str(length)))
        return cast(list[bytes], self.response), self.status, headers


def _length(body: object) -> int | None:
    """Bytes of a body, where all of it is there."""
    if type(body) is not list or not all(type(part) is bytes for part in body):
        return None
    return sum(map(len, body))
