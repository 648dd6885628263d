"""A cohort at a glance: everybody's standing, credits, what a board could award, what closes.

A fixed number of queries however many people there are. The laws stand in `awards.py`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.core import clock
from lti_tool.coursework.queries import list_assignments
from lti_tool.coursework.rules import get_rules
from lti_tool.people.queries import names_of
from lti_tool.programme.cohorts import awards
from lti_tool.programme.cohorts.models import Award
from lti_tool.programme.cohorts.numbers import load_law, load_resubmission_days
from lti_tool.programme.cohorts.outcome_sets import find_set_of
from lti_tool.programme.cohorts.participation import listed_in
from lti_tool.programme.cohorts.queries import (
    CohortRead,
    ModuleRead,
    ProgrammeRead,
    list_modules,
    runs_of,
)
from lti_tool.programme.cohorts.results.shown import (
    Result,
    numbers_of,
    passed_modules,
    results_of,
)
from lti_tool.programme.cohorts.signed_off import SignedOff, find_count
from lti_tool.programme.cohorts.standing import (
    Standing,
    day_to_look_at,
    entries_of,
    people_in,
)
from lti_tool.programme.cohorts.words import NO_AWARD
from lti_tool.programme.models import Eligibility


@dataclass(frozen=True, slots=True)
class Awarded:
    """What was last decided for a person."""

    kind: str
    decided_on: date


@dataclass(frozen=True, slots=True)
class PersonLine:
    """Where one person of a cohort stands."""

    person_id: int
    entry: int
    name: str
    number: str
    standing: Standing
    is_listed: bool
    """Whether the course site lists them in one of the cohort's courses now."""
    facts: awards.Facts
    forecast: awards.Forecast
    awarded: Awarded | None
    can_be_raised: bool
    deadlines: tuple[awards.Deadline, ...]
    warnings: tuple[str, ...]
    not_passed: tuple[str, ...]
    """Modules with a result that is not a pass, by title: who resubmits."""
    results: tuple[Result, ...] = ()
    """The latest row of each attempt at each module."""
    awaits_result: tuple[str, ...] = ()
    """Modules, by title, of which nothing is recorded though the board has met, or others of the
    cohort have results."""

    @property
    def needs_person(self) -> bool:
        """Whether somebody should look: a deadline is near or an award could be raised."""
        return bool(self.warnings) or self.can_be_raised


def count_signed_off(session: Session, config_dir: Path, cohort: CohortRead) -> SignedOff:
    """How many outcomes each person has signed off; none where nobody keeps that yet."""
    count = find_count()
    if count is not None:
        return count(session, config_dir, cohort)
    found = find_set_of(session, config_dir, cohort)
    return SignedOff(len(found.judged) if found else 0, {})


def latest_awards(session: Session, cohort_ids: Iterable[int]) -> dict[int, Awarded]:
    """What was last decided for people in these cohorts, by person. One query."""
    rows = session.execute(
        select(Award.person_id, Award.kind, Award.decided_on)
        .where(Award.cohort_id.in_(set(cohort_ids)))
        .order_by(Award.id)
    )
    return {row.person_id: Awarded(row.kind, row.decided_on) for row in rows}


def _eligibility(
    session: Session, person_ids: Iterable[int]
) -> dict[int, tuple[bool | None, str, date | None]]:
    rows = session.execute(
        select(
            Eligibility.person_id,
            Eligibility.has_qts,
            Eligibility.induction,
            Eligibility.senco_since,
        ).where(Eligibility.person_id.in_(set(person_ids)))
    )
    return {row.person_id: (row.has_qts, row.induction, row.senco_since) for row in rows}


@dataclass(frozen=True, slots=True)
class _Board:
    """What is planned for a module in a cohort."""

    on: date | None
    resubmission_days: int


def _boards(
    session: Session, config_dir: Path, cohort: CohortRead, modules: list[ModuleRead]
) -> dict[int, _Board]:
    """The last board planned for each module, with the days of a resubmission by its rules."""
    module_of = {run.context_id: run.module_id for run in runs_of(session, cohort.id)}
    usual = load_resubmission_days(config_dir)
    found = {one.id: _Board(None, usual) for one in modules}
    days: dict[tuple[str, int], int] = {}
    for one in list_assignments(session, sorted(module_of)):
        rules = (one.rules_key, one.rules_version)
        if rules not in days:
            days[rules] = get_rules(session, config_dir, *rules).second_attempt_days
        was = found.get(module_of[one.context_id])
        if one.closed_at is None and was is not None:
            on = max((day for day in (was.on, one.board_on) if day), default=None)
            longest = days[rules] if was.on is None else max(was.resubmission_days, days[rules])
            found[module_of[one.context_id]] = _Board(on, longest)
    return found


