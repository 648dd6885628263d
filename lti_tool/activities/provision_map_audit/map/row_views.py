"""The participant's pages for one row of the map."""

from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.activities.provision_map_audit import document as documents
from lti_tool.activities.provision_map_audit import workbench
from lti_tool.activities.provision_map_audit.map.forms import RowForm
from lti_tool.activities.provision_map_audit.map.row_form import row_to_form
from lti_tool.activities.provision_map_audit.views import page
from lti_tool.core.errors import Conflict
from lti_tool.web import notices
from lti_tool.web.policy import who_may

notices.register(
    row_saved=("success", "The row is saved."),
    row_removed=("success", "The row is removed."),
)


def _row_page(
    bench: workbench.Workbench,
    form: RowForm,
    *,
    row: documents.MapRow | None,
    sentence: str | None = None,
    revision: str | int | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    return page(
        "row.html",
        bench,
        form=form,
        row=row,
        sentence=sentence,
        has_errors=bool(sentence or form.errors),
        words=bench.words,
        revision=bench.work.revision if revision is None else revision,
    ), status


def _row_form(bench: workbench.Workbench, **options: Any) -> RowForm:
    form = RowForm(**options)
    form.offer(bench.words)
    return form


def new_row(handle: str) -> ResponseReturnValue:
    """An empty row to type."""
    bench = workbench.open_workbench()
    return _row_page(bench, _row_form(bench), row=None)


def edit_row(handle: str, row_id: str) -> ResponseReturnValue:
    """One row to change, with the text that could not be read beside its field."""
    bench = workbench.open_workbench()
    row = documents.get_row(bench.document, row_id)
    return _row_page(bench, _row_form(bench, data=row_to_form(row.row, bench.words)), row=row)


def _save_row(handle: str, row_id: str | None) -> ResponseReturnValue:
    bench = workbench.open_workbench()
    row = documents.get_row(bench.document, row_id) if row_id else None
    form = _row_form(bench, formdata=request.form)
    typed_under = request.form.get("revision", "")
    provision = form.read_row(bench.words) if form.validate() else None
    if provision is None:
        return _row_page(bench, form, row=row, revision=typed_under, status=422)
    changed = (
        documents.with_changed_row(bench.document, row_id, provision)
        if row_id
        else documents.with_rows(bench.document, [(provision, {})], replace=False)
    )
    try:
        workbench.save(bench, changed, workbench.posted_revision(typed_under))
    except Conflict as error:
        return _row_page(
            bench, form, row=row, sentence=error.sentence, revision=typed_under, status=409
        )
    another = request.form.get("then") == "another"
    target = "provision_map_audit.new_row" if another else "provision_map_audit.show_map"
    return redirect(url_for(target, handle=handle, done="row-saved"), 303)


def save_new_row(handle: str) -> ResponseReturnValue:
    """Add a row."""
    return _save_row(handle, None)


def save_row(handle: str, row_id: str) -> ResponseReturnValue:
    """Change a row."""
    return _save_row(handle, row_id)


def remove_row(handle: str, row_id: str) -> ResponseReturnValue:
    """Remove a row; the state before is kept."""
    bench = workbench.open_workbench()
    workbench.save(
        bench,
        documents.without_row(bench.document, row_id),
        workbench.posted_revision(request.form.get("revision", "")),
        keep="before a row was removed",
    )
    return redirect(url_for("provision_map_audit.show_map", handle=handle, done="row-removed"), 303)


def add_to(blueprint: Blueprint) -> None:
    """Put these pages into the activity's blueprint."""
    may = who_may("participant")
    blueprint.get("/map/rows/new")(may(new_row))
    blueprint.post("/map/rows/new")(may(save_new_row))
    blueprint.get("/map/rows/<row_id>")(may(edit_row))
    blueprint.post("/map/rows/<row_id>")(may(save_row))
    blueprint.post("/map/rows/<row_id>/remove")(may(remove_row))
