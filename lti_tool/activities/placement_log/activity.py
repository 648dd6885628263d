"""What the catalogue knows of this activity."""

from pathlib import Path

from lti_tool.activities.placement_log import views
from lti_tool.activities.placement_log.bringing_forward import bring_forward
from lti_tool.activities.placement_log.marking_view import (
    anchors,
    progress,
    render_changes,
    render_cohort,
    render_for_marking,
)
from lti_tool.activities.placement_log.numbers import load_numbers
from lti_tool.activities.placement_log.pages import blueprint
from lti_tool.activities.placement_log.snapshot import VERSION, new_document
from lti_tool.catalogue.contract import Activity
from lti_tool.programme.numbers import load_programme_numbers
from lti_tool.programme.school_days import load_terms


def check_config(config_dir: Path) -> None:
    """Read every file of `config/` that the log uses.

    :raises Unusable: naming the file and what is wrong with it.
    """
    load_numbers(config_dir)
    load_programme_numbers(config_dir)
    load_terms(config_dir)


for pages in (views,):
    pages.add_to(blueprint)

ACTIVITY = Activity(
    key="placement-log",
    title="Placement log",
    blueprint=blueprint,
    landing="placement_log.overview",
    rubric_key="placement-log",
    rules_key="complete",
    document_version=VERSION,
    new_document=new_document,
    render_for_marking=render_for_marking,
    anchors=anchors,
    render_changes=render_changes,
    render_cohort=render_cohort,
    progress=progress,
    check_config=check_config,
    bring_forward=bring_forward,
    criteria=("visits", "reflection", "practice", "ethics"),
)
