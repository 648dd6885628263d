"""The numbers of the placement log, from `config/rules/placement.yaml`: days, sessions, meetings.

Data only; what follows from them is counted where it is asked for. Those that hold for the
programme whatever the activity are in `programme/numbers.py`.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lti_tool.programme.number_file import NumberFile

_FILE = "placement.yaml"
_PARTS = ("visits", "sessions", "meetings", "confirmation", "outcomes", "cohort")


@dataclass(frozen=True, slots=True)
class Numbers:
    """What a programme asks of a log."""

    source: str
    """Where the numbers come from, in words for people."""
    most_half_days: int
    least_half_days: int
    closed_on_weekends: bool
    online_sessions: int
    taught_days: int
    mentor_meetings: int
    tutorials: int
    nudge_after_school_weeks: int
    link_school_days: int
    reminder_school_days: int
    most_sends_a_day: int
    outcomes_linked: int
    stuck_after_school_days: int
    fewest_logs: int
    most_passes: int
    """How often a host's link can be passed from one to another."""


@cache
def load_numbers(config_dir: Path) -> Numbers:
    """The numbers in force, read once.

    :raises Unusable: naming the line of `rules/placement.yaml` that is wrong, and what is.
    """
    given = NumberFile(config_dir, _FILE, _PARTS)
    most = given.whole("visits", "most_half_days", 1, 60)
    return Numbers(
        source=given.text("source"),
        most_half_days=most,
        least_half_days=given.whole("visits", "least_half_days", 0, most),
        closed_on_weekends=given.yes_or_no("visits", "closed_on_weekends"),
        online_sessions=given.whole("sessions", "online", 0, 20),
        taught_days=given.whole("sessions", "taught_days", 0, 30),
        mentor_meetings=given.whole("meetings", "mentor", 0, 30),
        tutorials=given.whole("meetings", "tutorials", 0, 30),
        nudge_after_school_weeks=given.whole("meetings", "nudge_after_school_weeks", 1, 40),
        link_school_days=given.whole("confirmation", "link_school_days", 1, 60),
        reminder_school_days=given.whole("confirmation", "reminder_school_days", 0, 60),
        most_sends_a_day=given.whole("confirmation", "most_sends_a_day", 1, 20),
        outcomes_linked=given.whole("outcomes", "linked", 0, 60),
        stuck_after_school_days=given.whole("cohort", "stuck_after_school_days", 1, 100),
        fewest_logs=given.whole("cohort", "fewest_logs", 2, 100),
        most_passes=given.whole("confirmation", "most_passes", 0, 10),
    )
