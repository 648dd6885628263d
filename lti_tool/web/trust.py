"""The one line on every page of someone's work that says who can see it."""

from flask import g

WHO_CAN_SEE = "Who can see this: you, your tutor, moderators. Not your school."


def show_trust_line() -> None:
    """Put the line on the page of this request."""
    g.trust_line = WHO_CAN_SEE
