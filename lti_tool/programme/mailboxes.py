"""What an e-mail address tells of whose it is: shape, free-mail hosts, the participant's own."""

import re

from lti_tool.programme.numbers import ProgrammeNumbers

_EMAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\".]+")


def check_email(text: str) -> str | None:
    """A sentence where a text is no single e-mail address, or None."""
    if _EMAIL.fullmatch(text) and len(text) <= 320:
        return None
    return "Enter one e-mail address, such as head@school.example."


def is_own(email: str, own: str | None) -> bool:
    """Whether an address is the participant's own."""
    return own is not None and email.strip().lower() == own.strip().lower()


def is_free_mail(email: str | None, numbers: ProgrammeNumbers) -> bool:
    """Whether an address is of a host that belongs to nobody's school."""
    return email is not None and email.rpartition("@")[2].lower() in numbers.free_mail
