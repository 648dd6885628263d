"""The columns of our own template and grid, in order, and the template's own sheets.

What is written under these headings reads back exactly. Called by the template, by the import and
by whoever pastes rows without headings.
"""

from __future__ import annotations

MAP_SHEET = "Provision map"
HOW_TO_SHEET = "How to fill this in"
OWN_SHEETS = frozenset({HOW_TO_SHEET})
"""Sheets of the template that hold no provision; the import passes over them in silence."""

EXAMPLE = "EXAMPLE, left out:"
"""How the name of the template's example row begins, by which the import knows it."""

OWN_COLUMNS: tuple[tuple[str, str], ...] = (
    ("name", "Provision"),
    ("area", "Area of need"),
    ("tier", "Tier"),
    ("target_group", "Target group"),
    ("minutes_per_session", "Minutes per session"),
    ("sessions_per_week", "Sessions per week"),
    ("weeks", "Weeks"),
    ("group_size", "Group size"),
    ("groups", "Number of groups"),
    ("pupils_reached", "Number of pupils"),
    ("staff", "Staff"),
    ("hourly_rate", "Hourly rate"),
    ("other_cost", "Other cost"),
    ("start_on", "Start date"),
    ("end_on", "End date"),
    ("aim", "Aim and success criteria"),
    ("evidence_base", "Evidence base"),
    ("delivered_percent", "Delivered as planned (%)"),
    ("measure", "Measure"),
    ("scale", "Kind of score"),
    ("entry_score", "Entry score"),
    ("exit_score", "Exit score"),
    ("pupils_measured", "Pupils measured"),
    ("met_target", "Met target"),
    ("months_between", "Months between scores"),
    ("confidence_band", "Confidence band"),
    ("pupil_view", "Pupil view"),
    ("parent_view", "Parent view"),
    ("rating", "Impact rating"),
    ("decision", "Decision"),
    ("review_on", "Review date"),
    ("notes", "Notes"),
)
"""Field and heading of each column. A second and third measure follow, numbered."""

OWN_ORDER = tuple(field for field, _ in OWN_COLUMNS)
