"""What changed between two copies of an audit, as a tutor reads it."""

from flask import render_template
from markupsafe import Markup

from lti_tool.activities.provision_map_audit.document import Document
from lti_tool.activities.provision_map_audit.framework import load_framework
from lti_tool.activities.provision_map_audit.tutor.changes import changes_between
from lti_tool.activities.provision_map_audit.workbench import words_in_force
from lti_tool.core.text_changes import shortened
from lti_tool.people import visits


def render_changes(before: Document, after: Document) -> Markup:
    """Rows, written parts and plan that differ; headings begin at level 2."""
    config_dir = visits.settings_of_app().config_dir
    framework, words = load_framework(config_dir), words_in_force(config_dir)
    return Markup(
        render_template(
            "provision_map_audit/changes.html",
            changes=changes_between(before, after, framework, words),
            shortened=shortened,
        )
    )
