"""The shared strings of an Excel workbook, within bounds. Called by `xlsx.py` alone."""

from __future__ import annotations

from lti_tool.activities.provision_map_audit.sheets.cells import (
    MAX_CELL_TEXT,
    UnreadableFile,
    too_much,
)

_MAX_STRINGS = 200_000
_MAX_STRING_CHARS = 20_000_000


def local_name(tag: str) -> str:
    """A tag without its prefix: 'x:row' is 'row'."""
    return tag.rpartition(":")[2]


class SharedStrings:
    """Handler for xl/sharedStrings.xml; runs of rich text are joined, reading aids left out."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._parts: list[str] = []
        self._in_text = False
        self._in_aid = False
        self._size = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element opens."""
        tag = local_name(tag)
        if tag == "si":
            self._parts = []
        elif tag == "rPh":
            self._in_aid = True
        elif tag == "t":
            self._in_text = not self._in_aid

    def text(self, text: str) -> None:
        """Characters between tags."""
        if self._in_text:
            self._parts.append(text)
            self._size += len(text)
            if self._size > _MAX_STRING_CHARS:
                raise UnreadableFile(too_much())

    def end(self, tag: str) -> None:
        """An element closes."""
        tag = local_name(tag)
        if tag == "t":
            self._in_text = False
        elif tag == "rPh":
            self._in_aid = False
        elif tag == "si":
            self.texts.append(bounded("".join(self._parts)))
            if len(self.texts) > _MAX_STRINGS:
                raise UnreadableFile(too_much())


def bounded(text: str) -> str:
    """The text, or UnreadableFile when no cell could hold it."""
    if len(text) > MAX_CELL_TEXT:
        raise UnreadableFile(
            f"A cell holds more than {MAX_CELL_TEXT:,} characters, which no provision map needs. "
            "Shorten it, save the workbook and bring it in again."
        )
    return text
