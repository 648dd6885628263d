"""The columns of the sheet Provision map: what is typed, who is paid, what is worked out.

Headings of typed columns are those our own reader knows; headings of the others stand in
`config/words/` among those it leaves out, so that the workbook can be brought back in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lti_tool.activities.provision_map_audit.document import MapRow
from lti_tool.activities.provision_map_audit.importing.own_columns import OWN_COLUMNS
from lti_tool.activities.provision_map_audit.taking_out.sheet_pen import letters

FEWEST_ROLES = 2


@dataclass(frozen=True, slots=True)
class Column:
    """One column: a field of the row, its heading, its kind of cell, its width in characters."""

    key: str
    heading: str
    look: str = "text"
    width: float = 12


_FIRST = (
    ("name", "text", 30),
    ("area", "text", 20),
    ("tier", "text", 11),
    ("target_group", "text", 18),
    ("start_on", "date", 12),
    ("end_on", "date", 12),
    ("weeks", "number", 7),
    ("sessions_per_week", "number", 9),
    ("minutes_per_session", "number", 9),
    ("group_size", "number", 7),
    ("groups", "number", 8),
    ("pupils_reached", "number", 8),
    ("other_cost", "money", 11),
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
_PLANNED = (("aim", "text", 30), ("evidence_base", "text", 30), ("delivered_percent", "number", 10))
_OF_MEASURE = (
    ("measure", "text", 20),
    ("scale", "text", 14),
    ("entry_score", "text", 9),
    ("exit_score", "text", 9),
    ("pupils_measured", "number", 9),
    ("met_target", "number", 8),
    ("months_between", "number", 9),
    ("confidence_band", "number", 10),
)
_LAST = (
    ("pupil_view", "text", 24),
    ("parent_view", "text", 24),
    ("rating", "text", 12),
    ("decision", "text", 12),
    ("review_on", "date", 12),
    ("notes", "text", 40),
)
HEADINGS = dict(OWN_COLUMNS)
"""Headings of what is typed, as our own reader has them."""
WORKED_KEYS = frozenset(key for key, *_ in _WORKED)
NUMBERS = frozenset(
    ("weeks", "sessions_per_week", "minutes_per_session", "group_size", "groups", "pupils_reached",
     "delivered_percent", "pupils_measured", "met_target", "months_between", "confidence_band")
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


def lay_out(rows: Sequence[MapRow]) -> Layout:
    """Columns for these rows: as many roles as the fullest row has, but at least two, and as many
    measures."""
    roles = max([FEWEST_ROLES, *(len(one.row.staff) for one in rows)])
    measures = max([1, *(1 + len(one.row.more_measures) for one in rows)])
    staff = [
        Column(f"{key}.{number}", heading.format(number), look, width)
        for number in range(1, roles + 1)
        for key, heading, look, width in _OF_ROLE
    ]
    further = [
        Column(f"{key}.{number}", f"{HEADINGS[key]} {number}", look, width)
        for number in range(2, measures + 1)
        for key, look, width in _OF_MEASURE
    ]

    def typed(items: Sequence[tuple[str, str, float]]) -> list[Column]:
        return [Column(key, HEADINGS[key], look, width) for key, look, width in items]

    worked = [Column(*item) for item in _WORKED]
    middle = (*typed(_PLANNED), *typed(_OF_MEASURE), *further)
    return Layout((*typed(_FIRST), *staff, *worked, *middle, *typed(_LAST)), roles)
