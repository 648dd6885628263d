"""Rows copied in Excel and pasted as text: cells between tabs, with or without a line of headings.

Called by the page for bringing a map in, and by the grid when somebody pastes into it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from lti_tool.activities.provision_map_audit.importing.own_columns import OWN_ORDER
from lti_tool.activities.provision_map_audit.importing.preview import ImportPreview
from lti_tool.activities.provision_map_audit.importing.read_map import read_map
from lti_tool.activities.provision_map_audit.sheets.cells import UnreadableFile
from lti_tool.activities.provision_map_audit.sheets.delimited import read_csv
from lti_tool.activities.provision_map_audit.words import Words

MOST_PASTED = 1_000_000
"""Characters; 2,000 rows of a map have about half of that."""


def read_pasted(
    text: str,
    words: Words,
    remembered: Mapping[str, str] | None = None,
    cleared: frozenset[str] = frozenset(),
    *,
    choices: Mapping[str, Mapping[int, str]] | None = None,
    order: Sequence[str] = OWN_ORDER,
    today: dt.date | None = None,
) -> ImportPreview:
    """Read pasted rows as a file of one sheet is read, named "Sheet 1".

    :param remembered: what columns were last time, by heading key.
    :param cleared: texts, or keys of them, that are no child's name.
    :param order: fields of the columns where the rows come without headings.
    :raises UnreadableFile: nothing was pasted, or far too much.
    """
    if not text.strip():
        raise UnreadableFile("Copy the rows in Excel and paste them into the box.")
    if len(text) > MOST_PASTED:
        raise UnreadableFile("This is too much to paste. Save it as .xlsx and choose the file.")
    data = text.replace("\x00", "").strip("\r\n").encode("utf-8", "replace")
    mark = b"sep=\t\n" if b"\t" in data else b""
    book = read_csv("", mark + data)
    return read_map(book, words, choices, cleared, today, remembered, order)
