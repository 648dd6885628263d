"""How ready a programme is for the mark, as its leader's page shows it."""

from sqlalchemy.orm import Session

from lti_tool.activities.quality_standards.progress import Overview, look_over
from lti_tool.activities.quality_standards.reading import (
    current_of,
    entries_of,
    framework_of,
    list_checklists,
)
from lti_tool.activities.quality_standards.states import STATES
from lti_tool.activities.quality_standards.years import say_year
from lti_tool.catalogue.needs import Glance, Panel, Whose, announce_panel


def _words(look: Overview) -> str:
    core = len(look.core_open)
    parts = [f"{look.in_place} of {look.standards} standards are in place or do not apply"]
    if core:
        parts.append(f"{core} core {'standard is' if core == 1 else 'standards are'} not")
    if look.not_judged:
        parts.append(f"{len(look.not_judged)} not judged yet")
    return "; ".join(parts) + "."


def find(session: Session, whose: Whose) -> Glance | None:
    """The checklist of this academic year, or the latest before it. Three queries."""
    checklist = current_of(list_checklists(session, whose.programme_id))
    if checklist is None:
        return None
    framework = framework_of(session, whose.registration_id, checklist)
    said = {key: entry.said for key, entry in entries_of(session, checklist.id).items()}
    look = look_over(framework, said)
    ready = "Ready" if look.is_ready else "Not ready"
    return Glance(
        words=f"{ready} for {say_year(checklist.year)} ({STATES[checklist.state].lower()}): "
        f"{_words(look)}",
        is_good=look.is_ready,
        note=framework.placeholder_note,
        rows=tuple((one.title, one.in_place, one.standards) for one in look.areas),
        heads=("Area", "In place"),
        endpoint="quality_standards.overview",
    )


announce_panel(Panel("kitemark", "Quality standards", find))
