"""What the catalogue knows of this activity."""

from pathlib import Path

from lti_tool.activities.provision_map_audit import views as work_views
from lti_tool.activities.provision_map_audit.document import VERSION, new_document
from lti_tool.activities.provision_map_audit.evidence import evidence
from lti_tool.activities.provision_map_audit.figures import school_views, what_if_views
from lti_tool.activities.provision_map_audit.figures import views as figure_views
from lti_tool.activities.provision_map_audit.framework import (
    load_declarations,
    load_framework,
)
from lti_tool.activities.provision_map_audit.map import (
    bringing_in_views,
    earlier_views,
    grid_views,
    row_views,
)
from lti_tool.activities.provision_map_audit.map import views as map_views
from lti_tool.activities.provision_map_audit.map.sense import limits_of
from lti_tool.activities.provision_map_audit.pages import blueprint
from lti_tool.activities.provision_map_audit.progress import progress
from lti_tool.activities.provision_map_audit.taking_out import views as taking_out_views
from lti_tool.activities.provision_map_audit.taking_out.example import load_example
from lti_tool.activities.provision_map_audit.tutor.changes_view import render_changes
from lti_tool.activities.provision_map_audit.tutor.marking_view import anchors, render_for_marking
from lti_tool.activities.provision_map_audit.tutor.patterns import load_limits
from lti_tool.activities.provision_map_audit.tutor.patterns_view import render_cohort
from lti_tool.activities.provision_map_audit.workbench import (
    rules_in_force,
    shipped_rates,
    words_in_force,
)
from lti_tool.activities.provision_map_audit.written import views as writing_views
from lti_tool.catalogue.contract import Activity


def check_config(config_dir: Path) -> None:
    """Read every file of `config/` that the audit uses.

    :raises Unusable: naming the file and what is wrong with it.
    """
    load_framework(config_dir)
    load_declarations(config_dir)
    load_limits(config_dir)
    words_in_force(config_dir)
    shipped_rates(config_dir)
    rules_in_force(config_dir)
    limits_of(config_dir)
    load_example(config_dir)


for pages in (
    work_views,
    school_views,
    map_views,
    grid_views,
    earlier_views,
    bringing_in_views,
    row_views,
    figure_views,
    what_if_views,
    writing_views,
    taking_out_views,
):
    pages.add_to(blueprint)

ACTIVITY = Activity(
    key="provision-map-audit",
    title="Provision-map audit",
    blueprint=blueprint,
    landing="provision_map_audit.overview",
    rubric_key="provision-map-audit",
    rules_key="standard",
    document_version=VERSION,
    new_document=new_document,
    render_for_marking=render_for_marking,
    anchors=anchors,
    render_changes=render_changes,
    render_cohort=render_cohort,
    progress=progress,
    check_config=check_config,
    criteria=(
        "need_and_fit",
        "cost_and_value",
        "impact",
        "literature",
        "leadership",
        "writing_and_ethics",
    ),
    evidence=evidence,
    further_rubrics=("provision-map-audit-bands",),
)
