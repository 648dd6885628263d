"""What changed between two texts, word by word. Pure: no page, no document.

Long texts are first compared line by line, and only lines that differ word by word, so that a
commentary of ten thousand words takes no longer than a person waits.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

SAME, ADDED, REMOVED = "same", "added", "removed"
_WORDS = re.compile(r"\s*\S+|\s+")
_LINES = re.compile(r"[^\n]*\n+|[^\n]+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that stands in both texts, or only in the one before or after."""

    kind: str
    text: str


_LONG = 1500
"""Tokens from which on very common words are no longer tried as places where texts meet."""

Span = tuple[str, int, int, int, int]


def _opcodes(before: Sequence[str], after: Sequence[str]) -> Iterable[Span]:
    matcher = SequenceMatcher(None, before, after, autojunk=len(after) > _LONG)
    return matcher.get_opcodes()


def _by_word(before: str, after: str) -> Iterable[Piece]:
    left, right = _WORDS.findall(before), _WORDS.findall(after)
    for kind, a, b, c, d in _opcodes(left, right):
        if kind == "equal":
            yield Piece(SAME, "".join(left[a:b]))
            continue
        if b > a:
            yield Piece(REMOVED, "".join(left[a:b]))
        if d > c:
            yield Piece(ADDED, "".join(right[c:d]))


def _joined(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    made: list[Piece] = []
    for one in pieces:
        if made and made[-1].kind == one.kind:
            made[-1] = Piece(one.kind, made[-1].text + one.text)
        else:
            made.append(one)
    return tuple(made)


def text_changes(before: str, after: str) -> tuple[Piece, ...]:
    """The two texts as one row of pieces.

    What is same or removed makes the text before, letter for letter; what is same or added makes
    the text after.
    """
    left, right = _LINES.findall(before), _LINES.findall(after)
    pieces: list[Piece] = []
    for kind, a, b, c, d in _opcodes(left, right):
        if kind == "equal":
            pieces.append(Piece(SAME, "".join(left[a:b])))
        else:
            pieces.extend(_by_word("".join(left[a:b]), "".join(right[c:d])))
    return _joined(pieces)


def shortened(pieces: Iterable[Piece], around: int = 25) -> tuple[Piece, ...]:
    """The pieces with long stretches that stand in both texts cut to the words beside a change.

    :param around: words kept on each side of a cut.
    """
    made = []
    for one in pieces:
        words = _WORDS.findall(one.text) if one.kind == SAME else []
        if len(words) > 3 * around:
            text = "".join(words[:around]) + " […] " + "".join(words[-around:]).lstrip()
            made.append(Piece(SAME, text))
        else:
            made.append(one)
    return tuple(made)
