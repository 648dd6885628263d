"""What the live measures of marking look at: work handed in within a year, and the marks that are
out for it.

Read in a fixed number of queries, whatever the number of people. A piece belongs to the year in
which it was handed in, on a clock in England.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.catalogue.measures import Scope
from lti_tool.core import clock
from lti_tool.coursework.models import Assignment, Submission
from lti_tool.coursework.queries import (
    AssignmentRead,
    HandedIn,
    list_assignments,
    list_handed_in,
)
from lti_tool.coursework.rules import Rules
from lti_tool.lti.places import list_titles
from lti_tool.marking.desk.gathering import rules_of
from lti_tool.marking.models import Judgement, Outcome, Release
from lti_tool.marking.queries import hides_names


@dataclass(frozen=True, slots=True)
class Standing:
    """The mark of a piece that its author can see."""

    first_out_at: datetime
    """Since when a result is out, counting no release that was taken back."""
    last_out_at: datetime
    """When this mark came out, which may have replaced another."""
    judgement_id: int
    kind: str
    """Of the judgement: first, or agreed where work is double-marked."""
    raw: Decimal
    scaled: Decimal | None
    penalty: Decimal
    cap: Decimal | None
    final: Decimal
    source: str
    """marking, board, appeal or misconduct: whose decision it is."""
    reason: str


@dataclass(frozen=True, slots=True)
class YearsWork:
    """The work of a year with its assignments, their rules, and the marks that are out."""

    assignments: dict[int, AssignmentRead]
    titles: dict[int, str]
    """What to call each assignment: with its course where two have the same title."""
    rules: dict[int, Rules]
    works: tuple[HandedIn, ...]
    """Every attempt that was handed in within the year."""
    standings: dict[int, Standing]
    """By submission; what is not out is not there."""
    hiding: frozenset[int]
    """Assignments that are marked without names."""
    named: frozenset[tuple[int, int]]
    """Assignment and person of whom a mark is out, so that they are known there by name."""

    def person_of(self, work: HandedIn) -> int | None:
        """Whose a piece is, or None while it is marked without names."""
        is_hidden = work.assignment_id in self.hiding and work.submission_id not in self.standings
        return None if is_hidden else work.person_id

    def known_at(self, assignment_id: int, person_id: int) -> int | None:
        """The person, or None where an assignment is marked without names and none of their marks
        is out: for what is known of a candidate and would say whose code it is."""
        is_known = assignment_id not in self.hiding or (assignment_id, person_id) in self.named
        return person_id if is_known else None

    def title_of(self, work: HandedIn) -> str:
        """What a piece was handed in for, with the attempt where it is not the first."""
        title = self.titles[work.assignment_id]
        return title if work.attempt == 1 else f"{title}, attempt {work.attempt}"


def is_within(moment: datetime, scope: Scope) -> bool:
    """Whether a moment lies in the year in question, on a clock in England."""
    return scope.first <= clock.in_london(moment).date() <= scope.last


def name_assignments(
    session: Session, assignments: Iterable[AssignmentRead], context_ids: Iterable[int]
) -> dict[int, str]:
    """What to call each assignment: with its course where two have the same title. One query."""
    listed = list(assignments)
    courses = list_titles(session, context_ids)
    same = Counter(one.title for one in listed)
    return {
        one.id: one.title if same[one.title] == 1 else f"{one.title} ({courses[one.context_id]})"
        for one in listed
    }


_KEPT = "marking.measured"
_STANDINGS = (
    select(
        Release.submission_id,
        Release.released_at,
        Outcome.judgement_id,
        Judgement.kind,
        Outcome.raw,
        Outcome.scaled,
        Outcome.penalty,
        Outcome.cap,
        Outcome.final,
        Outcome.source,
        Outcome.reason,
    )
    .join(Outcome, Outcome.id == Release.outcome_id)
    .join(Judgement, Judgement.id == Outcome.judgement_id)
    .join(Submission, Submission.id == Release.submission_id)
    .join(Assignment, Assignment.id == Submission.assignment_id)
    .where(Release.taken_back_at.is_(None))
    .order_by(Release.id)
)


def _read_standings(session: Session, context_ids: Iterable[int]) -> dict[int, Standing]:
    found: dict[int, Standing] = {}
    wanted = _STANDINGS.where(Assignment.context_id.in_(set(context_ids)))
    for row in session.connection().execute(wanted):
        before = found.get(row.submission_id)
        first = before.first_out_at if before else row.released_at
        found[row.submission_id] = Standing(first, *tuple(row)[1:])
    return found


def read_work(session: Session, scope: Scope) -> YearsWork:
    """The work of the people in question, handed in within the year. A fixed number of queries.

    A page asks several measures with one scope, one after the other: they share what was read.
    """
    kept_for, kept = session.info.get(_KEPT, (None, None))
    if kept_for is not scope or kept is None:
        kept = _read_work(session, scope)
        session.info[_KEPT] = (scope, kept)
    return cast(YearsWork, kept)


def _read_work(session: Session, scope: Scope) -> YearsWork:
    assignments = list_assignments(session, scope.context_ids)
    known, people = {one.id for one in assignments}, set(scope.person_ids)
    works = tuple(
        work
        for work in list_handed_in(session, scope.context_ids, every_attempt=True)
        if work.assignment_id in known
        and work.person_id in people
        and is_within(work.handed_in_at, scope)
    )
    rules = rules_of(session, assignments, scope.config_dir)
    standings = _read_standings(session, scope.context_ids)
    out = (work for work in works if work.submission_id in standings)
    return YearsWork(
        {one.id: one for one in assignments},
        name_assignments(session, assignments, scope.context_ids),
        rules,
        works,
        standings,
        frozenset(one.id for one in assignments if hides_names(one, rules[one.id])),
        frozenset((work.assignment_id, work.person_id) for work in out),
    )
