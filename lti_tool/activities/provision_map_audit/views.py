"""The participant's pages around the work: overview, and what is its own of handing in."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from lti_tool.activities.provision_map_audit import workbench
from lti_tool.activities.provision_map_audit.framework import load_declarations
from lti_tool.activities.provision_map_audit.pages import page
from lti_tool.marking import handing_in_pages
from lti_tool.web.policy import who_may


def overview(handle: str) -> ResponseReturnValue:
    """Where the work stands: due date, what is done, and the mark once it is released."""
    handing_in_pages.foresee_own_standing()
    bench = workbench.open_workbench()
    return page(
        "overview.html",
        bench,
        progress=bench.standing.progress,
        missing=bench.standing.missing,
        stands=handing_in_pages.standing_of(bench),
        row_count=len(bench.document["rows"]),
    )


_HAND_IN: handing_in_pages.HandIn[workbench.Workbench] = handing_in_pages.HandIn(
    name="provision_map_audit",
    open_own=workbench.open_workbench,
    page=page,
    declarations=load_declarations,
    missing=lambda bench: bench.standing.missing,
    revision=lambda bench: bench.work.revision,
    is_empty=lambda bench: bench.work.submission_id is None,
    freeze=lambda bench: bench.work,
)


def add_to(blueprint: Blueprint) -> None:
    """Put these pages into the activity's blueprint."""
    blueprint.get("/")(who_may("participant")(overview))
    handing_in_pages.add_to(blueprint, _HAND_IN)
