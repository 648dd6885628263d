"""The participant's pages for bringing a map in: choosing a file, the preview, keeping it.

A file that is brought in is never kept: see `bringing_in.py`. What the person tells us about it is
remembered in the work (`remembering.py`) and can be forgotten here.
"""

import io

from flask import Blueprint, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue

from lti_tool.activities.provision_map_audit import document as documents
from lti_tool.activities.provision_map_audit import workbench
from lti_tool.activities.provision_map_audit.figures.costing import pounds
from lti_tool.activities.provision_map_audit.figures.said import number as hours
from lti_tool.activities.provision_map_audit.importing.column_codes import field_choices
from lti_tool.activities.provision_map_audit.importing.columns import CHOSEN_BEFORE
from lti_tool.activities.provision_map_audit.importing.template import template_workbook
from lti_tool.activities.provision_map_audit.map import bringing_in, remembering
from lti_tool.activities.provision_map_audit.pages import page
from lti_tool.activities.provision_map_audit.sheets.cells import UnreadableFile
from lti_tool.activities.provision_map_audit.words import heading_key
from lti_tool.core.errors import Conflict, Sentence
from lti_tool.core.numerals import plain
from lti_tool.web import notices
from lti_tool.web.policy import who_may

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ROWS_SHOWN = 300
notices.register(
    brought_in=("success", "Your provision map is brought in. Look through the rows below."),
    forgotten=("success", "Forgotten."),
)


def _bring_in_page(
    bench: workbench.Workbench, sentence: str | None = None, status: int = 200
) -> ResponseReturnValue:
    pasted = request.form.get("pasted", "")
    return page(
        "bring_in.html",
        bench,
        sentence=sentence,
        at="pasted" if pasted.strip() else "file",
        pasted=pasted,
        has_errors=bool(sentence),
        has_rows=bool(bench.document["rows"]),
        known_columns=remembering.shown_columns(bench.document, field_choices(bench.words)),
        known_words=remembering.shown_words(bench.document),
    ), status


def bring_in(handle: str) -> ResponseReturnValue:
    """Choose a file, or paste rows."""
    return _bring_in_page(workbench.open_workbench())


def preview(handle: str) -> ResponseReturnValue:
    """Read a file and show what came of it, or bring it in as the person has now agreed."""
    bench = workbench.open_workbench()
    act = request.form.get("act")
    sentence = None
    try:
        upload = bringing_in.uploaded()
        if act == "forget":
            bench, sentence = _forgotten(bench)
        brought = bringing_in.read_posted(bench, upload, fresh=act == "forget")
    except UnreadableFile as error:
        return _bring_in_page(bench, str(error), 422)
    if act == "keep":
        try:
            return _keep_rows(handle, bench, brought)
        except Sentence as error:
            sentence = error.sentence
    return _preview_page(bench, brought, sentence)


def _preview_page(
    bench: workbench.Workbench, brought: bringing_in.Brought, sentence: str | None
) -> ResponseReturnValue:
    found = brought.found
    columns = [column for sheet in found.sheets for column in sheet.columns]
    return page(
        "preview.html",
        bench,
        found=found,
        rows_shown=found.rows[:_ROWS_SHOWN],
        upload=brought.upload,
        fields=field_choices(bench.words),
        kinds=bringing_in.kinds_read(found),
        from_memory=sorted({c.heading for c in columns if c.why == CHOSEN_BEFORE}),
        heading_key=heading_key,
        cleared=request.form.getlist("cleared"),
        sentence=sentence,
        has_errors=bool(sentence),
        words=bench.words,
        revision=_revision(bench),
        has_rows=bool(bench.document["rows"]),
        hours=hours,
        pounds=pounds,
        plain=plain,
    ), 409 if sentence else 200


def _revision(bench: workbench.Workbench) -> str:
    """The revision the page was filled in from; ours where this request has just saved."""
    posted = request.form.get("revision", "")
    saved = request.form.get("act") == "forget"
    return str(bench.work.revision) if saved or not posted else posted


def _forgotten(bench: workbench.Workbench) -> tuple[workbench.Workbench, str | None]:
    """Forget what was told about columns; the sentence says why it was not."""
    document = remembering.without(bench.document, remembering.columns(bench.document), ())
    revision = workbench.posted_revision(request.form.get("revision", ""))
    try:
        workbench.save(bench, document, revision)
    except Sentence as error:
        return bench, error.sentence
    return workbench.open_workbench(), None


def _keep_rows(
    handle: str, bench: workbench.Workbench, brought: bringing_in.Brought
) -> ResponseReturnValue:
    found = brought.found
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
        remembering.with_told(document, found, brought.workbook, brought.cleared, bench.words),
        workbench.posted_revision(request.form.get("revision", "")),
        keep="before a map was brought in",
    )
    return redirect(url_for("provision_map_audit.show_map", handle=handle, done="brought-in"), 303)


def forget(handle: str) -> ResponseReturnValue:
    """Forget what is ticked of what the person told us about their spreadsheets."""
    bench = workbench.open_workbench()
    document = remembering.without(
        bench.document, request.form.getlist("column"), request.form.getlist("word")
    )
    try:
        revision = workbench.posted_revision(request.form.get("revision", ""))
        workbench.save(bench, document, revision)
    except Sentence as error:
        return _bring_in_page(bench, error.sentence, 409)
    return redirect(url_for("provision_map_audit.bring_in", handle=handle, done="forgotten"), 303)


def template(handle: str) -> ResponseReturnValue:
    """The empty workbook to fill in."""
    bench = workbench.open_workbench()
    return send_file(
        io.BytesIO(template_workbook(bench.words)),
        mimetype=_XLSX,
        as_attachment=True,
        download_name="provision-map-template.xlsx",
    )


def add_to(blueprint: Blueprint) -> None:
    """Put these pages into the activity's blueprint."""
    may = who_may("participant")
    blueprint.get("/map/bring-in")(may(bring_in))
    blueprint.post("/map/bring-in")(may(preview))
    blueprint.post("/map/bring-in/forget")(may(forget))
    blueprint.get("/map/template.xlsx")(may(template))
