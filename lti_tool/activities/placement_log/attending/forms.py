"""What tutors type about a session: what kind, what it is called, when and where."""

import re

from wtforms.validators import ValidationError

from lti_tool.activities.placement_log.attending.operations import Details
from lti_tool.activities.placement_log.attending.queries import SessionRead
from lti_tool.activities.placement_log.entries import KINDS
from lti_tool.web.forms import Choice, Day, Form, Text

_TIME = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)", re.ASCII)


class SessionForm(Form):
    """A session or a face-to-face day."""

    kind = Choice("What is it?", KINDS, required="Choose an online session or a face-to-face day.")
    title = Text(
        "What it is called", required="Give it a name that participants know.", max_length=200
    )
    held_on = Day("Day", required="Give the day.")
    starts_at = Text("Begins at", required=False, max_length=5, hint="Such as 16:30.")
    venue = Text("Where", required=False, max_length=200, hint="The venue, or how to join online.")

    def validate_starts_at(self, field: Text) -> None:
        """A time of day, kept as 09:30."""
        if not field.data:
            return
        found = _TIME.fullmatch(field.data)
        if found is None:
            raise ValidationError("Give the time by the 24-hour clock, such as 09:30 or 16:00.")
        field.data = f"{int(found[1]):02}:{found[2]}"

    def details(self) -> Details:
        """What was typed, once it is valid."""
        return Details(
            self.kind.data,
            self.title.data,
            self.held_on.data,
            self.starts_at.data or "",
            self.venue.data or "",
        )


def values_of(held: SessionRead) -> dict[str, object]:
    """The form's fields of a session that is there."""
    return {
        name: getattr(held, name) for name in ("kind", "title", "held_on", "starts_at", "venue")
    }
