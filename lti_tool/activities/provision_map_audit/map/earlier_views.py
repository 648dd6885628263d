"""The participant's earlier drafts: a list, one to look at beside the present, bringing it back."""

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.activities.provision_map_audit import document as documents
from lti_tool.activities.provision_map_audit import workbench
from lti_tool.activities.provision_map_audit.figures.costing import pounds
from lti_tool.activities.provision_map_audit.figures.shown import work_out
from lti_tool.activities.provision_map_audit.map.differing import (
    MAP_PARTS,
    differing_parts,
    differing_rows,
)
from lti_tool.activities.provision_map_audit.map.sense import limits_of
from lti_tool.activities.provision_map_audit.pages import page
from lti_tool.coursework import earlier
from lti_tool.db import session
from lti_tool.web import notices
from lti_tool.web.policy import who_may

notices.register(
    draft_back=(
        "success",
        "The earlier draft is back. What you had before is kept in your earlier drafts.",
    ),
)


def list_earlier(handle: str) -> ResponseReturnValue:
    """Every draft that is kept: why, when, and how many rows."""
    bench = workbench.open_workbench()
    drafts = earlier.list_drafts(session(), bench.work) if bench.work.submission_id else []
    return page("earlier.html", bench, drafts=drafts, most=earlier.MOST_DRAFTS)


def show_earlier(handle: str, revision: int) -> ResponseReturnValue:
    """One draft as it was, with what differs from now."""
    bench = workbench.open_workbench()
    draft = earlier.get_draft(session(), bench.work, revision)
    then = documents.current(draft.document)
    rows = documents.map_rows(then)
    rates = documents.rates_in_force(then, workbench.shipped_rates(bench.config_dir))
    return page(
        "earlier_one.html",
        bench,
        draft=draft,
        rows=rows,
        figures=work_out(rows, rates, bench.words),
        differing=differing_rows(bench.document, then, bench.words, limits_of(bench.config_dir)),
        parts=differing_parts(bench.document, then),
        words=bench.words,
        pounds=pounds,
    )


def bring_back(handle: str, revision: int) -> ResponseReturnValue:
    """Bring a draft back, the map alone or everything; the present state is kept first."""
    bench = workbench.open_workbench()
    draft = documents.current(earlier.get_draft(session(), bench.work, revision).document)
    if request.form.get("what") == "map":
        document = {**bench.document, **{part: draft[part] for part in MAP_PARTS}}
    else:
        document = {**draft, "remembered": bench.document["remembered"]}
    document["counter"] = max(bench.document["counter"], draft["counter"])
    workbench.save(
        bench,
        document,
        workbench.posted_revision(request.form.get("revision", "")),
        keep="before an earlier draft was brought back",
    )
    return redirect(url_for("provision_map_audit.show_map", handle=handle, done="draft-back"), 303)


def add_to(blueprint: Blueprint) -> None:
    """Put these pages into the activity's blueprint."""
    may = who_may("participant")
    blueprint.get("/earlier")(may(list_earlier))
    blueprint.get("/earlier/<int:revision>")(may(show_earlier))
    blueprint.post("/earlier/<int:revision>")(may(bring_back))
