"""Forms of the staff's pages."""

from typing import Any

from lti_tool.people.grants import LEADER, TUTOR
from lti_tool.web.forms import Choice, Form, Text, Whole

ROLE_WORDS = {LEADER: "Programme leader", TUTOR: "Tutor, where markers must be named"}


class NameForm(Form):
    """Whose course site a connection is."""

    name = Text(
        "Name of the university",
        hint="Schools and mentors read it: “training with …”. For example: University of Example.",
    )


class InviteForm(NameForm):
    """A one-time link by which an administrator of a platform connects it."""

    days = Whole("For how many days the link is good", minimum=1, maximum=90)


class WhoForm(Form):
    """One person of a platform."""

    registration = Choice("Connection", as_list=True)
    sub = Text(
        "User id on the course site",
        max_length=255,
        hint="The number in the address of their profile, such as user/profile.php?id=42.",
    )

    def offer(self, registrations: list[dict[str, Any]]) -> None:
        """Set the connections to choose from."""
        self.registration.offer([(str(one["id"]), one["name"]) for one in registrations])


class GrantForm(WhoForm):
    """A role for one person of a platform."""

    role = Choice("Role", ROLE_WORDS)
    programme = Text(
        "Only in the programme with this key", required=False, max_length=100,
        hint="Leave both empty to let the role hold wherever this connection is used.",
    )  # fmt: skip
    course = Text(
        "Only in the course with this id",
        required=False,
        max_length=255,
        hint="The number in its address, course/view.php?id=…",
    )
