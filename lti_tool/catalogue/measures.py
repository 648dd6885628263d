"""Live measures: figures that the tool's own data give as evidence for a standard.

Each is defined once, in the folder where its data lives, and announced here as that folder is
imported. Whoever shows them names no folder.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from lti_tool.core import clock
from lti_tool.core.errors import Unusable

NOTHING_YET = "Nothing to look at yet."
"""What a figure over nobody says, in the place of a number."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a measure looks at: what the reader may see, in one academic year."""

    config_dir: Path
    context_ids: tuple[int, ...]
    """Courses the reader may see."""
    person_ids: tuple[int, ...]
    """Participants of the cohorts in question, those who left too."""
    first: date
    last: date
    cohort_of: Mapping[int, int] = field(default_factory=dict)
    """By person, the row number of the cohort in question that they are in now; of those who
    left, the one they left."""
    left_ids: frozenset[int] = frozenset()
    """Those who withdrew or went elsewhere by `up_to`."""
    completed_ids: frozenset[int] = frozenset()
    """Those who had completed by `up_to`."""

    @property
    def up_to(self) -> date:
        """The last day to look at: today, or the last of a year that is over."""
        return min(self.last, clock.today())

    @property
    def staying_ids(self) -> tuple[int, ...]:
        """Participants but for those who left."""
        return tuple(one for one in self.person_ids if one not in self.left_ids)

    @property
    def present_ids(self) -> tuple[int, ...]:
        """Participants who take part now or mean to come back."""
        return tuple(one for one in self.staying_ids if one not in self.completed_ids)


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of the list behind a figure."""

    label: str
    """What it is, in words; a person is named by `person_id` alone."""
    person_id: int | None = None
    is_good: bool = True
    """Whether it counts towards the figure."""


@dataclass(frozen=True, slots=True)
class Figure:
    """What a measure found."""

    count: int
    """How many count."""
    of: int
    """Of how many; 0 where there is nothing to look at yet, which is not a zero."""
    words: str
    """The figure in a sentence, such as "38 of 40 pieces got feedback in 20 working days"."""
    how: str
    """How it was worked out, in a sentence."""
    as_of: datetime
    lines: tuple[Line, ...] = field(default_factory=tuple)


def say_people(count: int) -> str:
    """So many participants, in words."""
    return f"{count} participant{'' if count == 1 else 's'}"


def count_lines(
    lines: Sequence[Line], say: Callable[[int, int], str], how: str, nothing: str = NOTHING_YET
) -> Figure:
    """The figure of a list: how many of its lines are good.

    :param say: told how many, and of how many, says it in a sentence; not asked where there is
        nothing to look at.
    :param nothing: what is said there.
    """
    count, of = sum(one.is_good for one in lines), len(lines)
    words = say(count, of) if of else nothing
    return Figure(count, of, words, how, clock.now(), tuple(lines))


Find = Callable[[Session, Scope], Figure]


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure that the tool can give."""

    key: str
    title: str
    standards: tuple[str, ...]
    """Ids of the shipped standards that it is evidence for; an official text may name others."""
    find: Find
    """A fixed number of queries, whatever the number of people."""
    at_a_glance: bool = False
    """Whether a leader's home shows it at once; all others are one click away there."""


_measures: dict[str, Measure] = {}


def announce(measure: Measure) -> None:
    """Bring a measure.

    :raises Unusable: another has the same key.
    """
    known = _measures.get(measure.key)
    if known is not None and known != measure:
        raise Unusable(f"Two measures are called “{measure.key}”.")
    _measures[measure.key] = measure


def find_measure(key: str) -> Measure | None:
    """The measure with this key, or None."""
    return _measures.get(key)


def list_measures() -> list[Measure]:
    """All measures by title."""
    return sorted(_measures.values(), key=lambda one: one.title)


def measures_for(standard_id: str) -> list[Measure]:
    """The measures that are evidence for a standard of the shipped text."""
    return [one for one in list_measures() if standard_id in one.standards]
