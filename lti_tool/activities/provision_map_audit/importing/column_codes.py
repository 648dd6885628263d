"""What a person may choose for a column: its field, and its unit where that can differ.

A choice is one code, such as `weeks` or `time_per_week:hour`, so that one list corrects a column.
"""

from __future__ import annotations

from collections.abc import Mapping

from lti_tool.activities.provision_map_audit.words import Words

IGNORE = "ignore"
_LENGTH = {"minute": "in minutes", "hour": "in hours"}
_MONEY = {
    "year": "for the year",
    "term": "a term",
    "week": "a week",
    "session": "a session",
    "pupil": "a pupil",
}
UNITS: Mapping[str, Mapping[str, str]] = {
    "minutes_per_session": _LENGTH,
    "time_per_week": _LENGTH,
    "time_per_day": _LENGTH,
    "total_time": _LENGTH,
    "other_cost": _MONEY,
}
"""Where the unit of a bare number can differ: field to {unit: how it is said}."""
_LABELS = {"minutes_per_session": "Length of one session"}


def column_code(field: str | None, unit: str | None) -> str:
    """A field with its unit where that matters, else the field; "ignore" where it has none."""
    units = UNITS.get(field or "", {})
    return f"{field}:{unit}" if unit in units else field or IGNORE


def field_choices(words: Words) -> dict[str, str]:
    """What a person may choose for a column: code to label, each unit a choice of its own."""
    choices: dict[str, str] = {}
    for field, own in words.labels.items():
        label = _LABELS.get(field, own)
        choices[field] = label
        for unit, said in UNITS.get(field, {}).items():
            choices[column_code(field, unit)] = f"{label}, {said}"
    return choices
