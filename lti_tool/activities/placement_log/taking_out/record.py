"""The record of one participant's log: the same words for the printed page and for Word.

It names the participant, whose record it is, and nobody else: hosts stand by their roles, each
confirmation with its seal.
"""

from markupsafe import Markup

from lti_tool.activities.placement_log.log import Log
from lti_tool.core import clock
from lti_tool.papers.documents import to_docx

TITLE = "Placement log"


def lines_of(log: Log, name: str, course: str) -> list[str]:
    """What stands below the title: whose it is, when it was made, what of it."""
    made = f"{name}. {course}. Made on {clock.day(clock.now())}."
    if log.work.is_handed_in and log.work.handed_in_at is not None:
        day = clock.day_and_time(log.work.handed_in_at)
        return [made, f"Handed in {day}, receipt {log.work.receipt}."]
    return [made, "Not handed in."]


def render_record(log: Log) -> Markup:
    """The log as it stands, a fragment whose headings begin at level 3."""
    return log.activity.render_for_marking(log.snapshot)


def make_record(log: Log, name: str, course: str) -> bytes:
    """The record as a Word document."""
    return to_docx(TITLE, lines_of(log, name, course), str(render_record(log)))
