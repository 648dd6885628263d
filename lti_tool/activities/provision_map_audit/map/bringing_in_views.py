"""The participant's pages for bringing a map in: choosing a file, the preview, keeping it.

A file that is brought in is never kept. Between the preview and "bring in" it travels in the
page itself, so that text the privacy guard left out is stored nowhere.
"""

import base64
import binascii
from dataclasses import dataclass

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.activities.provision_map_audit import document as documents
from lti_tool.activities.provision_map_audit import workbench
from lti_tool.activities.provision_map_audit.figures.costing import pounds
from lti_tool.activities.provision_map_audit.figures.shown import hours
from lti_tool.activities.provision_map_audit.importing.column_codes import field_choices
from lti_tool.activities.provision_map_audit.importing.preview import ImportPreview
from lti_tool.activities.provision_map_audit.importing.read_map import read_map
from lti_tool.activities.provision_map_audit.sheets.cells import UnreadableFile
from lti_tool.activities.provision_map_audit.sheets.opening import open_workbook
from lti_tool.activities.provision_map_audit.views import page
from lti_tool.core.errors import Conflict, Sentence
from lti_tool.web import notices
from lti_tool.web.policy import who_may

LARGEST_FILE = 8 * 1024 * 1024
"""Bytes; in the page the file takes a third more, and a request may have 12 MB."""
notices.register(
    brought_in=("success", "Your provision map is brought in. Look through the rows below."),
)


def _file_refused() -> UnreadableFile:
    return UnreadableFile(
        "This file is larger than 8 MB. Copy the provision map into a new workbook without "
        "pictures and bring that in."
    )


@dataclass(frozen=True, slots=True)
class _Upload:
    """A file on its way: its name and bytes, from the file field or from the page."""

    name: str
    data: bytes

    @property
    def encoded(self) -> str:
        return base64.b64encode(self.data).decode()


def _uploaded() -> _Upload:
    """The file that came with this post.

    :raises UnreadableFile: none came, or it is too large.
    """
    file = request.files.get("file")
    if file is not None and file.filename:
        data = file.stream.read(LARGEST_FILE + 1)
        if len(data) > LARGEST_FILE:
            raise _file_refused()
        return _Upload(file.filename[:200], data)
    try:
        data = base64.b64decode(request.form.get("file_data", ""), validate=True)
    except (binascii.Error, ValueError):
        data = b""
    if not data:
        raise UnreadableFile(
            "Choose the file that holds your provision map: an Excel workbook "
            "(.xlsx) or a .csv file."
        )
    return _Upload(request.form.get("file_name", "")[:200], data)


def _bring_in_page(
    bench: workbench.Workbench, sentence: str | None = None, status: int = 200
) -> ResponseReturnValue:
    return page(
        "bring_in.html",
        bench,
        sentence=sentence,
        has_errors=bool(sentence),
        has_rows=bool(bench.document["rows"]),
    ), status


def bring_in(handle: str) -> ResponseReturnValue:
    """Choose a file."""
    return _bring_in_page(workbench.open_workbench())


def _choices() -> dict[str, dict[int, str]]:
    """What the person says each column is: fields named `column|sheet number|column`."""
    names = request.form.getlist("sheet_name")
    found: dict[str, dict[int, str]] = {}
    for key, value in request.form.items():
        kind, _, rest = key.partition("|")
        sheet, _, column = rest.partition("|")
        if kind == "column" and value and sheet.isdigit() and column.isdigit():
            if int(sheet[:6]) < len(names):
                found.setdefault(names[int(sheet)], {})[int(column[:6])] = value
    return found


def _read(bench: workbench.Workbench, upload: _Upload) -> ImportPreview:
    return read_map(
        open_workbook(upload.name, upload.data),
        bench.words,
        _choices(),
        frozenset(request.form.getlist("cleared")),
    )


def preview(handle: str) -> ResponseReturnValue:
    """Read a file and show what came of it, or bring it in as the person has now agreed."""
    bench = workbench.open_workbench()
    try:
        upload = _uploaded()
        found = _read(bench, upload)
    except UnreadableFile as error:
        return _bring_in_page(bench, str(error), 422)
    sentence = None
    if request.form.get("act") == "keep":
        try:
            return _keep_rows(handle, bench, found)
        except Sentence as error:
            sentence = error.sentence
    cleared = request.form.getlist("cleared")
    return page(
        "preview.html",
        bench,
        found=found,
        upload=upload,
        fields=field_choices(bench.words),
        cleared=cleared,
        sentence=sentence,
        has_errors=bool(sentence),
        words=bench.words,
        revision=request.form.get("revision") or bench.work.revision,
        has_rows=bool(bench.document["rows"]),
        hours=hours,
        pounds=pounds,
    ), 409 if sentence else 200


def _keep_rows(
    handle: str, bench: workbench.Workbench, found: ImportPreview
) -> ResponseReturnValue:
    if not found.rows:
        raise Conflict(
            "No row of this file can be brought in yet. Match its columns below, or "
            "choose another file."
        )
    document = documents.with_rows(
        bench.document,
        [(one.row, one.unread) for one in found.rows],
        replace=request.form.get("mode") == "replace",
    )
    workbench.save(
        bench,
        document,
        workbench.posted_revision(request.form.get("revision", "")),
        keep="before a map was brought in",
    )
    return redirect(url_for("provision_map_audit.show_map", handle=handle, done="brought-in"), 303)


def add_to(blueprint: Blueprint) -> None:
    """Put these pages into the activity's blueprint."""
    may = who_may("participant")
    blueprint.get("/map/bring-in")(may(bring_in))
    blueprint.post("/map/bring-in")(may(preview))
