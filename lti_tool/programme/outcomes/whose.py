"""Whose outcomes an act is about."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Whose:
    """A person in a cohort, and the course that the act is done from."""

    cohort_id: int
    person_id: int
    context_id: int
