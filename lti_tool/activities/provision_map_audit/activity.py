"""What the catalogue knows of this activity."""

from lti_tool.activities.provision_map_audit import map_views, row_views, writing_views
from lti_tool.activities.provision_map_audit.document import VERSION, new_document
from lti_tool.activities.provision_map_audit.marking_view import render_for_marking
from lti_tool.activities.provision_map_audit.progress import progress
from lti_tool.activities.provision_map_audit.views import blueprint
from lti_tool.catalogue.contract import Activity

map_views.add_to(blueprint)
row_views.add_to(blueprint)
writing_views.add_to(blueprint)

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
    criteria=(
        "need_and_fit",
        "cost_and_value",
        "impact",
        "literature",
        "leadership",
        "writing_and_ethics",
    ),
)
