"""The field for an e-mail address: one address, in the shape that every mail server takes."""

import re
from typing import Any

from wtforms.validators import ValidationError

from lti_tool.web.fields import Text

_EMAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\".]+(?:\.[^@\s,;<>\".]+)+")


class Email(Text):
    """One e-mail address. Data is a str."""

    def __init__(self, label: str, *, example: str = "name@school.org.uk", **options: Any) -> None:
        super().__init__(label, max_length=320, **options)
        self.example = example

    def pre_validate(self, form: Any) -> None:
        """One address, and nothing else."""
        super().pre_validate(form)
        if not (self.data.isascii() and _EMAIL.fullmatch(self.data)):
            raise ValidationError(f"Enter one e-mail address, such as {self.example}.")
