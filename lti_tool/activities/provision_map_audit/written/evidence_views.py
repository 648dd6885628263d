"""The participant's page for picking evidence: figures that fit a part, and those of one row."""

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.activities.provision_map_audit import document as documents
from lti_tool.activities.provision_map_audit import workbench
from lti_tool.activities.provision_map_audit.framework import Part, load_framework
from lti_tool.activities.provision_map_audit.pages import page
from lti_tool.activities.provision_map_audit.written import evidence
from lti_tool.activities.provision_map_audit.written.ledger import statements_for
from lti_tool.core.errors import Conflict, NotFound
from lti_tool.web import notices
from lti_tool.web.policy import who_may

notices.register(picked=("success", "The evidence is with your text."))


def _part(bench: workbench.Workbench, part_id: str) -> Part:
    part = load_framework(bench.config_dir).find_part(part_id)
    if part is None:
        raise NotFound("The audit has no such part.")
    return part


def _pick_page(
    bench: workbench.Workbench, part: Part, *, sentence: str = "", status: int = 200
) -> ResponseReturnValue:
    listed = list(statements_for(bench).values())
    row_id = request.args.get("row", "")
    rows = documents.map_rows(bench.document)
    row = next((one for one in rows if one.id == row_id), None)
    return page(
        "pick_evidence.html",
        bench,
        part=part,
        rows=rows,
        row=row,
        of_row=evidence.fitting(listed, part, row.id) if row else [],
        fitting=evidence.fitting(listed, part, ""),
        others=evidence.others(listed, part),
        there={one.id for one in evidence.picked_in(bench.document, part.id)},
        errors=[(None, sentence)] if sentence else [],
        has_errors=bool(sentence),
    ), status


def pick_evidence(handle: str, part_id: str) -> ResponseReturnValue:
    """Figures to choose from."""
    bench = workbench.open_workbench()
    return _pick_page(bench, _part(bench, part_id))


def keep_evidence(handle: str, part_id: str) -> ResponseReturnValue:
    """Put the chosen figures with the part, as they read now."""
    bench = workbench.open_workbench()
    part = _part(bench, part_id)
    statements = statements_for(bench)
    chosen = [statements[key] for key in request.form.getlist("pick") if key in statements]
    if not chosen:
        none = "Tick at least one figure, or go back to the written parts."
        return _pick_page(bench, part, sentence=none, status=422)
    document = evidence.with_picked(bench.document, part.id, chosen)
    if len(evidence.picked_in(document, part.id)) >= evidence.MOST_PICKED:
        most = f"A part may have up to {evidence.MOST_PICKED - 1} pieces of evidence. Choose fewer."
        return _pick_page(bench, part, sentence=most, status=422)
    revision = workbench.posted_revision(request.form.get("revision", ""))
    try:
        workbench.save(bench, document, revision)
    except Conflict as error:
        return _pick_page(bench, part, sentence=error.sentence, status=409)
    here = url_for("provision_map_audit.writing", handle=handle, done="picked")
    return redirect(f"{here}#part-{part.id}", 303)


def add_to(blueprint: Blueprint) -> None:
    """Put these pages into the activity's blueprint."""
    may = who_may("participant")
    blueprint.get("/writing/<part_id>/evidence")(may(pick_evidence))
    blueprint.post("/writing/<part_id>/evidence")(may(keep_evidence))
