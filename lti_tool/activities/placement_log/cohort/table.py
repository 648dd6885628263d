"""The cohort's grid as a table to take away, safe to open in a spreadsheet."""

from collections.abc import Iterable
from decimal import Decimal

from lti_tool.activities.placement_log import states
from lti_tool.activities.placement_log.cohort.lines import TURNS, Line
from lti_tool.activities.placement_log.marking_view import STATE_WORDS
from lti_tool.papers.tables import Cell, Table

_STATES = tuple(states.WORDS)
_HEADINGS = (
    "Participant",
    "Missing before a visit",
    "Days confirmed",
    "Days to come",
    "Online sessions",
    "Face-to-face days",
    "Mentor meetings",
    "Tutorials",
    *(f"Visits: {STATE_WORDS[state].lower()}" for state in _STATES),
    "Complete",
    "Handed in",
    "Yours to do",
    "Stuck because",
)


def _days(half_days: int) -> Decimal:
    return Decimal(half_days) / 2


def _row(line: Line) -> list[Cell]:
    counts = line.counts
    return [
        line.name,
        "\n".join(one.sentence for one in line.known.missing),
        _days(counts.half_days),
        _days(counts.half_days_to_come),
        counts.online,
        counts.taught,
        counts.mentor,
        counts.tutorials,
        *(line.by_state.get(state, 0) for state in _STATES),
        line.is_complete,
        line.known.handed_in_at,
        "\n".join(one.sentence for one in line.to_do),
        "\n".join(f"{one.sentence} ({TURNS[one.turn]})" for one in line.stuck),
    ]


def to_table(lines: Iterable[Line]) -> Table:
    """A line a participant."""
    return Table("Cohort", _HEADINGS, [_row(one) for one in lines])
