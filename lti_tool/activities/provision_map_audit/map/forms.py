"""The form of one row of the map. Everything is typed as text and read as the import reads it."""

from collections.abc import Mapping
from typing import Any

from lti_tool.activities.provision_map_audit.map.cell_reading import (
    MEASURE_FIELDS,
    MOST_MEASURES,
    NOT_KNOWN,
)
from lti_tool.activities.provision_map_audit.map.limits import Limits
from lti_tool.activities.provision_map_audit.map.row_form import ALL_FIELDS, validate_row
from lti_tool.activities.provision_map_audit.rows import AREAS, TIERS, ProvisionRow
from lti_tool.activities.provision_map_audit.words import Words
from lti_tool.web.forms import Choice, Form, LongText, Text


def _measure_fields(number: int) -> dict[str, Any]:
    """The fields of one measure; those of the first have no number."""
    end = "" if number == 1 else f"_{number}"
    made = {
        "measure": Text("How impact is measured", required=False, hint="The test or scale."),
        "scale": Choice("Kind of score", required=False, as_list=True, first="Not stated"),
        "entry_score": Text("Score at entry", required=False, hint="Such as 7y 6m, or 84."),
        "exit_score": Text("Score at exit", required=False),
        "months_between": Text(
            "Months between the scores", required=False, hint="If it is not the weeks above."
        ),
        "confidence_band": Text(
            "Confidence band", required=False, hint="Points either side, from the test’s manual."
        ),
        "pupils_measured": Text("Pupils measured at both ends", required=False),
        "met_target": Text("Of them, met their target", required=False),
    }
    return {f"{name}{end}": made[name] for name in MEASURE_FIELDS}


class RowForm(Form):
    """One provision. Only its name is needed; what is left empty is treated as not known."""

    name = Text(
        "Provision",
        required=False,
        max_length=300,
        hint="What it is called, for example Toe by Toe.",
    )
    area = Choice("Area of need", required=False, first="Not stated")
    tier = Choice("Tier", required=False, first="Not stated")
    target_group = Text("For whom", required=False, hint="A group, such as Y4. Never names.")
    aim = LongText(
        "Aim and success criteria", 2000, required=False, hint="What will have changed, by when."
    )
    evidence_base = LongText(
        "Evidence for the approach", 2000, required=False, hint="Why it should work."
    )
    minutes_per_session = Text("Minutes of one session", required=False, hint="30, or 1 hr 15.")
    sessions_per_week = Text("Sessions a week", required=False, hint="3, or daily.")
    weeks = Text("Weeks", required=False, hint="12, or Autumn term.")
    group_size = Text("Pupils in a group", required=False)
    groups = Text("Number of groups", required=False, hint="1 if left empty.")
    pupils_reached = Text(
        "Pupils reached in all", required=False, hint="Only if it is not group size times groups."
    )
    staff = Text("Staff", required=False, hint="Roles, never names: TA, 2 TA, TA + HLTA.")
    hourly_rate = Text(
        "Rate an hour", required=False, hint="Only if it differs from the role’s rate."
    )
    other_cost = Text(
        "Other cost",
        required=False,
        hint=f"Books, licences, training. Empty is none; type “{NOT_KNOWN}” if it is.",
    )
    start_on = Text("Starts", required=False)
    end_on = Text("Ends", required=False)
    delivered_percent = Text("Sessions held", required=False, hint="Of those planned, such as 85%.")
    rating = Text("Impact so far", required=False)
    decision = Text("Decision", required=False, hint="Continue, adapt or stop.")
    review_on = Text("Review on", required=False)
    pupil_view = LongText(
        "What pupils say", 2000, required=False, hint="In general, without names."
    )
    parent_view = LongText("What parents say", 2000, required=False)
    notes = LongText("Notes", 2000, required=False)

    @property
    def measure_groups(self) -> list[list[Any]]:
        """The fields of each measure, in order."""
        ends = ["", *(f"_{number}" for number in range(2, MOST_MEASURES + 1))]
        return [
            [self[f"{name}{end}"] for name in MEASURE_FIELDS]
            for end in ends
            if f"measure{end}" in self._fields
        ]

    @property
    def texts(self) -> dict[str, str]:
        """What is typed, by field."""
        return {name: self[name].data or "" for name in ALL_FIELDS if name in self._fields}

    def offer(self, words: Words, limits: Limits) -> None:
        """Fill the choices from the words in force."""
        self.area.offer({code: words.area_labels.get(code, code) for code in AREAS})
        self.tier.offer({code: words.tier_labels.get(code, code) for code in TIERS})
        for name in self._fields:
            if name == "scale" or name.startswith("scale_"):
                scale: Any = self[name]
                scale.offer(limits.scale_labels)

    def read_row(self, words: Words, cleared: frozenset[str]) -> ProvisionRow | None:
        """The row, or None with a sentence at each field that could not be read."""
        typed: Mapping[str, str] = self.texts
        row, errors = validate_row(typed, words, cleared)
        for name, sentence in errors.items():
            self.problem(name, sentence)
        return row


def form_with_measures(number: int) -> type[RowForm]:
    """The form with room for so many measures, one at least."""
    made: dict[str, Any] = {}
    for one in range(1, min(max(number, 1), MOST_MEASURES) + 1):
        made |= _measure_fields(one)
    return type("RowForm", (RowForm,), made)


def measures_in(texts: Mapping[str, str]) -> int:
    """How many measures texts by field have room for."""
    numbers = [
        number
        for number in range(2, MOST_MEASURES + 1)
        if any(texts.get(f"{name}_{number}") for name in MEASURE_FIELDS)
    ]
    return max(numbers, default=1)
