"""A registry's list held against a cohort: whose each row is, and what it would add."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool.core import clock
from lti_tool.core.digests import document_digest
from lti_tool.papers.lists import folded
from lti_tool.people.models import Person
from lti_tool.people.queries import names_of
from lti_tool.programme.cohorts.models import StudentNumber
from lti_tool.programme.cohorts.queries import (
    CohortRead,
    ModuleRead,
    ProgrammeRead,
    list_modules,
)
from lti_tool.programme.cohorts.results.reading import ResultLine
from lti_tool.programme.cohorts.results.shown import results_of
from lti_tool.programme.cohorts.standing import day_to_look_at, people_in

NEW, CHANGED, SAME = "new", "changed", "same"


@dataclass(frozen=True, slots=True)
class Matched:
    """A row of the list beside the person and module it is about."""

    line: ResultLine
    person_id: int | None
    name: str
    module: ModuleRead | None
    learns_number: bool
    """Whether the list tells us the person's student number for the first time."""
    state: str
    """new, changed or same; empty where the row holds no result or has a problem."""

    @property
    def adds(self) -> bool:
        """Whether recording the list would keep something of this row."""
        return not self.line.problem and (self.learns_number or self.state in (NEW, CHANGED))


@dataclass(frozen=True, slots=True)
class Preview:
    """What recording a list would do."""

    rows: tuple[Matched, ...]

    def of(self, state: str) -> list[Matched]:
        """The rows whose result is new, changed, or the same as before."""
        return [row for row in self.rows if row.state == state and not row.line.problem]

    @property
    def numbers(self) -> dict[int, str]:
        """The student numbers that the list tells us, by person."""
        return {
            row.person_id: row.line.number
            for row in self.rows
            if row.learns_number and row.person_id is not None
        }

    @property
    def problems(self) -> list[Matched]:
        """The rows that something is wrong with."""
        return [row for row in self.rows if row.line.problem]

    @property
    def adding(self) -> list[Matched]:
        """The rows of which something would be kept."""
        return [row for row in self.rows if row.adds]

    @property
    def digest(self) -> str:
        """Stands for what was shown: recording refuses what was not looked at."""
        shown = [
            [row.line.row, row.person_id, row.module.id if row.module else 0, row.state]
            for row in self.adding
        ]
        return document_digest({"shown": shown})


@dataclass(frozen=True, slots=True)
class _People:
    """The cohort, by everything that a list may name people with."""

    by_number: dict[str, int]
    by_sub: dict[str, int]
    by_email: dict[str, int]
    numbers: dict[int, str]
    names: dict[int, str]

    def learn(self, lines: list[ResultLine]) -> None:
        """Take in the numbers that the list itself tells, for its other rows of the same person."""
        for line in lines:
            person_id = self._said(line)
            if line.number and person_id is not None and person_id not in self.numbers:
                self.by_number.setdefault(line.number, person_id)

    def _said(self, line: ResultLine) -> int | None:
        """Whom a row names besides the number."""
        return self.by_sub.get(line.person) if line.person else self.by_email.get(line.email)

    def find(self, line: ResultLine) -> tuple[int | None, str]:
        """Whose row it is, and what is wrong with that."""
        own = self.by_number.get(line.number) if line.number else None
        said = self._said(line)
        if own is not None and said is not None and own != said:
            return said, "This student number is somebody else’s, here or in this list."
        person_id = own if own is not None else said
        if person_id is None:
            return None, "Nobody of this cohort has this student number, id or e-mail address."
        if line.number and self.numbers.get(person_id, line.number) != line.number:
            return person_id, "Another student number is kept for them. Change it on their page."
        return person_id, ""


