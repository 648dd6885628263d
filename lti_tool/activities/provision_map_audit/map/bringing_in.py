"""What a person posts when bringing a map in: a file or pasted rows, and what each column holds.

Between the preview and "bring in" the file travels in the page itself, so that text the privacy
guard left out is stored nowhere. Called by `bringing_in_views.py`.
"""

from __future__ import annotations

import base64
import binascii
from collections import Counter
from dataclasses import dataclass

from flask import request

from lti_tool.activities.provision_map_audit import document as documents
from lti_tool.activities.provision_map_audit import workbench
from lti_tool.activities.provision_map_audit.importing.own_columns import OWN_ORDER
from lti_tool.activities.provision_map_audit.importing.pasting import open_pasted
from lti_tool.activities.provision_map_audit.importing.preview import ImportPreview
from lti_tool.activities.provision_map_audit.importing.read_map import read_map
from lti_tool.activities.provision_map_audit.importing.sweeping import no_sweeping
from lti_tool.activities.provision_map_audit.map import remembering
from lti_tool.activities.provision_map_audit.sheets.cells import UnreadableFile, Workbook
from lti_tool.activities.provision_map_audit.sheets.opening import open_workbook
from lti_tool.core.numerals import whole

LARGEST_FILE = 8 * 1024 * 1024
"""Bytes; in the page the file takes a third more, and a request may have 12 MB."""
_MOST_KINDS = 8


@dataclass(frozen=True, slots=True)
class Upload:
    """A file on its way, or pasted rows: name and bytes, from the form or from the page."""

    name: str
    data: bytes
    pasted: bool = False

    @property
    def encoded(self) -> str:
        """The bytes as they travel in the page."""
        return base64.b64encode(self.data).decode()

    @property
    def called(self) -> str:
        """What a page calls it."""
        return "the rows you pasted" if self.pasted else self.name or "your file"

    def workbook(self) -> Workbook:
        """The cells.

        :raises UnreadableFile: it cannot be opened.
        """
        if self.pasted:
            return open_pasted(self.data.decode("utf-8", "replace"))
        return open_workbook(self.name, self.data)


def uploaded() -> Upload:
    """What came with this post: a file first, then pasted rows, then what the page carries.

    :raises UnreadableFile: none came, or it is too large.
    """
    file = request.files.get("file")
    if file is not None and file.filename:
        data = file.stream.read(LARGEST_FILE + 1)
        if len(data) > LARGEST_FILE:
            raise UnreadableFile(
                "This file is larger than 8 MB. Copy the provision map into a new workbook without "
                "pictures and bring that in."
            )
        return Upload(file.filename[:200], data)
    if request.form.get("pasted", "").strip():
        return Upload("", request.form["pasted"].encode("utf-8", "replace"), pasted=True)
    try:
        data = base64.b64decode(request.form.get("file_data", ""), validate=True)
    except (binascii.Error, ValueError):
        data = b""
    if not data:
        raise UnreadableFile(
            "Choose the file that holds your provision map, an Excel workbook (.xlsx) or a .csv "
            "file, or paste its rows into the box."
        )
    is_pasted = request.form.get("is_pasted") == "1"
    return Upload(request.form.get("file_name", "")[:200], data, is_pasted)


@dataclass(frozen=True, slots=True)
class Brought:
    """A file as it was read for this person."""

    upload: Upload
    workbook: Workbook
    found: ImportPreview
    cleared: frozenset[str]


@no_sweeping()
def read_posted(bench: workbench.Workbench, upload: Upload, *, fresh: bool = False) -> Brought:
    """Read a file with the choices posted and with what the person has told us before.

    :param fresh: leave the choices of this page aside.
    :raises UnreadableFile: it cannot be opened.
    """
    workbook = upload.workbook()
    posted = frozenset(request.form.getlist("cleared"))
    cleared = posted | documents.not_a_child(bench.document)
    found = read_map(
        workbook,
        bench.words,
        {} if fresh else _choices(),
        cleared,
        remembered=remembering.columns(bench.document),
        order=OWN_ORDER if upload.pasted else (),
    )
    return Brought(upload, workbook, found, posted)


def _choices() -> dict[str, dict[int, str]]:
    """What the person says each column is: fields named `column|sheet number|column`.

    What is changed on one sheet holds for the same heading on every sheet where nothing was
    changed: `was|…` carries what the page showed, `key|…` the heading.
    """
    names = request.form.getlist("sheet_name")
    posted: dict[str, tuple[str, int, str]] = {}
    for field, value in request.form.items():
        kind, _, place = field.partition("|")
        sheet, _, column = place.partition("|")
        number, index = whole(sheet, len(names)), whole(column, -1)
        if kind == "column" and value and number < len(names) and index >= 0:
            posted[place] = (names[number], index, value[:60])
    changed = {
        request.form.get(f"key|{place}", ""): value
        for place, (_, _, value) in posted.items()
        if value != request.form.get(f"was|{place}", value)
    }
    found: dict[str, dict[int, str]] = {}
    for place, (name, index, value) in posted.items():
        key = request.form.get(f"key|{place}", "")
        if key and value == request.form.get(f"was|{place}"):
            value = changed.get(key, value)
        found.setdefault(name, {})[index] = value
    return found


@dataclass(frozen=True, slots=True)
class ReadKind:
    """One way a column's cells were read: what stood there, as what, how often."""

    shown: str
    said: str
    note: str | None
    times: int


@dataclass(frozen=True, slots=True)
class ReadColumn:
    """The ways a column was read, the most frequent first, and how many more there are."""

    kinds: tuple[ReadKind, ...]
    more: int


def kinds_read(found: ImportPreview) -> dict[tuple[str, str], ReadColumn]:
    """What was read in each column, by sheet and heading; an equal cell is said once."""
    counted: dict[tuple[str, str], Counter[tuple[str, str, str | None]]] = {}
    for row in found.rows:
        for one in row.readings:
            if one.shown and one.shown != one.said:
                key = (row.sheet, one.heading)
                counted.setdefault(key, Counter())[(one.shown[:80], one.said, one.note)] += 1
    return {
        key: ReadColumn(
            tuple(
                ReadKind(shown, said, note, times)
                for (shown, said, note), times in kinds.most_common(_MOST_KINDS)
            ),
            max(0, len(kinds) - _MOST_KINDS),
        )
        for key, kinds in counted.items()
    }
