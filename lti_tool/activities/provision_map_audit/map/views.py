"""The participant's page of the map as a whole: its rows with their costs."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from lti_tool.activities.provision_map_audit import document as documents
from lti_tool.activities.provision_map_audit import workbench
from lti_tool.activities.provision_map_audit.figures.costing import pounds
from lti_tool.activities.provision_map_audit.figures.shown import hours, work_out
from lti_tool.activities.provision_map_audit.pages import page
from lti_tool.web.policy import who_may


def show_map(handle: str) -> ResponseReturnValue:
    """The rows with their costs, and the totals above them."""
    bench = workbench.open_workbench()
    rows = documents.map_rows(bench.document)
    figures = work_out(rows, bench.rates, bench.words)
    return page(
        "map.html", bench, rows=rows, figures=figures, pounds=pounds, hours=hours, words=bench.words
    )


def add_to(blueprint: Blueprint) -> None:
    """Put these pages into the activity's blueprint."""
    blueprint.get("/map")(who_may("participant")(show_map))
