"""The frozen log as a marker reads it."""

from collections.abc import Sequence

from markupsafe import Markup

from lti_tool.activities.placement_log.snapshot import Snapshot
from lti_tool.catalogue.contract import Anchor, Progress, Slot, nothing_beside


def anchors(work: Snapshot) -> tuple[Anchor, ...]:
    """The places of a log that can be remarked on."""
    return (Anchor("totals", "The log as a whole"),)


def render_for_marking(work: Snapshot, slot: Slot = nothing_beside) -> Markup:
    """The log as handed in."""
    return Markup('<section id="totals"><h3>The log as a whole</h3>{}</section>').format(
        slot("totals")
    )


def render_changes(before: Snapshot, after: Snapshot) -> Markup:
    """What differs between two copies."""
    return Markup("<h2>What changed</h2><p>{}</p>").format(
        "Nothing." if before == after else "The log."
    )


def render_cohort(works: Sequence[Snapshot]) -> Markup:
    """What is typical of many logs."""
    return Markup("<h2>Logs of this cohort</h2><p>Too few to show.</p>")


def progress(work: Snapshot) -> Progress:
    """How far a log is."""
    return Progress(0, 1, ("No visit is in your log yet.",))