def _people(session: Session, programme: ProgrammeRead, ids: Iterable[int]) -> _People:
    """The people of a cohort, and all student numbers of the registration. Three queries."""
    within = set(ids)
    rows = session.execute(
        select(Person.id, Person.sub, func.lower(Person.email).label("email")).where(
            Person.id.in_(within)
        )
    ).all()
    known = session.execute(
        select(StudentNumber.number, StudentNumber.person_id).where(
            StudentNumber.registration_id == programme.registration_id
        )
    )
    by_number = {number: person_id for number, person_id in known}
    seen = Counter(row.email for row in rows if row.email)
    return _People(
        by_number=by_number,
        by_sub={row.sub: row.id for row in rows},
        by_email={row.email: row.id for row in rows if row.email and seen[row.email] == 1},
        numbers={person_id: number for number, person_id in by_number.items()},
        names=names_of(session, within),
    )


def _module(
    line: ResultLine, modules: list[ModuleRead], usual: ModuleRead | None
) -> tuple[ModuleRead | None, str]:
    if not line.is_result:
        return None, ""
    if not line.module:
        return usual, "" if usual else "The row names no module. Choose one above the list."
    wanted = folded(line.module)
    found = [one for one in modules if wanted in (folded(one.key), folded(one.title))]
    if not found:
        return None, f"No module of the programme is called “{line.module[:60]}”."
    return found[0], ""


class _Matching:
    """Goes through the lines of a list and remembers what was said before."""

    def __init__(
        self,
        people: _People,
        within: set[int],
        modules: list[ModuleRead],
        usual: ModuleRead | None,
        kept: dict[tuple[int, int, int], tuple[object, ...]],
    ) -> None:
        self.people, self.within, self.kept = people, within, kept
        self.modules, self.usual = modules, usual
        self.seen: dict[tuple[int, int, int], tuple[object, ...]] = {}
        self.given: dict[int, str] = {}

    def _whose(self, line: ResultLine) -> tuple[int | None, str]:
        person_id, wrong = self.people.find(line)
        if person_id is None:
            return None, wrong
        if person_id not in self.within:
            return None, "This student number is of somebody in another cohort."
        if line.number and not wrong:
            if self.given.setdefault(person_id, line.number) != line.number:
                wrong = "The list gives this person two student numbers."
        return person_id, wrong

    def _state(
        self, line: ResultLine, person_id: int, module: ModuleRead | None
    ) -> tuple[str, str]:
        """What the row's result would be, and what is wrong with it."""
        if not line.is_result or module is None:
            return "", ""
        said = (line.mark, line.is_passed, line.board_state, line.decided_on)
        key = (person_id, module.id, line.attempt)
        if self.seen.setdefault(key, said) != said:
            return "", "The list gives two different results of this attempt."
        was = self.kept.get(key)
        self.kept[key] = said  # said twice, it is added once
        return (NEW if was is None else SAME if was == said else CHANGED), ""

    def match(self, line: ResultLine) -> Matched:
        """A row beside the person and module it is about."""
        person_id, wrong = self._whose(line)
        module, lost = _module(line, self.modules, self.usual)
        problem, state = line.problem or wrong or lost, ""
        if not problem and person_id is not None:
            state, problem = self._state(line, person_id, module)
        learns = bool(line.number) and person_id is not None and not problem
        return Matched(
            replace(line, problem=problem),
            person_id,
            self.people.names.get(person_id or 0, line.whose),
            module,
            learns and person_id not in self.people.numbers,
            state,
        )


def look(
    session: Session,
    programme: ProgrammeRead,
    cohort: CohortRead,
    lines: list[ResultLine],
    usual_module_id: int | None = None,
) -> Preview:
    """What recording a list would do. A fixed number of queries.

    :param usual_module_id: the module of rows that name none.
    """
    ids = set(people_in(session, cohort.id, day_to_look_at(cohort.starts_on, clock.today())))
    modules = list_modules(session, programme.id)
    usual = next((one for one in modules if one.id == usual_module_id), None)
    kept: dict[tuple[int, int, int], tuple[object, ...]] = {
        (one.person_id, one.module_id, one.attempt): one.said
        for results in results_of(session, programme.id, ids).values()
        for one in results
    }
    if usual is None and len(modules) == 1:
        usual = modules[0]
    people = _people(session, programme, ids)
    people.learn(lines)
    matching = _Matching(people, ids, modules, usual, kept)
    return Preview(tuple(matching.match(line) for line in lines))
