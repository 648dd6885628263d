"""What a participant lacks before they may visit, as `programme/eligibility.py` finds it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

YOU = "you"


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that is missing."""

    what: str
    who_can: str
    """Who can put it right, as the participant reads it: you, your school, your tutor, …"""
    sentence: str


def missing_of(
    session: Session, config_dir: Path, person_ids: Iterable[int], on: date
) -> dict[int, list[Missing]]:
    """What each of these people lacks on a day, in a fixed number of queries."""
    return {person_id: [] for person_id in person_ids}
