"""The commentary written in Word: brought in, shown in place, counted, and never kept as a file.

mammoth reads the text and its structure, nh3 keeps only harmless tags. What could not come along
(pictures, tracked changes, comments) is said in words.
"""

from __future__ import annotations

import io
import re
from typing import Any

from lti_tool.activities.provision_map_audit.prose import clean_html, count_words, text_of
from lti_tool.core import clock
from lti_tool.core.errors import Unusable
from lti_tool.papers.word_guard import (
    check_word_file,
    has_comments,
    has_tracked_changes,
)

MOST_TEXT = 400_000
"""Characters of clean HTML; about 60,000 words."""


def read_commentary(data: bytes, file_name: str) -> dict[str, Any]:
    """A Word document as what the work keeps of it.

    :param file_name: as the browser gave it; cleaned here.
    :return: html, file_name, words, added_at, and `left_out`: sentences about what stayed behind.
    :raises Unusable: it cannot be read, or has no text.
    """
    xml = check_word_file(data)
    pictures: list[object] = []

    def leave_out(picture: object) -> list[object]:
        pictures.append(picture)
        return []

    import mammoth  # only where a document comes: it is slow to load

    try:
        made = mammoth.convert_to_html(io.BytesIO(data), convert_image=leave_out)
    except Exception:  # mammoth promises nothing about what it raises on an odd document
        raise Unusable(
            "This Word document cannot be read. Copy its text into a new document, save that as "
            ".docx and bring it in."
        ) from None
    html = clean_html(made.value)
    if len(html) > MOST_TEXT:
        raise Unusable(
            "This document is longer than an audit can hold. Shorten it to 60,000 words."
        )
    if not text_of(html):
        raise Unusable("This document has no text that we could read. Was it a scanned picture?")
    return {
        "html": html,
        "file_name": clean_file_name(file_name),
        "words": count_words(text_of(html)),
        "added_at": clock.now().isoformat(),
        "left_out": _left_out(len(pictures), xml),
    }


def clean_file_name(given: str) -> str:
    """The last part of a file's name with nothing odd in it, at most 80 characters."""
    last = re.split(r"[\\/]", given)[-1]
    plain = re.sub(r"[^\w .()&'’-]", "", last).strip(" .")
    return plain[-80:] or "commentary.docx"


def _left_out(pictures: int, xml: str) -> list[str]:
    said = []
    if pictures:
        many = "One picture is" if pictures == 1 else f"{pictures} pictures are"
        said.append(f"{many} left out: only text is kept.")
    if has_tracked_changes(xml):
        said.append(
            "Word still tracks changes in it. What was put in is taken as said, what was struck "
            "out is left out."
        )
    if has_comments(xml):
        said.append("Comments in the margin are left out.")
    return said


def with_words_removed(commentary: dict[str, Any], text: str, instead: str) -> dict[str, Any]:
    """The commentary with a text replaced wherever it stands, even across bold or italics.

    :param text: as it reads; between its words there may be any gap.
    """
    words = [re.escape(word) for word in _as_html(text).split()]
    gap = r"(?:\s|&nbsp;|<[^>]*>)+"
    found = re.compile(rf"(?<!\w){gap.join(words)}(?!\w)", re.IGNORECASE)
    html = clean_html(found.sub(instead, commentary["html"]))
    return {**commentary, "html": html, "words": count_words(text_of(html))}


def _as_html(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
