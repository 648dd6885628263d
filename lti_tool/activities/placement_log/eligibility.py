"""What a participant lacks before they may visit, as the programme reads it."""

from lti_tool.programme.eligibility import (
    OFFICE,
    SCHOOL,
    TUTOR,
    WHAT,
    YOU,
    Missing,
    missing_of,
)

__all__ = ["OFFICE", "SCHOOL", "TUTOR", "WHAT", "YOU", "Missing", "missing_of"]
