"""What people type, cleaned once: edges trimmed, line ends made alike, what no database keeps
refused with a sentence. Called by every field."""

from __future__ import annotations

import re
from typing import Any

PLAIN_FIELD_LIMIT = 10_000
REFUSED = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
# Word processors paste a soft line break as a vertical tab, and a page break as a form feed.
_LINE_ENDS = re.compile(r"\r\n|[\r\v\f\u2028\u2029]")
_EDGES = " \t\n\u00a0\u200b\ufeff"
_HIDDEN_CHARACTERS = (
    "Take out the hidden characters in this answer, because they cannot be kept. "
    "Typing it afresh instead of pasting usually does it."
)


def clean_text(value: str, *, lines: bool = True) -> str:
    """Give the text without stray edges and with line ends as one character.

    ``lines=False`` also joins lines into one, for fields of a single line. Raises ValueError with
    a sentence for characters that cannot be kept (NUL, other controls, halves of characters).
    """
    text = _LINE_ENDS.sub("\n", value)
    if REFUSED.search(text):
        raise ValueError(_HIDDEN_CHARACTERS)
    if not lines:
        text = re.sub(r"[\n\t]+", " ", text)
    return text.strip(_EDGES)


def require_length(text: str, limit: int) -> None:
    """Raise ValueError with a sentence when the text is over the limit, in characters."""
    if len(text) > limit:
        over = len(text) - limit
        raise ValueError(
            f"Shorten this by {over:,} character{'' if over == 1 else 's'}: "
            f"it can be {limit:,} characters long at most."
        )


def clean_plain(value: Any) -> Any:
    """Clean what reaches a plain WTForms text field, so that no field escapes the rules."""
    if not isinstance(value, str):
        return value
    text = clean_text(value)
    require_length(text, PLAIN_FIELD_LIMIT)
    return text
