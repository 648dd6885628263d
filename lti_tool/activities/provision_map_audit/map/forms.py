"""The form of one row of the map. Everything is typed as text and read as the import reads it."""

from collections.abc import Mapping

from lti_tool.activities.provision_map_audit.map.row_form import FORM_FIELDS, validate_row
from lti_tool.activities.provision_map_audit.rows import AREAS, TIERS, ProvisionRow
from lti_tool.activities.provision_map_audit.words import Words
from lti_tool.web.forms import Choice, Form, LongText, Text


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
    other_cost = Text("Other cost", required=False, hint="Books, licences, training.")
    start_on = Text("Starts", required=False)
    end_on = Text("Ends", required=False)
    measure = Text("How impact is measured", required=False)
    entry_score = Text("Score at entry", required=False)
    exit_score = Text("Score at exit", required=False)
    rating = Text("Impact so far", required=False)
    decision = Text("Decision", required=False, hint="Continue, adapt or stop.")
    review_on = Text("Review on", required=False)
    notes = LongText("Notes", 2000, required=False)

    def offer(self, words: Words) -> None:
        """Fill the choices from the words in force."""
        self.area.offer({code: words.area_labels.get(code, code) for code in AREAS})
        self.tier.offer({code: words.tier_labels.get(code, code) for code in TIERS})

    def read_row(self, words: Words) -> ProvisionRow | None:
        """The row, or None with a sentence at each field that could not be read."""
        typed: Mapping[str, str] = {
            name: self[name].data or "" for name in FORM_FIELDS if name in self._fields
        }
        row, errors = validate_row(typed, words)
        for name, sentence in errors.items():
            self.problem(name, sentence)
        return row
