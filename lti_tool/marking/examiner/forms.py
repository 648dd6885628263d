"""The forms around an external examiner."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from lti_tool.web.forms import Form, LongText, Text, Whole

_EMAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\".]+")


class InviteForm(Form):
    """Whom to ask, and for how long."""

    name = Text("Examiner’s name", max_length=300)
    email = Text("Examiner’s e-mail address", max_length=320)
    days = Whole(
        "Days until the link expires", minimum=1, maximum=365, hint="Calendar days, 1 to 365."
    )

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """An e-mail address looks like one."""
        good = bool(super().validate(extra_validators))
        if self.email.data and not self.email.errors and not _EMAIL.fullmatch(self.email.data):
            self.problem("email", "Enter one e-mail address, such as name@university.ac.uk.")
            return False
        return good


class CommentForm(Form):
    """What an examiner says."""

    text = LongText("Your comment", 10_000, hint="The course’s markers read it and can reply.")


class ReplyForm(Form):
    """What the markers answer."""

    text = LongText("Reply", 10_000)
