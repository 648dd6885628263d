"""What is covered across a cohort: outcomes that nobody has evidence for, and how far each is.

Pure figures of the matrix. Staff see them, so small numbers stand as they are.
"""

from collections import Counter
from dataclasses import dataclass

from lti_tool.frameworks.framework import Item
from lti_tool.programme.outcomes.matrix import Matrix
from lti_tool.programme.outcomes.sets import by_area
from lti_tool.programme.outcomes.words import NOT_STARTED, STATES


@dataclass(frozen=True, slots=True)
class Covered:
    """One outcome across the cohort."""

    item: Item
    states: dict[str, int]
    """How many people stand so, by state."""
    with_evidence: int
    """Of how many people at least one piece is offered."""

    @property
    def is_gap(self) -> bool:
        """Whether nobody has offered evidence for it or was signed off on it."""
        return self.states[NOT_STARTED] == sum(self.states.values())


@dataclass(frozen=True, slots=True)
class AreaCovered:
    """The outcomes of one area across the cohort."""

    title: str
    states: dict[str, int]
    """How many outcomes of people stand so, by state."""
    outcomes: tuple[Covered, ...]

    @property
    def total(self) -> int:
        """Outcomes times people."""
        return sum(self.states.values())

    def share(self, state: str) -> int:
        """How many of a hundred stand so."""
        return round(100 * self.states[state] / self.total) if self.total else 0


@dataclass(frozen=True, slots=True)
class Coverage:
    """A cohort's outcomes by area."""

    people: int
    areas: tuple[AreaCovered, ...]

    @property
    def gaps(self) -> tuple[Item, ...]:
        """The outcomes for which nobody has evidence."""
        return tuple(one.item for area in self.areas for one in area.outcomes if one.is_gap)


def coverage(matrix: Matrix) -> Coverage:
    """What is covered across those of the matrix who count for the cohort."""
    rows = matrix.counted
    areas = []
    for title, items in by_area(matrix.outcomes):
        outcomes = []
        for item in items:
            cells = [row.cell(item.id) for row in rows]
            states = dict.fromkeys(STATES, 0) | Counter(one.state for one in cells)
            outcomes.append(Covered(item, states, sum(one.pieces > 0 for one in cells)))
        sums = {key: sum(one.states[key] for one in outcomes) for key in STATES}
        areas.append(AreaCovered(title or "Outcomes", sums, tuple(outcomes)))
    return Coverage(len(rows), tuple(areas))
