"""The columns of the sheet Provision map: what is typed, who is paid, what is worked out.

Headings of typed columns are those our own reader knows; headings of the others stand in
`config/words/` among those it leaves out, so that the workbook can be brought back in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lti_tool.activities.provision_map_audit.document import MapRow
from lti_tool.activities.provision_map_audit.taking_out.sheet_pen import letters
from lti_tool.activities.provision_map_audit.words import Words

FEWEST_ROLES = 2


@dataclass(frozen=True, slots=True)
class Column:
    """One column: a field of the row, its heading, its kind of cell, its width in characters."""

    key: str
    heading: str
    look: str = "text"
    width: float = 12


_FIRST = (
    ("name", "Provision", "text", 30),
    ("area", "Area of need", "text", 20),
    ("tier", "Tier or wave", "text", 11),
    ("target_group", "Target group", "text", 18),
    ("start_on", "Start date", "date", 12),
    ("end_on", "End date", "date", 12),
    ("weeks", "Weeks", "number", 7),
    ("sessions_per_week", "Sessions a week", "number", 9),
    ("minutes_per_session", "Minutes of one session", "number", 9),
    ("group_size", "Group size", "number", 7),
    ("groups", "Groups", "number", 7),
    ("pupils_reached", "Number of pupils", "number", 8),
    ("other_cost", "Other cost", "money", 11),
)
_OF_ROLE = (
    ("role", "Role {}", "text", 18),
    ("count", "Adults in role {}", "number", 8),
    ("own", "Own rate for role {}", "money", 9),
    ("rate", "Rate used for role {} (worked out)", "money", 10),
)
_WORKED = (
    ("staff", "Staff", "text", 24),
    ("adults", "Adults in a session (worked out)", "number", 10),
    ("hour_cost", "Staff cost of one hour (worked out)", "money", 11),
    ("session_hours", "Session hours (worked out)", "hours", 10),
    ("staff_hours", "Staff hours (worked out)", "hours", 10),
    ("staff_cost", "Staff cost (worked out)", "money", 12),
    ("total_cost", "Total cost (worked out)", "money", 12),
    ("pupils", "Pupils counted (worked out)", "number", 10),
    ("per_pupil", "Cost per pupil (worked out)", "money", 11),
    ("per_hour", "Cost per hour a pupil receives (worked out)", "money", 12),
    ("area_counted", "Area counted under (worked out)", "text", 18),
    ("tier_counted", "Tier counted under (worked out)", "text", 12),
)
_LAST = (
    ("aim", "Aim", "text", 30),
    ("evidence_base", "Evidence base", "text", 30),
    ("delivered_percent", "Delivered as planned, %", "number", 10),
    ("measure", "How it is measured", "text", 20),
    ("scale", "Scale", "text", 14),
    ("entry_score", "Entry score", "text", 9),
    ("exit_score", "Exit score", "text", 9),
    ("pupil_view", "What pupils say", "text", 24),
    ("parent_view", "What parents say", "text", 24),
    ("rating", "Impact rating", "text", 12),
    ("decision", "Decision", "text", 12),
    ("review_on", "Review date", "date", 12),
    ("notes", "Notes", "text", 40),
)
WORKED_KEYS = frozenset(key for key, *_ in _WORKED)
NUMBERS = frozenset(
    ("weeks", "sessions_per_week", "minutes_per_session", "group_size", "groups", "pupils_reached",
     "delivered_percent")
)  # fmt: skip


@dataclass(frozen=True)
class Layout:
    """All columns in order, and how many roles have columns of their own."""

    columns: tuple[Column, ...]
    roles: int

    def index(self, key: str) -> int:
        """A column's place, counted from 0."""
        return next(i for i, column in enumerate(self.columns) if column.key == key)

    def places(self) -> dict[str, str]:
        """Letters of every column by its key."""
        return {column.key: letters(i) for i, column in enumerate(self.columns)}

    @property
    def worked(self) -> list[int]:
        """Places of the columns that formulas fill."""
        return [
            i
            for i, column in enumerate(self.columns)
            if column.key in WORKED_KEYS or column.key.startswith("rate.")
        ]


def lay_out(rows: Sequence[MapRow], words: Words) -> Layout:
    """Columns for these rows: as many roles as the fullest row has, but at least two."""
    roles = max([FEWEST_ROLES, *(len(one.row.staff) for one in rows)])
    staff = [
        Column(f"{key}.{number}", heading.format(number), look, width)
        for number in range(1, roles + 1)
        for key, heading, look, width in _OF_ROLE
    ]

    def made(items: Sequence[tuple[str, str, str, float]]) -> list[Column]:
        return [
            Column(key, words.labels.get(key, heading), look, width)
            if key not in WORKED_KEYS - {"staff"}
            else Column(key, heading, look, width)
            for key, heading, look, width in items
        ]

    return Layout((*made(_FIRST), *staff, *made(_WORKED), *made(_LAST)), roles)
