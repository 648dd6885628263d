"""The dates a tutor sets for an assignment."""

from lti_tool.web.forms import Day, Form, LocalDateTime, Tick, Whole


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
        hint="Until the end of this day, released marks are shown as provisional.",
    )
    version = Whole("Version", required=False)


class ResetForm(Form):
    """The word of the tutor that the course really was reset."""

    is_sure = Tick("The course was reset, and these participants are done", required=True)
