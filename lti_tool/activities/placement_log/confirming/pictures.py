"""The code as a picture that a phone's camera reads, made here: no other host is asked."""

import segno
from markupsafe import Markup


def draw_code(address: str) -> Markup:
    """An address as a QR code, as SVG to stand in a page: black on white in every contrast."""
    made = segno.make(address, micro=False, error="m")
    drawn = made.svg_inline(
        omitsize=True, border=4, dark="#000", light="#fff", svgclass=None, lineclass=None
    )
    return Markup(drawn)
