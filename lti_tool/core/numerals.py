"""Numbers as people read them, the same on every page and in every file."""

from decimal import Decimal


def plain(value: Decimal) -> str:
    """A number without exponent or needless zeros: 1E+2 is '100', 62.50 is '62.5'."""
    text = format(value.normalize(), "f")
    return "0" if text == "-0" else text
