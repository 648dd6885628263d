"""What the catalogue knows of this activity."""

from pathlib import Path

from lti_tool.activities.provision_map_audit.document import VERSION, new_document
from lti_tool.activities.provision_map_audit.figures import school_views, what_if_views
from lti_tool.activities.provision_map_audit.figures import views as figure_views
from lti_tool.activities.provision_map_audit.map import bringing_in_views, row_views
from lti_tool.activities.provision_map_audit.map import views as map_views
from lti_tool.activities.provision_map_audit.progress import progress
from lti_tool.activities.provision_map_audit.taking_out import views as taking_out_views
from lti_tool.activities.provision_map_audit.taking_out.example import load_example
from lti_tool.activities.provision_map_audit.tutor.marking_view import render_for_marking
from lti_tool.activities.provision_map_audit.views import blueprint
from lti_tool.activities.provision_map_audit.workbench import (
    rules_in_force,
    shipped_rates,
    words_in_force,
)
from lti_tool.activities.provision_map_audit.written import views as writing_views
from lti_tool.activities.provision_map_audit.written.framework import (
    load_declarations,
    load_framework,
)
from lti_tool.activities.provision_map_audit.written.outcomes import load_outcome_sets
from lti_tool.catalogue.contract import Activity


def check_config(config_dir: Path) -> None:
    """Read every file of `config/` that the audit uses.

    :raises Unusable: naming the file and what is wrong with it.
    """
    load_framework(config_dir)
    load_outcome_sets(config_dir)
    load_declarations(config_dir)
    words_in_force(config_dir)
    shipped_rates(config_dir)
    rules_in_force(config_dir)
    load_example(config_dir)


for pages in (
    school_views,
    map_views,
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
    further_rubrics=("provision-map-audit-bands",),
)