def _window(module: ModuleRead, board: _Board, results: list[Result]) -> awards.Window:
    """What is to come of a module that somebody has not passed: from the board that failed or
    deferred them, else from the one that is planned."""
    own = [one for one in results if one.module_id == module.id and one.decided_on]
    decided = max((one.decided_on for one in own if one.decided_on), default=None)
    planned = board.on if decided is None else None
    base = decided or planned
    until = base + timedelta(days=board.resubmission_days) if base else None
    return awards.Window(module.title, planned, until)


class _LookingOver:
    """What is the same for everybody of a cohort, read once."""

    def __init__(
        self,
        session: Session,
        config_dir: Path,
        programme: ProgrammeRead,
        cohort: CohortRead,
        signed: SignedOff | None,
    ) -> None:
        self.programme, self.cohort = programme, cohort
        self.law, self.today = load_law(config_dir), clock.today()
        on = day_to_look_at(cohort.starts_on, self.today)
        self.people = people_in(session, cohort.id, on)
        self.entries = entries_of(session, cohort.id)
        self.names = names_of(session, self.people)
        self.numbers = numbers_of(session, self.people)
        self.listed = listed_in(session, cohort)
        self.results = results_of(session, programme.id, self.people)
        self.eligibility = _eligibility(session, self.people)
        self.awarded = latest_awards(session, (cohort.id,))
        self.outcomes = signed or count_signed_off(session, config_dir, cohort)
        self.modules = list_modules(session, programme.id)
        self.boards = _boards(session, config_dir, cohort, self.modules)
        self.decided = {one.module_id for results in self.results.values() for one in results}

    def facts(self, person_id: int) -> awards.Facts:
        """What an award of a person rests on."""
        has_qts, induction, senco_since = self.eligibility.get(person_id, (None, "", None))
        return awards.Facts(
            route=self.programme.route,
            starts_on=self.cohort.starts_on,
            credits_asked=self.programme.credits,
            credits=sum(passed_modules(self.results.get(person_id, [])).values()),
            outcomes_asked=self.outcomes.asked,
            outcomes_met=self.outcomes.met.get(person_id, 0),
            has_qts=has_qts,
            induction=induction,
            senco_since=senco_since,
        )

    def awaited(self, results: list[Result]) -> tuple[str, ...]:
        """The modules of which somebody should have a result by now."""
        known = {one.module_id for one in results}
        return tuple(
            one.title
            for one in self.modules
            if one.id not in known and (one.id in self.decided or self._has_met(one))
        )

    def _has_met(self, module: ModuleRead) -> bool:
        """Whether the board of a module that gives credits was to meet before today."""
        on = self.boards[module.id].on
        return bool(module.credits) and on is not None and on < self.today

    def line(self, person_id: int) -> PersonLine:
        """Where a person stands."""
        facts, results = self.facts(person_id), self.results.get(person_id, [])
        awarded, standing = self.awarded.get(person_id), self.people[person_id]
        deadlines = awards.deadlines_of(facts, self.law)
        passed = passed_modules(results)
        windows = tuple(
            _window(module, self.boards[module.id], results)
            for module in self.modules
            if module.id not in passed
        )
        is_done = awarded is not None and awarded.kind != NO_AWARD
        is_watched = standing.is_on_the_way and not is_done
        failed = {
            one.module_title: None
            for one in results
            if one.module_id not in passed and (one.is_passed is False or one.is_deferred)
        }
        return PersonLine(
            person_id=person_id,
            entry=self.entries[person_id],
            name=self.names.get(person_id, f"Person {person_id}"),
            number=self.numbers.get(person_id, ""),
            standing=standing,
            is_listed=person_id in self.listed,
            facts=facts,
            forecast=awards.forecast(facts, self.law, self.today),
            awarded=awarded,
            can_be_raised=awarded is not None
            and awards.can_be_raised(facts, self.law, awarded.kind, self.today),
            deadlines=deadlines,
            warnings=awards.warnings(deadlines, windows, self.today) if is_watched else (),
            not_passed=tuple(failed),
            results=tuple(results),
            awaits_result=self.awaited(results) if is_watched else (),
        )


def look_over(
    session: Session,
    config_dir: Path,
    programme: ProgrammeRead,
    cohort: CohortRead,
    signed: SignedOff | None = None,
) -> list[PersonLine]:
    """Everybody of a cohort, by name. A fixed number of queries.

    :param signed: the outcomes that are signed off, where the caller has counted them already.
    """
    all_of_it = _LookingOver(session, config_dir, programme, cohort, signed)
    lines = [all_of_it.line(person_id) for person_id in all_of_it.people]
    return sorted(lines, key=lambda one: (one.name.casefold(), one.person_id))
