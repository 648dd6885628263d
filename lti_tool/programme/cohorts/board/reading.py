"""The lines of a board's sheet: a module of a cohort, over all its courses.

A fixed number of queries however many people there are. Marks stand here once they are released:
before that nobody's name is put beside a mark or, where names are hidden, a candidate code.
"""

from dataclasses import replace
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.core import clock
from lti_tool.coursework.queries import (
    HandedIn,
    list_assignments,
    list_handed_in,
)
from lti_tool.gradebook.every_mark import list_marks
from lti_tool.marking.board.results import list_results
from lti_tool.marking.holds import list_held
from lti_tool.marking.out_of_date import list_out_of_date
from lti_tool.marking.queries import hides_names
from lti_tool.marking.terms import get_terms
from lti_tool.marking.wording import has_passed
from lti_tool.people.queries import list_participants, names_of
from lti_tool.programme.cohorts.board.agreeing import MarkHere
from lti_tool.programme.cohorts.board.pieces import Gathered, Person, Piece
from lti_tool.programme.cohorts.models import ModuleResult
from lti_tool.programme.cohorts.participation import list_elsewhere, listed_in
from lti_tool.programme.cohorts.queries import CohortRead, ModuleRead, runs_of
from lti_tool.programme.cohorts.results.shown import Result, numbers_of, results_of
from lti_tool.programme.cohorts.standing import day_to_look_at, entries_of, people_in

_MOST_LISTED = 5_000


