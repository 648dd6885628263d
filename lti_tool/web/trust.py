"""The one line on every page of someone's work that says who can see it."""

from flask import g

TO_ITS_AUTHOR = "Who can see this: you, your tutor, moderators. Not your school."
TO_A_MARKER = "Who can see this: its author, their tutor, moderators. Not their school."


def show_trust_line(line: str = TO_ITS_AUTHOR) -> None:
    """Put the line on the page of this request."""
    g.trust_line = line
