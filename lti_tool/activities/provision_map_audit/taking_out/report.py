"""The report for governors: sections chosen, the same words for the printed page and for Word.

Counts of pupils appear only as far as small numbers allow. Nothing names anybody.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import render_template
from markupsafe import Markup

from lti_tool.activities.provision_map_audit.figures import said
from lti_tool.activities.provision_map_audit.figures.costing import pounds
from lti_tool.activities.provision_map_audit.figures.impact import NOT_CONTROLLED
from lti_tool.activities.provision_map_audit.figures.shown_needs import needs_table
from lti_tool.activities.provision_map_audit.prose import to_html
from lti_tool.activities.provision_map_audit.taking_out.further_sheets import how_figures_are_made
from lti_tool.activities.provision_map_audit.taking_out.map_sheet import staff_in_words
from lti_tool.activities.provision_map_audit.taking_out.taken import Taken
from lti_tool.activities.provision_map_audit.written.ledger import statements_in
from lti_tool.activities.provision_map_audit.written.plan_shown import plan_of
from lti_tool.activities.provision_map_audit.written.shown import Written, written_of
from lti_tool.core import clock
from lti_tool.papers.documents import to_docx

TITLE = "Provision map: costs, reach and impact"
PRIORITIES = "priorities"


@dataclass(frozen=True, slots=True)
class Choices:
    """What goes into the report."""

    school: bool = True
    rows: bool = True
    written: bool = False

    @classmethod
    def read(cls, given: Mapping[str, str]) -> Choices:
        """From a page's address; before anybody has chosen, the usual choices."""
        if "chosen" not in given:
            return cls()
        return cls(*(given.get(name) == "yes" for name in ("school", "rows", "written")))

    def as_query(self) -> dict[str, str]:
        """For a link that keeps them."""
        ticked = {"school": self.school, "rows": self.rows, "written": self.written}
        return {"chosen": "yes", **{name: "yes" for name, kept in ticked.items() if kept}}


def render_body(taken: Taken, choices: Choices) -> Markup:
    """The report's sections as a fragment whose headings begin at level 2."""
    picture, answers = taken.picture, taken.document["answers"]
    return Markup(
        render_template(
            "provision_map_audit/report_body.html",
            taken=taken,
            picture=picture,
            figures=taken.figures,
            choices=choices,
            needs=needs_table(picture.profile, picture.rules),
            said=said,
            pounds=pounds,
            to_html=to_html,
            staff_in_words=staff_in_words,
            written=_written(taken) if choices.written else None,
            priorities=answers.get(PRIORITIES, {}).get("evidence", ""),
            plan=plan_of(taken.document),
            how=how_figures_are_made(taken),
            not_controlled=NOT_CONTROLLED,
        )
    )


def _written(taken: Taken) -> Written:
    """The written parts with the evidence picked for them."""
    statements = statements_in(taken.document, taken.config_dir)
    return written_of(taken.document, taken.config_dir, statements)


def made_on() -> str:
    """The line below the title: when the report was made."""
    return f"Made on {said.day(clock.in_london(clock.now()).date())}."


def make_report(taken: Taken, choices: Choices) -> bytes:
    """The report as a Word document."""
    return to_docx(TITLE, [made_on()], str(render_body(taken, choices)), top_level=2)
