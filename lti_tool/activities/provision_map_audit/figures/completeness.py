"""How complete a map's rows are, field by field: what is there, of how many rows.

Pure functions. A field that is empty says that it is not known; nothing is counted as wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from lti_tool.activities.provision_map_audit.rows import ProvisionRow


@dataclass(frozen=True)
class FieldCount:
    """One field: rows that have it, of all rows, and the places (from 0) of rows without it."""

    key: str
    given: int
    rows: int
    without: tuple[int, ...]

    @property
    def percent(self) -> int:
        """Whole percent, rounded down, so that 100 means every row."""
        return self.given * 100 // self.rows if self.rows else 0


def _has_pupils(row: ProvisionRow) -> bool:
    return row.pupils_reached is not None or row.group_size is not None


def _measured(name: str) -> Callable[[ProvisionRow], bool]:
    def has(row: ProvisionRow) -> bool:
        return any(getattr(one, name) not in (None, "") for one in row.measures)

    return has


def _given(name: str) -> Callable[[ProvisionRow], bool]:
    def has(row: ProvisionRow) -> bool:
        return getattr(row, name) not in (None, "", ())

    return has


FIELDS: Mapping[str, Callable[[ProvisionRow], bool]] = {
    **{name: _given(name) for name in ("area", "tier", "target_group", "aim")},
    **{name: _given(name) for name in ("start_on", "end_on", "weeks")},
    **{name: _given(name) for name in ("sessions_per_week", "minutes_per_session")},
    "pupils_reached": _has_pupils,
    **{name: _given(name) for name in ("staff", "other_cost", "evidence_base")},
    "delivered_percent": _given("delivered_percent"),
    **{
        name: _measured(name)
        for name in ("measure", "entry_score", "exit_score", "pupils_measured", "met_target")
    },
    **{name: _given(name) for name in ("pupil_view", "parent_view", "decision", "review_on")},
}


def count_fields(rows: Sequence[ProvisionRow]) -> list[FieldCount]:
    """How many rows have each field, in the order of a row's form."""
    counted = []
    for key, has in FIELDS.items():
        without = tuple(index for index, row in enumerate(rows) if not has(row))
        counted.append(FieldCount(key, len(rows) - len(without), len(rows), without))
    return counted
