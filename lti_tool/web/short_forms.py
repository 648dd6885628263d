"""Flask's requests, where a short form is read at once, and half a form is none.

Werkzeug wraps the stream that the form comes over, and makes a parser for any kind of form with
three limits: a fiftieth of a launch. And where a browser went away in the middle it takes what has
come for all there was.
"""

from io import BytesIO
from urllib.parse import parse_qsl

from flask import Request
from werkzeug.exceptions import ClientDisconnected
from werkzeug.wsgi import LimitedStream

_KIND = "application/x-www-form-urlencoded"
_FORMS = (_KIND, "multipart/form-data")
_DIGITS_AT_MOST = 5
"""Of its length in bytes."""


class Asked(Request):
    """What a browser asks."""

    def _load_form_data(self) -> None:
        length = self._length_of_short_form()
        if length is None:
            self._load_long_form_data()
            return
        try:
            raw = self.environ["wsgi.input"].read(length)
        except (OSError, ValueError) as error:
            raise ClientDisconnected from error
        if len(raw) < length:
            raise ClientDisconnected
        try:
            pairs = parse_qsl(raw.decode(), keep_blank_values=True, errors="werkzeug.url_quote")
        except ValueError:  # no text
            pairs = []
        kept, kind = self.__dict__, self.parameter_storage_class
        kept["stream"], kept["form"], kept["files"] = BytesIO(), kind(pairs), kind()

    def _load_long_form_data(self) -> None:
        is_read = "form" in self.__dict__
        super()._load_form_data()
        came, length = self.__dict__.get("stream"), self.content_length
        if is_read or length is None or self.mimetype not in _FORMS:
            return
        if isinstance(came, LimitedStream) and came.tell() < length and not came.read(1):
            del self.__dict__["form"]  # what is no form nobody reads, and there is more
            raise ClientDisconnected

    def _length_of_short_form(self) -> int | None:
        """Bytes of the form that is to be read; None where it is no short one, or read before."""
        about, kept = self.environ, self.__dict__
        length = about.get("CONTENT_LENGTH", "")
        is_short = length.isdecimal() and length.isascii() and len(length) <= _DIGITS_AT_MOST
        if not is_short or about.get("CONTENT_TYPE") != _KIND or "HTTP_TRANSFER_ENCODING" in about:
            return None
        most = self.max_content_length
        if most is not None and int(length) > most:
            return None
        is_read = self.shallow or "form" in kept or "stream" in kept or "_cached_data" in kept
        return None if is_read else int(length)
