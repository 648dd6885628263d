"""How many outcomes of each person are signed off, as another folder counts them.

Awards need the count and know no outcomes: whoever keeps the sign-offs announces here how they
are counted. Until then nothing counts as signed off.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from lti_tool.core.errors import Unusable
from lti_tool.programme.cohorts.queries import CohortRead


@dataclass(frozen=True, slots=True)
class SignedOff:
    """How many outcomes the cohort's set asks for, and how many each person has signed off."""

    asked: int
    met: dict[int, int]
    """By person; who is left out has none."""


CountSignedOff = Callable[[Session, Path, CohortRead], SignedOff]
"""Told the folder of settings and the cohort; a fixed number of queries, whoever takes part."""
_counting: list[CountSignedOff] = []


def announce(count: CountSignedOff) -> None:
    """Say how signed-off outcomes are counted.

    :raises Unusable: another folder has said so already.
    """
    if _counting and _counting[0] is not count:
        raise Unusable("Two folders count the outcomes that are signed off.")
    _counting[:] = [count]


def find_count() -> CountSignedOff | None:
    """How signed-off outcomes are counted, or None where nobody has said."""
    return _counting[0] if _counting else None
