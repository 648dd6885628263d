"""The form in which a visit is planned, and the tutor's comment."""

from typing import Any

import wtforms
from wtforms import widgets

from lti_tool.activities.placement_log.visits.days import read_time
from lti_tool.web.cleaning import REFUSED, clean_text
from lti_tool.web.fields import OwnField
from lti_tool.web.forms import Choice, Day, Form, LongText, Text, Tick


class TimeOfDay(OwnField, wtforms.StringField):
    """A time on the school's clock. Data is a text such as 08:45, empty when nothing was typed."""

    widget = widgets.TimeInput()

    def _value(self) -> str:
        if self.raw_data:
            return REFUSED.sub("", str(self.raw_data[0]))
        return self.data or ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read 08:45, and what people type where a browser offers no control."""
        typed = clean_text(str(valuelist[0]), lines=False) if valuelist else ""
        self.data = ""
        if typed:
            found = read_time(typed)
            if found is None:
                raise ValueError("Enter the time by the 24-hour clock, such as 08:45 or 15:30.")
            self.data = found


class PlanForm(Form):
    """Where, whom, when, and what for."""

    school_name = Text("Host school", hint="Its name as the school writes it.")
    school_urn = Text(
        "URN",
        required=False,
        max_length=20,
        hint="Six digits, if you know it. It stands on get-information-schools.service.gov.uk.",
    )
    phase = Choice("Phase", as_list=True, required=False, first="Not said")
    kind = Choice("Type of school", as_list=True, required=False, first="Not said")
    host_name = Text("Contact at the school", required=False, max_length=200)
    host_email = Text(
        "Their e-mail address",
        required=False,
        max_length=320,
        hint="Their school address. They are asked to confirm the visit, and need no account.",
    )
    visit_on = Day("Day", required=False)
    arrives_at = TimeOfDay("You arrive at", required=False)
    leaves_at = TimeOfDay("You leave at", required=False)
    half_days = Choice("Length", {"1": "Half a day", "2": "A whole day"})
    school_is_open = Tick("The school is open on that day: I have asked")
    focus = LongText(
        "Agreed focus",
        required=False,
        max_length=2_000,
        hint="What you agreed to look at. Host school and mentor see it. No pupils’ names.",
    )


class CommentForm(Form):
    """What a tutor wants put right."""

    comment = LongText(
        "What is to be put right",
        max_length=2_000,
        required="Say what is to be put right, so that the participant knows what to do.",
        hint="The participant reads this. No names of pupils.",
    )
