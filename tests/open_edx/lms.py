"""The few things Open edX's LTI consumer asks of the course system around it, in plain form.

The package reaches the course system through one module, `lti_consumer.plugin.compat`. Six of
its functions are given here: a course block, who a learner is, where a grade goes, who may edit,
who is in the course and by which ids.
Runs in the environment of `requirements/open-edx.lock` only.
"""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

PEOPLE = {
    "amara": {
        "id": 11,
        "external_id": "5f1a1c0e-6f0f-4a57-9d0c-0f7c3f0e8a11",
        "role": "student",
        "name": "Amara Okafor",
        "email": "amara@students.example",
    },
    "helen": {
        "id": 12,
        "external_id": "0b7be7a4-2f83-4a92-8a52-92a3be5a3c12",
        "role": "instructor",
        "name": "Helen Marsh",
        "email": "helen@staff.example",
    },
}
PEOPLE["ben"] = {
    "id": 13,
    "external_id": "7c1a1c0e-6f0f-4a57-9d0c-0f7c3f0e8a13",
    "role": "student",
    "name": "Ben Adeyemi",
    "email": "ben@students.example",
}
"""Ben never opens anything: only the roster tells of him."""
COURSE = "course-v1:Example+SENCO+2026"
COURSE_TITLE = "Leading provision"
GRADES: list[dict[str, Any]] = []
"""What reached the gradebook of the course, in order."""


def usage_key(block: str) -> str:
    """The address of a block in the course, as Open edX writes it."""
    return f"block-v1:Example+SENCO+2026+type@lti_consumer+block@{block}"


@dataclass
class Block:
    """An LTI component of a course, as far as the consumer reads it."""

    location: str
    display_name: str = "Provision-map audit"
    weight: int = 100
    has_score: bool = True
    accept_grades_past_due: bool = True
    lti_1p3_passport_id: str = ""
    context_id: str = COURSE
    scope_ids: Any = field(default=None)

    def __post_init__(self) -> None:
        self.scope_ids = SimpleNamespace(usage_id=self.location, user_id=None)

    def is_past_due(self) -> bool:
        """No due date is set."""
        return False

    def max_score(self) -> int:
        """The component's weight."""
        return self.weight

    def set_user_module_score(
        self, user: str, score: float, max_score: int, comment: str | None
    ) -> None:
        """Take a grade.

        :param score: a share of one, as the consumer worked it out.
        """
        GRADES.append(
            {
                "block": str(self.location),
                "user": user,
                "share": score,
                "out_of": max_score,
                "comment": comment,
            }
        )


def person_of(external_id: str) -> str:
    """Whose external id this is."""
    for name, person in PEOPLE.items():
        if person["external_id"] == external_id:
            return name
    raise LookupError(external_id)


def list_members(course_key: Any) -> dict[int, dict[str, Any]]:
    """Everyone of the course, as its own interface gives them."""
    return {
        person["id"]: {
            "id": person["id"],
            "username": name,
            "name": person["name"],
            "email": person["email"],
            "roles": [person["role"]],
        }
        for name, person in PEOPLE.items()
        if str(course_key) == COURSE
    }


def list_external_ids(users: Any) -> dict[int, SimpleNamespace]:
    """What stands for each person outside, by their number."""
    return {
        person["id"]: SimpleNamespace(external_user_id=person["external_id"])
        for person in PEOPLE.values()
    }


def may_edit(user: Any, course_key: Any) -> bool:
    """Whether this person may edit the course in Studio."""
    return getattr(user, "role", "") == "instructor" and str(course_key) == COURSE


def put_in_place() -> None:
    """Give the consumer its course system. Call it once Django is set up."""
    from lti_consumer.plugin import compat

    compat.load_enough_xblock = lambda location: Block(location)
    compat.load_block_as_user = lambda location: Block(location)
    compat.get_user_from_external_user_id = person_of
    compat.user_has_studio_write_access = may_edit
    compat.get_course_members = list_members
    compat.batch_get_or_create_externalids = list_external_ids
