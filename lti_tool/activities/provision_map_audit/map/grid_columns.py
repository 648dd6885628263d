"""The columns of the grid: which field, what it is called, and in which set it shows.

Labels are those of the row form, so that a field has one name everywhere.
"""

from dataclasses import dataclass
from typing import Any

from lti_tool.activities.provision_map_audit.map.forms import form_with_measures
from lti_tool.activities.provision_map_audit.map.limits import Limits
from lti_tool.activities.provision_map_audit.rows import AREAS, TIERS
from lti_tool.activities.provision_map_audit.words import Words


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `width` in tenths of an em; `own` columns are worked out, never typed."""

    field: str
    sets: tuple[str, ...]
    width: int
    label: str = ""
    numeric: bool = False
    own: bool = False


_BASICS, _IMPACT, _ALL = "basics", "impact", "all"
COLUMNS = (
    Column("name", (_BASICS, _IMPACT, _ALL), 150),
    Column("target_group", (_BASICS, _ALL), 80),
    Column("area", (_BASICS, _ALL), 125),
    Column("tier", (_BASICS, _ALL), 80),
    Column("minutes_per_session", (_BASICS, _ALL), 60, "Minutes", True),
    Column("sessions_per_week", (_BASICS, _ALL), 65, "Sessions a week", True),
    Column("weeks", (_BASICS, _ALL), 55, "Weeks", True),
    Column("group_size", (_BASICS, _ALL), 60, "Group size", True),
    Column("groups", (_BASICS, _ALL), 60, "Groups", True),
    Column("pupils_reached", (_ALL,), 70, "Pupils in all", True),
    Column("staff", (_BASICS, _ALL), 90, "Staff"),
    Column("hourly_rate", (_ALL,), 65, "Rate an hour £", True),
    Column("other_cost", (_BASICS, _ALL), 65, "Other cost £", True),
    Column("start_on", (_IMPACT, _ALL), 85, "Starts"),
    Column("end_on", (_IMPACT, _ALL), 85, "Ends"),
    Column("aim", (_ALL,), 150, "Aim"),
    Column("evidence_base", (_ALL,), 120, "Evidence base"),
    Column("delivered_percent", (_IMPACT, _ALL), 65, "Delivered %", True),
    Column("measure", (_IMPACT, _ALL), 110, "Measure"),
    Column("scale", (_IMPACT, _ALL), 110, "Kind of score"),
    Column("entry_score", (_IMPACT, _ALL), 65, "Entry", True),
    Column("exit_score", (_IMPACT, _ALL), 65, "Exit", True),
    Column("pupils_measured", (_IMPACT, _ALL), 70, "Pupils measured", True),
    Column("met_target", (_IMPACT, _ALL), 65, "Met target", True),
    Column("months_between", (_IMPACT, _ALL), 70, "Months between", True),
    Column("confidence_band", (_ALL,), 70, "Band ±", True),
    Column("rating", (_IMPACT, _ALL), 80, "Impact"),
    Column("decision", (_IMPACT, _ALL), 80, "Decision"),
    Column("review_on", (_IMPACT, _ALL), 85, "Review on"),
    Column("pupil_view", (_ALL,), 120, "Pupils’ view"),
    Column("parent_view", (_ALL,), 120, "Parents’ view"),
    Column("notes", (_ALL,), 150, "Notes"),
    Column("staff_hours", (_ALL,), 70, "Staff hours", True, True),
    Column("total_cost", (_BASICS, _ALL), 85, "Total cost", True, True),
    Column("per_pupil", (_BASICS, _ALL), 75, "Per pupil", True, True),
)
SETS = (("basics", "Basics"), ("impact", "Dates and impact"), ("all", "All columns"))
BULK_FIELDS = (
    "area",
    "tier",
    "staff",
    "hourly_rate",
    "start_on",
    "end_on",
    "review_on",
    "decision",
)


def list_columns(words: Words, limits: Limits) -> list[dict[str, Any]]:
    """The columns as the grid's script needs them: with labels, and choices where there are any."""
    labels = {f.name: f.label.text for f in form_with_measures(1)()}
    choices = {
        "area": [words.area_labels.get(code, code) for code in AREAS],
        "tier": [words.tier_labels.get(code, code) for code in TIERS],
        "scale": list(limits.scale_labels.values()),
        "decision": ["Continue", "Adapt", "Stop"],
    }
    return [
        {
            "field": one.field,
            "label": one.label or labels[one.field],
            "sets": one.sets,
            "width": one.width / 10,
            "numeric": one.numeric,
            "own": one.own,
            "choices": choices.get(one.field, []),
        }
        for one in COLUMNS
    ]
