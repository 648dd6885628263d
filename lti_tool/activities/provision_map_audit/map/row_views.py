"""The participant's pages for one row of the map."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.activities.provision_map_audit import document as documents
from lti_tool.activities.provision_map_audit import workbench
from lti_tool.activities.provision_map_audit.map.cell_reading import MOST_MEASURES, CellReader
from lti_tool.activities.provision_map_audit.map.checks import check_row
from lti_tool.activities.provision_map_audit.map.duplicating import with_duplicate
from lti_tool.activities.provision_map_audit.map.forms import (
    RowForm,
    form_with_measures,
    measures_in,
)
from lti_tool.activities.provision_map_audit.map.merging import merge
from lti_tool.activities.provision_map_audit.map.row_form import ALL_FIELDS, row_to_form
from lti_tool.activities.provision_map_audit.map.sense import limits_of
from lti_tool.activities.provision_map_audit.pages import page
from lti_tool.core.errors import Conflict
from lti_tool.privacy.guard import clear_key
from lti_tool.web import notices
from lti_tool.web.policy import who_may

notices.register(
    row_saved=("success", "The row is saved."),
    row_removed=("success", "The row is removed. It is in your earlier drafts."),
    row_copied=("success", "The row is duplicated. The copy stands beneath it."),
)


def _row_page(
    bench: workbench.Workbench,
    form: RowForm,
    *,
    row: documents.MapRow | None,
    sentence: str | None = None,
    base: Mapping[str, str] | None = None,
    clashes: Iterable[str] = (),
    status: int = 200,
) -> ResponseReturnValue:
    limits = limits_of(bench.config_dir)
    return page(
        "row.html",
        bench,
        form=form,
        row=row,
        sentence=sentence,
        has_errors=bool(sentence or form.errors),
        words=bench.words,
        revision=bench.work.revision,
        base=json.dumps(base if base is not None else form.texts),
        clashes=list(clashes),
        can_add_measure=len(form.measure_groups) < MOST_MEASURES,
        doubts=check_row(row.row, limits) if row and not form.errors else [],
        clearable=_clearable(bench, form),
    ), status


def _clearable(bench: workbench.Workbench, form: RowForm) -> list[tuple[str, str]]:
    """Names and labels of fields whose text looks like a pupil and may be said not to be one."""
    if not form.errors:
        return []
    reader = CellReader(form.texts, bench.words, documents.not_a_child(bench.document))
    reader.read(ALL_FIELDS)
    return [(name, form[name].label.text) for name, why in reader.refused.items() if why.can_clear]


def _row_form(bench: workbench.Workbench, measures: int, **options: Any) -> RowForm:
    form = form_with_measures(measures)(**options)
    form.offer(bench.words, limits_of(bench.config_dir))
    return form


def _filled(bench: workbench.Workbench, texts: Mapping[str, str], measures: int = 1) -> RowForm:
    return _row_form(bench, max(measures_in(texts), measures), data=dict(texts))


def new_row(handle: str) -> ResponseReturnValue:
    """An empty row to type."""
    bench = workbench.open_workbench()
    return _row_page(bench, _filled(bench, {}), row=None)


def edit_row(handle: str, row_id: str) -> ResponseReturnValue:
    """One row to change, with the text that could not be read beside its field."""
    bench = workbench.open_workbench()
    row = documents.get_row(bench.document, row_id)
    return _row_page(bench, _filled(bench, row_to_form(row.row, bench.words)), row=row)


def _posted_form(bench: workbench.Workbench) -> RowForm:
    """The form as posted; the person may have chosen the other text where two tabs disagreed."""
    form = _row_form(bench, measures_in(request.form), formdata=request.form)
    if request.form.get("then") != "theirs":
        return form
    base = _posted_base()
    chosen = {name: base.get(name, "") for name in request.form.getlist("clash") if name in form}
    return _filled(bench, {**form.texts, **chosen})


def _posted_base() -> dict[str, str]:
    """What the page was filled in from; a page of before this was kept says nothing."""
    try:
        base = json.loads(request.form.get("base", ""))
    except (ValueError, RecursionError):
        return {}
    if not isinstance(base, dict):
        return {}
    return {name: text for name, text in base.items() if isinstance(text, str)}


def _merged(
    bench: workbench.Workbench, form: RowForm, row: documents.MapRow
) -> tuple[RowForm, list[str]]:
    """The form brought together with what somebody else saved of this row meanwhile.

    A field both changed keeps the text typed here, with a sentence that tells the other one;
    these fields are named too.
    """
    theirs = row_to_form(row.row, bench.words)
    both = merge(_posted_base() or theirs, form.texts, theirs)
    made = _filled(bench, both.texts)
    for name, text in both.conflicts.items():
        shown = f"“{_as_shown(made, name, text)}”" if text else "nothing"
        made.problem(
            name,
            f"This was changed elsewhere to {shown} since you opened the row. "
            "Save again to keep what stands here.",
        )
    return made, list(both.conflicts)


def _as_shown(form: RowForm, name: str, text: str) -> str:
    choices = getattr(form[name], "choices", None) or []
    return next((one.label for one in choices if one.value == text), text)


def _save_row(handle: str, row_id: str | None) -> ResponseReturnValue:
    bench = workbench.open_workbench()
    row = documents.get_row(bench.document, row_id) if row_id else None
    form, base = _posted_form(bench), _posted_base()
    then = request.form.get("then")
    if then == "measure":
        more = len(form.measure_groups) + 1
        return _row_page(bench, _filled(bench, form.texts, more), row=row, base=base)
    is_stale = request.form.get("revision", "") != str(bench.work.revision)
    if row and is_stale:
        form, clashes = _merged(bench, form, row)
        base = row_to_form(row.row, bench.words)
        if clashes:
            return _row_page(bench, form, row=row, base=base, clashes=clashes, status=409)
    cleared = documents.not_a_child(bench.document) | {
        clear_key(form.texts.get(name, "")) for name in request.form.getlist("not_a_child")
    }
    provision = form.read_row(bench.words, cleared) if is_stale or form.validate() else None
    if provision is None:
        return _row_page(bench, form, row=row, base=base, status=422)
    changed = (
        documents.with_changed_row(bench.document, row_id, provision)
        if row_id
        else documents.with_rows(bench.document, [(provision, {})], replace=False)
    )
    changed = documents.with_not_a_child(changed, cleared)
    try:
        workbench.save(bench, changed, bench.work.revision)
    except Conflict as error:
        return _row_page(bench, form, row=row, sentence=error.sentence, base=base, status=409)
    target = "provision_map_audit.new_row" if then == "another" else "provision_map_audit.show_map"
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


def duplicate_row(handle: str) -> ResponseReturnValue:
    """Put a copy of a row beneath it."""
    bench = workbench.open_workbench()
    changed = with_duplicate(bench.document, request.form.get("row", ""))
    workbench.save(bench, changed, bench.work.revision)
    return redirect(url_for("provision_map_audit.show_map", handle=handle, done="row-copied"), 303)


def add_to(blueprint: Blueprint) -> None:
    """Put these pages into the activity's blueprint."""
    may = who_may("participant")
    blueprint.get("/map/rows/new")(may(new_row))
    blueprint.post("/map/rows/new")(may(save_new_row))
    blueprint.get("/map/rows/<row_id>")(may(edit_row))
    blueprint.post("/map/rows/<row_id>")(may(save_row))
    blueprint.post("/map/rows/<row_id>/remove")(may(remove_row))
    blueprint.post("/map/duplicate")(may(duplicate_row))
