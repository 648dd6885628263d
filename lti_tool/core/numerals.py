"""Numbers as people read them, the same on every page and in every file, and as forms carry
them."""

from decimal import Decimal


def plain(value: Decimal) -> str:
    """A number without exponent or needless zeros: 1E+2 is '100', 62.50 is '62.5'."""
    text = format(value.normalize(), "f")
    return "0" if text == "-0" else text


_MOST_DIGITS = 9


def whole(text: str | None, otherwise: int = 0) -> int:
    """A whole number as a form or a file carries it: plain digits, and not without end.

    :param otherwise: what anything else counts as.
    """
    is_number = text and text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS
    return int(text) if text and is_number else otherwise
