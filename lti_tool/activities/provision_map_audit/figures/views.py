"""The participant's page of figures: totals by area of need and tier, drawn and in tables."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from lti_tool.activities.provision_map_audit import document as documents
from lti_tool.activities.provision_map_audit import workbench
from lti_tool.activities.provision_map_audit.figures.costing import pounds
from lti_tool.activities.provision_map_audit.figures.shown import hours, work_out
from lti_tool.activities.provision_map_audit.pages import page
from lti_tool.web.policy import who_may


def figures(handle: str) -> ResponseReturnValue:
    """Totals by area of need and tier, drawn and in tables."""
    bench = workbench.open_workbench()
    rows = documents.map_rows(bench.document)
    return page(
        "figures.html",
        bench,
        rows=rows,
        figures=work_out(rows, bench.rates, bench.words),
        pounds=pounds,
        hours=hours,
    )


def add_to(blueprint: Blueprint) -> None:
    """Put these pages into the activity's blueprint."""
    blueprint.get("/figures")(who_may("participant")(figures))
