"""The participant's page of the map as a whole: its rows with their costs."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from lti_tool.activities.provision_map_audit import document as documents
from lti_tool.activities.provision_map_audit import workbench
from lti_tool.activities.provision_map_audit.figures.costing import pounds
from lti_tool.activities.provision_map_audit.figures.said import number as hours
from lti_tool.activities.provision_map_audit.figures.shown import work_out
from lti_tool.activities.provision_map_audit.map.checks import Doubt, check_map
from lti_tool.activities.provision_map_audit.map.sense import limits_of
from lti_tool.activities.provision_map_audit.pages import page
from lti_tool.web.policy import who_may

_MOST_DOUBTS = 40


def show_map(handle: str) -> ResponseReturnValue:
    """The rows with their costs, and the totals above them."""
    bench = workbench.open_workbench()
    rows = documents.map_rows(bench.document)
    figures = work_out(rows, bench.rates, bench.words)
    return page(
        "map.html",
        bench,
        rows=rows,
        figures=figures,
        pounds=pounds,
        hours=hours,
        words=bench.words,
        doubts=sorted(check_map(rows, limits_of(bench.config_dir), bench.words), key=_weight),
        most_doubts=_MOST_DOUBTS,
        names={one.id: one.row.name for one in rows},
    )


def _weight(doubt: Doubt) -> int:
    """What cannot be first, what is missing last; else in the order of the map."""
    return ("error", "doubt", "gap").index(doubt.kind)


def add_to(blueprint: Blueprint) -> None:
    """Put these pages into the activity's blueprint."""
    blueprint.get("/map")(who_may("participant")(show_map))
