"""The frozen work as a marker, and its author on the receipt, read it."""

from flask import render_template
from markupsafe import Markup

from lti_tool.activities.provision_map_audit.document import (
    Document,
    current,
    map_rows,
    rates_in_force,
)
from lti_tool.activities.provision_map_audit.figures.costing import pounds
from lti_tool.activities.provision_map_audit.figures.shown import hours, work_out
from lti_tool.activities.provision_map_audit.workbench import shipped_rates, words_in_force
from lti_tool.activities.provision_map_audit.written.ledger import statements_in
from lti_tool.activities.provision_map_audit.written.shown import written_of
from lti_tool.people import visits


def render_for_marking(document: Document) -> Markup:
    """The work as a fragment whose headings begin at level 3: map, figures, parts, plan."""
    document = current(document)
    config_dir = visits.settings_of_app().config_dir
    rows = map_rows(document)
    words = words_in_force(config_dir)
    figures = work_out(rows, rates_in_force(document, shipped_rates(config_dir)), words)
    return Markup(
        render_template(
            "provision_map_audit/work.html",
            document=document,
            rows=rows,
            figures=figures,
            written=written_of(document, config_dir, statements_in(document, config_dir)),
            pounds=pounds,
            hours=hours,
            words=words,
        )
    )
