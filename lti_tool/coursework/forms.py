"""What a tutor sets for an assignment: dates, rules, later dates."""

from wtforms.validators import ValidationError

from lti_tool.coursework.extensions import DEFERRAL, EXTENSION, OUTAGE
from lti_tool.web.forms import Choice, Day, Form, LocalDateTime, LongText, Text, Tick, Whole


class SetUpForm(Form):
    """Due date and assessment board."""

    due_at = LocalDateTime(
        "Due date and time",
        required=False,
        hint="On the clock in England. Leave empty for no due date.",
    )
    board_on = Day(
        "Day of the assessment board",
        required=False,
        hint="Released marks are provisional until the board’s result is recorded.",
    )
    rules_key = Choice("Rules of marking", as_list=True, required=False)
    version = Whole("Version", required=False)


class ColumnForm(Form):
    """Title and maximum mark of an assignment, as its gradebook column has them."""

    title = Text("Title", max_length=500, hint="Also the name of the gradebook column.")
    maximum = Whole(
        "Maximum mark in the gradebook",
        minimum=1,
        maximum=100,
        hint="A whole number from 1 to 100, because Moodle takes no other. You go on marking out "
        "of 100; marks are put onto this scale on their way.",
    )
    version = Whole("Version", required=False)


EVERYONE = "everyone"


class LaterForm(Form):
    """A later due date for one person or for everyone."""

    who = Choice("Who gets it", as_list=True)
    kind = Choice(
        "What it is",
        {
            EXTENSION: "Extension",
            DEFERRAL: "Deferral, for agreed circumstances",
            OUTAGE: "For everyone, after an outage",
        },
    )
    due_at = LocalDateTime("New due date and time", hint="On the clock in England.")
    reason = LongText(
        "Reason", 2000, hint="Kept in the record, for tutors. The person sees the new date."
    )

    def validate_who(self, field: Choice) -> None:
        """An outage is everyone’s; a deferral is one person’s."""
        if self.kind.data == OUTAGE and field.data not in (None, EVERYONE):
            raise ValidationError("A later date after an outage is for everyone.")
        if self.kind.data == DEFERRAL and field.data == EVERYONE:
            raise ValidationError("A deferral is for one person. Choose whose it is.")


class ResetForm(Form):
    """The word of the tutor that the course really was reset."""

    is_sure = Tick("The course was reset, and these participants are done", required=True)
