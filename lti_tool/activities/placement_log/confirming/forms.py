"""The forms of confirming: the participant's, the host's, the tutor's."""

from datetime import date

from lti_tool.activities.placement_log.confirming.proofs import clean_code
from lti_tool.core import clock
from lti_tool.web.email_fields import Email
from lti_tool.web.forms import Day, Form, LongText, Text

_ROLE = "Your role at the school"
WRONG_CODE = (
    "This code opens nothing. Check it against the phone or the message: a code has eight letters "
    "and digits, and ends when it is answered, taken back or out of date."
)
"""The same whatever is the matter with a code."""


class AskForm(Form):
    """Whom to ask."""

    name = Text("Name of the person who hosted you", max_length=200)
    email = Email("Their e-mail address at the school")


class CodeForm(Form):
    """A code that was typed."""

    code = Text(
        "Code",
        max_length=100,
        required="Type the code from the phone or the message.",
        hint="For example ABCD-EFGH. Capitals and the hyphen do not matter.",
    )

    def cleaned(self) -> str | None:
        """The code without spaces and hyphens; None where it cannot be one."""
        return clean_code(self.code.data)


class SignForm(Form):
    """Who confirms."""

    name = Text("Your name", max_length=200)
    role = Text(_ROLE, max_length=200, hint="For example SENCO or deputy head.")


class WrongForm(Form):
    """What is wrong, and who says so."""

    reason = LongText("What is wrong?", 1000, hint="Please name no pupils.")
    name = Text("Your name", max_length=200)
    role = Text(_ROLE, max_length=200)


class PassForm(Form):
    """The colleague who hosted."""

    name = Text("Your colleague’s name", max_length=200)
    email = Email("Your colleague’s e-mail address")


class PaperForm(Form):
    """A confirmation on paper."""

    name = Text("Who signed", max_length=200)
    role = Text("Their role at the school", max_length=200)
    signed_on = Day("Day of the signature")
    kept = Text(
        "Where the paper is kept",
        max_length=200,
        hint="For example: programme office, folder 3.",
    )
    reason = LongText("Why it was done on paper", 1000)

    def refuse_odd_day(self, visit_on: date | None) -> bool:
        """Whether the day fits: not in the future, and not before the visit."""
        day = self.signed_on.data
        if day > clock.in_london(clock.now()).date():
            self.problem("signed_on", "This day has not come yet. Enter the day it was signed.")
            return False
        if visit_on is not None and day < visit_on:
            self.problem("signed_on", "This is before the visit. Enter the day it was signed.")
            return False
        return True
