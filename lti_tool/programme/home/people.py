"""Who is in a cohort, with their standing on a day; who intermits or has left is told apart."""

from collections.abc import Iterable
from dataclasses import dataclass

from lti_tool.core.clock import plain_day
from lti_tool.programme.cohorts.overview import PersonLine
from lti_tool.programme.cohorts.standing import Standing
from lti_tool.programme.cohorts.words import ACTIVE, COMPLETED, STATUSES
from lti_tool.programme.outcomes.matrix import PersonRow


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the cohort."""

    person_id: int
    entry: int
    """By which pages name them in the cohort."""
    name: str
    standing: Standing

    @property
    def counts(self) -> bool:
        """Whether work is looked for: not while they intermit, nor once they left."""
        return self.standing.status in (ACTIVE, COMPLETED)

    @property
    def apart(self) -> str:
        """How they stand, where they do not take part now; empty where they do."""
        if self.standing.is_active:
            return ""
        return f"{STATUSES[self.standing.status]} since {plain_day(self.standing.since_on)}"


People = dict[int, Member]
"""By the person's row number, by name."""


def people_of(lines: Iterable[PersonLine | PersonRow]) -> People:
    """The people of lines or rows."""
    return {
        one.person_id: Member(one.person_id, one.entry, one.name, one.standing) for one in lines
    }


def count_by_status(people: People) -> dict[str, int]:
    """How many stand so, by status; statuses that nobody has are left out."""
    counts = {key: sum(one.standing.status == key for one in people.values()) for key in STATUSES}
    return {key: count for key, count in counts.items() if count}
