"""The forms around an external examiner."""

from lti_tool.web.email_fields import Email
from lti_tool.web.forms import Form, LongText, Text, Whole


class InviteForm(Form):
    """Whom to ask, and for how long."""

    name = Text("Examiner’s name", max_length=300)
    email = Email("Examiner’s e-mail address", example="name@university.ac.uk")
    days = Whole(
        "Days until the link expires", minimum=1, maximum=365, hint="Calendar days, 1 to 365."
    )


class CommentForm(Form):
    """What an examiner says."""

    text = LongText("Your comment", 10_000, hint="The course’s markers read it and can reply.")


class ReplyForm(Form):
    """What the markers answer."""

    text = LongText("Reply", 10_000)
