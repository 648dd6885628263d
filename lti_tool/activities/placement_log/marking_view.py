"""The frozen log as a marker, and its author on the receipt and in print, read it."""

from typing import Any

from flask import render_template
from markupsafe import Markup

from lti_tool.activities.placement_log import said, states
from lti_tool.activities.placement_log.entries import KINDS, MARKS, MEETINGS, MODES
from lti_tool.activities.placement_log.numbers import load_numbers
from lti_tool.activities.placement_log.progress import Requirement, requirements
from lti_tool.activities.placement_log.snapshot import Snapshot, counts_of, counts_visit, current
from lti_tool.catalogue.contract import Anchor, Progress, Slot, nothing_beside
from lti_tool.people import visits

TOTALS, MEETINGS_HELD = "totals", "meetings"
STATE_WORDS = {
    states.PLANNED: "Planned, not approved yet",
    states.APPROVED: "Approved, not made yet",
    states.DONE: "Done, not confirmed yet",
    states.CONFIRMED: "Confirmed by the host school",
    states.ACCEPTED: "Confirmed by the host school, accepted by the tutor",
    states.RETURNED: "Returned with a comment",
    states.WRONG: "The host says something is wrong",
}
"""The states as somebody reads them who is not the participant."""
BY = {"link": "by a link sent to them", "code": "by a code on the day", "paper": "on paper"}
SIDES = {"participant": "the participant", "mentor": "the mentor", "tutor": "the tutor"}


def visit_anchor(visit: dict[str, Any]) -> str:
    """The place of a visit."""
    return f"visit-{visit['number']}"


def _school(visit: dict[str, Any]) -> str:
    return visit["school"]["name"] or "school not named"


def anchors(work: Snapshot) -> tuple[Anchor, ...]:
    """The places of a log that can be remarked on."""
    return (
        Anchor(TOTALS, "the log as a whole"),
        *(
            Anchor(visit_anchor(one), f"visit {one['number']}, {_school(one)}")
            for one in current(work)["visits"]
        ),
        Anchor(MEETINGS_HELD, "the meetings"),
    )


def requirements_of(work: Snapshot) -> tuple[Requirement, ...]:
    """What is asked for of a log, by the numbers in force."""
    return requirements(counts_of(work), load_numbers(visits.settings_of_app().config_dir))


def render_for_marking(work: Snapshot, slot: Slot = nothing_beside) -> Markup:
    """The log as a fragment whose headings begin at level 3: totals, visits, meetings, sessions.

    :param slot: what stands beside the totals, a visit, the meetings.
    """
    found = requirements_of(work)
    return Markup(
        render_template(
            "placement_log/work.html",
            work=current(work),
            requirements=found,
            missing=[one.missing for one in found if one.missing],
            at={"totals": TOTALS, "meetings": MEETINGS_HELD},
            visit_anchor=visit_anchor,
            counts=counts_visit,
            states=STATE_WORDS,
            kinds=KINDS,
            marks=MARKS,
            meetings=MEETINGS,
            modes=MODES,
            by=BY,
            sides=SIDES,
            said=said,
            source=load_numbers(visits.settings_of_app().config_dir).source,
            slot=slot,
        )
    )


def progress(work: Snapshot) -> Progress:
    """How many of the things asked for are there, and a sentence for each that is not."""
    found = requirements_of(work)
    missing = tuple(one.missing for one in found if one.missing)
    return Progress(sum(one.is_met for one in found), len(found), missing)
