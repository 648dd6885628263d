"""How released marks are spread, by module and by first marker, and in the registry's results.

Marks that are not released are not among them. Work that is passed without a number has none.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from sqlalchemy.orm import Session

from lti_tool.coursework.queries import list_assignments
from lti_tool.coursework.rules import MARKS, Rules
from lti_tool.marking.desk.gathering import rules_of
from lti_tool.marking.moderation.distribution import Spread, spread_of
from lti_tool.marking.spread import OutMark
from lti_tool.people.queries import names_of
from lti_tool.programme.cohorts.results.shown import Result
from lti_tool.programme.home.reach import Place

STEPS = 10
"""Steps of ten marks each, as `spread_of` counts them."""


@dataclass(frozen=True, slots=True)
class Given:
    """One mark in a row."""

    person_id: int
    mark: Decimal
    context_id: int | None
    what: str
    """The work, or the module of the registry's list."""
    is_pass: bool | None

    @property
    def step(self) -> int:
        """Which step it lies in."""
        return min(int(self.mark) // 10, STEPS - 1)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a distribution."""

    code: str
    """By which its list is asked for; no person's number."""
    title: str
    marks: tuple[Given, ...]

    @property
    def spread(self) -> Spread:
        """How they are spread."""
        return spread_of((one.mark for one in self.marks), Decimal(0))

    @property
    def below(self) -> int:
        """How many are no pass."""
        return sum(one.is_pass is False for one in self.marks)


@dataclass(frozen=True, slots=True)
class Distribution:
    """Marks of a cohort in two views."""

    modules: tuple[Row, ...]
    markers: tuple[Row, ...]

    def steps(self, rows: Sequence[Row]) -> list[int]:
        """The steps to show: from the lowest that anybody has to the highest."""
        taken = {one.step for row in rows for one in row.marks}
        return list(range(min(taken), max(taken) + 1)) if taken else []

    def find(self, code: str) -> Row | None:
        """The row with this code, or None."""
        return next((one for one in (*self.modules, *self.markers) if one.code == code), None)


def label_of(step: int) -> str:
    """A step in words, such as "50 to 59"."""
    return spread_of((), Decimal(0)).rows[step][0]


def _given(one: OutMark, title: str, rules: Rules) -> Given:
    return Given(one.person_id, one.final, one.context_id, title, one.final >= rules.pass_mark)


def _registry(results: Iterable[Result]) -> Iterable[Row]:
    """The registry's results by module, the latest attempt of each person."""
    found: dict[int, tuple[str, dict[int, Given]]] = {}
    for one in results:
        if one.mark is not None:
            title = one.module_title
            given = Given(one.person_id, one.mark, None, title, one.is_passed)
            found.setdefault(one.module_id, (title, {}))[1][one.person_id] = given
    for module_id, (title, marks) in found.items():
        yield Row(f"r{module_id}", f"{title} (registry’s list)", tuple(marks.values()))


def read_distribution(
    session: Session,
    config_dir: Path,
    place: Place,
    results: Iterable[Result],
    marks: list[OutMark],
) -> Distribution:
    """The distribution of a cohort. A fixed number of queries for the sets of rules there are.

    :param results: those of the registry's lists.
    """
    listed = {one.id: one for one in list_assignments(session, place.context_ids)}
    rules = rules_of(session, listed.values(), config_dir)
    numbered = [
        (one, _given(one, listed[one.assignment_id].title, rules[one.assignment_id]))
        for one in marks
        if rules[one.assignment_id].mode == MARKS
    ]
    modules: dict[int, tuple[str, list[Given]]] = {}
    for run in place.runs:
        own = [given for one, given in numbered if one.context_id == run.context_id]
        before = modules.get(run.module_id, (run.module_title, []))
        modules[run.module_id] = (before[0], before[1] + own)
    markers = sorted({one.marker_id for one, _ in numbered if one.marker_id is not None})
    names = names_of(session, markers)
    by_marker = [
        Row(
            f"t{number}",
            names.get(marker, "Somebody who has left"),
            tuple(given for one, given in numbered if one.marker_id == marker),
        )
        for number, marker in enumerate(markers, start=1)
    ]
    own_rows = [
        Row(f"m{key}", title, tuple(given)) for key, (title, given) in modules.items() if given
    ]
    return Distribution(
        modules=(*own_rows, *_registry(results)),
        markers=tuple(sorted(by_marker, key=lambda row: row.title.casefold())),
    )