class _Gathering:
    """What is read once for the whole sheet."""

    def __init__(
        self, session: Session, config_dir: Path, cohort: CohortRead, module: ModuleRead
    ) -> None:
        self.runs = tuple(x for x in runs_of(session, cohort.id) if x.module_id == module.id)
        contexts = [one.context_id for one in self.runs]
        found = list_assignments(session, contexts, in_use=True)
        self.assignments = {one.id: one for one in found}
        terms = {one.id: get_terms(session, config_dir, one) for one in found}
        self.rules = {number: one.rules for number, one in terms.items()}
        self.works = [
            one
            for one in list_handed_in(session, contexts, every_attempt=True)
            if one.assignment_id in self.assignments
        ]
        submissions = {one.submission_id for one in self.works}
        self.released = list_results(session, submissions)
        self.held = list_held(session, submissions)
        self.out_of_date = {
            number
            for one, counted in terms.items()
            for number in list_out_of_date(
                session, counted, (x for x in self.works if x.assignment_id == one)
            )
        }
        self.columns = list_marks(session, sorted(self.assignments))
        self.listed = {
            one.person_id for one in list_participants(session, contexts, limit=_MOST_LISTED)
        }
        self.standings = people_in(
            session, cohort.id, day_to_look_at(cohort.starts_on, clock.today())
        )
        self.elsewhere = list_elsewhere(session, cohort, listed_in(session, cohort))
        self.results = self._results(session, cohort, module)

    def _results(
        self, session: Session, cohort: CohortRead, module: ModuleRead
    ) -> dict[int, dict[int, Result]]:
        """The registry's results of the module in this cohort, by person and attempt. What was
        recorded in an earlier one only says how many attempts came before."""
        on_list = session.scalars(
            select(ModuleResult.person_id).where(
                ModuleResult.cohort_id == cohort.id, ModuleResult.module_id == module.id
            )
        )
        self.on_list = set(on_list)
        self.ids = {*self.everyone(), *self.on_list}
        every = results_of(session, module.programme_id, self.ids)
        found: dict[int, dict[int, Result]] = {}
        self.before: dict[int, int] = {}
        for person_id, results in every.items():
            for one in (x for x in results if x.module_id == module.id):
                if one.cohort_id == cohort.id:
                    found.setdefault(person_id, {})[one.attempt] = one
                elif person_id in self.standings:
                    earlier = self.before.get(person_id, 0)
                    self.before[person_id] = max(earlier, one.attempt)
        return found

    def everyone(self) -> set[int]:
        """Whoever is in the cohort, on a course's list, has handed in or is in a column."""
        return {
            *self.standings,
            *self.listed,
            *(one.person_id for one in self.works),
            *(who for column in self.columns.values() for who in column.marks),
        }

    def pieces_of(self, person_id: int, works: list[HandedIn]) -> list[Piece]:
        """A person's lines: their attempts, what only the registry has, what only a column has."""
        results = dict(self.results.get(person_id, {}))
        assignments = {one.assignment_id for one in works}
        others = {
            one
            for one, column in self.columns.items()
            if one not in assignments and person_id in column.marks
        }
        is_whole = len(self._set_for(works) | others) == 1
        before = self.before.get(person_id, 0)
        found = [
            self._of_work(one, works, results.get(before + one.attempt), is_whole) for one in works
        ]
        for one in works:
            results.pop(before + one.attempt, None)
        found += [self._of_column(person_id, one) for one in sorted(others)]
        found += [self._of_result(person_id, one) for one in results.values()]
        return found or [self._empty(person_id)]

    def _set_for(self, works: list[HandedIn]) -> set[int]:
        """What a person handed in, and what else is set for them in the same courses."""
        own, courses = (
            {one.assignment_id for one in works},
            {one.context_id for one in works},
        )
        return own | {
            one.id
            for one in self.assignments.values()
            if one.context_id in courses and one.closed_at is None
        }

    def _newest(self, work: HandedIn, works: list[HandedIn]) -> int:
        """The submission whose mark the column is to show: the one released last, else the
        latest attempt."""
        own = [one for one in works if one.assignment_id == work.assignment_id]
        return max(
            own,
            key=lambda one: (
                self.released[one.submission_id].release_id
                if one.submission_id in self.released
                else 0,
                one.attempt,
            ),
        ).submission_id

    def _of_work(
        self, work: HandedIn, works: list[HandedIn], result: Result | None, is_whole: bool
    ) -> Piece:
        assignment, out = (
            self.assignments[work.assignment_id],
            self.released.get(work.submission_id),
        )
        rules, column = self.rules[assignment.id], self.columns.get(assignment.id)
        is_newest = self._newest(work, works) == work.submission_id
        return Piece(
            person_id=work.person_id,
            attempt=self.before.get(work.person_id, 0) + work.attempt,
            assignment=assignment,
            code=work.candidate_code if out and hides_names(assignment, rules) else "",
            released=out,
            mark=MarkHere.of(
                out.final if out else None,
                out.standing if out else "",
                has_passed(out.final, rules) if out else None,
                is_held=work.submission_id in self.held,
                is_out_of_date=work.submission_id in self.out_of_date,
            ),
            there=column.marks.get(work.person_id) if column and is_newest else None,
            has_column=column is not None,
            is_newest=is_newest,
            result=result,
            is_whole=is_whole,
        )

    def _empty(self, person_id: int) -> Piece:
        return Piece(
            person_id=person_id,
            attempt=None,
            assignment=None,
            code="",
            released=None,
            mark=MarkHere.nothing(),
            there=None,
            has_column=bool(self.columns),
            is_newest=True,
            result=None,
            is_whole=True,
        )

    def _of_column(self, person_id: int, assignment_id: int) -> Piece:
        found = self.columns[assignment_id]
        return replace(
            self._empty(person_id),
            assignment=self.assignments[assignment_id],
            there=found.marks[person_id],
        )

    def _of_result(self, person_id: int, result: Result) -> Piece:
        return replace(self._empty(person_id), attempt=result.attempt, result=result)


def gather(session: Session, config_dir: Path, cohort: CohortRead, module: ModuleRead) -> Gathered:
    """All that the sheet of a module in a cohort is made of. A fixed number of queries."""
    found = _Gathering(session, config_dir, cohort, module)
    names, numbers = names_of(session, found.ids), numbers_of(session, found.ids)
    entries = entries_of(session, cohort.id)
    people = {
        one: Person(
            person_id=one,
            name=names.get(one, f"Person {one}"),
            number=numbers.get(one, ""),
            entry=entries.get(one),
            standing=found.standings.get(one),
            is_listed=one in found.listed,
            is_elsewhere=one in found.elsewhere,
        )
        for one in found.ids
    }
    works: dict[int, list[HandedIn]] = {}
    for work in found.works:
        works.setdefault(work.person_id, []).append(work)
    pieces: list[Piece] = []
    for person in sorted(people.values(), key=lambda one: (one.name.casefold(), one.person_id)):
        own = found.pieces_of(person.person_id, works.get(person.person_id, []))
        pieces += sorted(own, key=lambda one: (_title(one), one.attempt or 0))
    return Gathered(
        runs=found.runs,
        assignments=found.assignments,
        people=people,
        pieces=tuple(pieces),
        has_list=bool(found.on_list),
    )


def _title(piece: Piece) -> str:
    return piece.assignment.title if piece.assignment else ""
