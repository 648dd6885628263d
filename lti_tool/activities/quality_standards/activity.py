"""What the catalogue knows of this activity."""

from pathlib import Path

from lti_tool.activities.quality_standards import (
    evidence_views,
    glance,
    reviewer_views,
    standard_views,
    state_views,
    views,
)
from lti_tool.activities.quality_standards.checking import check_submissions
from lti_tool.activities.quality_standards.moving import sweep
from lti_tool.activities.quality_standards.pages import blueprint
from lti_tool.activities.quality_standards.taking_out import views as taking_out_views
from lti_tool.catalogue.contract import Activity, Place
from lti_tool.frameworks.shipped import load_frameworks

PAGES = (views, standard_views, evidence_views, state_views)
"""Each adds its routes to the blueprint as it is imported."""
GLANCES = glance
"""Announces itself to the leader's home as it is imported."""
taking_out_views.add_to(blueprint)


def check_config(config_dir: Path) -> None:
    """Read the standards that ship.

    :raises Unusable: naming file, line and field.
    """
    load_frameworks(config_dir)


ACTIVITY = Activity(
    key="quality-standards",
    title="Quality standards checklist",
    blueprint=blueprint,
    further_blueprints=(reviewer_views.blueprint,),
    landing="quality_standards.for_participants",
    check_config=check_config,
    tutor_landing="quality_standards.overview",
    tutor_places=(Place("Checklist", "quality_standards.overview"),),
    checks=check_submissions,
    sweep=sweep,
)
