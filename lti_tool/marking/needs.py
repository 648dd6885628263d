"""What of marking needs a person: held cases, agreed marks that are missing, feedback that is late.

While work is marked without names, a line carries the candidate code and no person.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from lti_tool.catalogue.measures import Scope
from lti_tool.catalogue.needs import Need, NeedLine, Source, announce_needs
from lti_tool.core import clock
from lti_tool.coursework.calendar import Calendar, load_calendar
from lti_tool.coursework.queries import (
    AssignmentRead,
    HandedIn,
    list_assignments,
    list_handed_in,
)
from lti_tool.coursework.rules import Rules
from lti_tool.db.statements import AnyRow
from lti_tool.marking.deciding import list_latest
from lti_tool.marking.desk.gathering import rules_of
from lti_tool.marking.desk.timing import feedback_day
from lti_tool.marking.holds import INTEGRITY, HoldRead, list_held_in
from lti_tool.marking.queries import AGREED, FIRST, SECOND, hides_names
from lti_tool.marking.spread import list_out_marks

INTEGRITY_CASES = Need("integrity", "Academic integrity cases that are open")
HELD_BACK = Need("held", "Other marks that are held back")
NOT_AGREED = Need("agreed", "Marked twice, without an agreed mark")
FEEDBACK = Need("feedback", "Feedback that is overdue")


@dataclass(frozen=True, slots=True)
class _Known:
    """All that was read."""

    assignments: dict[int, AssignmentRead]
    rules: dict[int, Rules]
    works: list[HandedIn]
    out: set[int]
    held: dict[int, HoldRead]
    latest: dict[tuple[int, str], AnyRow]
    """Of work that is marked twice."""
    calendar: Calendar
    today: date

    def has_mark(self, work: HandedIn, kind: str) -> bool:
        """Whether a judgement of a kind has its mark."""
        found = self.latest.get((work.submission_id, kind))
        return found is not None and found.overall is not None

    def line(self, work: HandedIn, words: str, endpoint: str) -> NeedLine:
        """A line about a piece of work, by name or by code alone."""
        one = self.assignments[work.assignment_id]
        is_agreed = work.submission_id in self.out or self.has_mark(work, AGREED)
        is_hidden = hides_names(one, self.rules[one.id]) and not is_agreed
        where: dict[str, Any] = {"assignment_id": one.id, "code": work.candidate_code}
        who = f"{work.candidate_code}: " if is_hidden else ""
        return NeedLine(
            words=f"{who}{one.title}. {words}",
            context_id=work.context_id,
            person_id=None if is_hidden else work.person_id,
            endpoint=endpoint,
            values=where,
        )


def _read(session: Session, scope: Scope) -> _Known:
    assignments = {
        one.id: one
        for one in list_assignments(session, scope.context_ids, in_use=True)
        if one.closed_at is None
    }
    rules = rules_of(session, assignments.values(), scope.config_dir)
    people = set(scope.person_ids)
    works = [
        one
        for one in list_handed_in(session, scope.context_ids)
        if one.assignment_id in assignments and one.person_id in people
    ]
    double = {one.submission_id for one in works if rules[one.assignment_id].is_double_marked}
    return _Known(
        assignments=assignments,
        rules=rules,
        works=works,
        out={one.submission_id for one in list_out_marks(session, scope.context_ids, people)},
        held=list_held_in(session, scope.context_ids),
        latest=list_latest(session, double),
        calendar=load_calendar(scope.config_dir),
        today=clock.today(),
    )


def _held(known: _Known, *, integrity: bool) -> Iterator[NeedLine]:
    for work in known.works:
        hold = known.held.get(work.submission_id)
        if hold is not None and (hold.kind == INTEGRITY) == integrity:
            words = f"{hold.title}, held back since {clock.day(hold.placed_at)}."
            yield known.line(work, words, "case.case")


def _not_agreed(known: _Known) -> Iterator[NeedLine]:
    for work in known.works:
        if not known.rules[work.assignment_id].is_double_marked or work.submission_id in known.out:
            continue
        both = known.has_mark(work, FIRST) and known.has_mark(work, SECOND)
        if both and not known.has_mark(work, AGREED):
            yield known.line(work, "Both marks are in.", "agree.side_by_side")


def _overdue(known: _Known) -> Iterator[NeedLine]:
    for work in known.works:
        if work.submission_id in known.out or work.submission_id in known.held:
            continue
        days = known.rules[work.assignment_id].feedback_days
        by = feedback_day(work.due_at, work.handed_in_at, days, known.calendar)
        if by < known.today:
            words = f"Feedback was due on {clock.plain_day(by)}."
            yield known.line(work, words, "marking.work")


def _by_code_where_hidden(lines: Iterator[NeedLine]) -> list[NeedLine]:
    """Those without a name by their code: the order of handing in would say whose they are."""
    found = list(lines)
    named = [one for one in found if one.person_id is not None]
    coded = sorted(
        (one for one in found if one.person_id is None),
        key=lambda one: (one.context_id or 0, one.words),
    )
    return named + coded


def find(session: Session, scope: Scope) -> Mapping[str, Sequence[NeedLine]]:
    """Held cases, agreed marks that are missing, and overdue feedback. A fixed number of queries
    for the courses and sets of rules there are."""
    known = _read(session, scope)
    return {
        INTEGRITY_CASES.key: _by_code_where_hidden(_held(known, integrity=True)),
        HELD_BACK.key: _by_code_where_hidden(_held(known, integrity=False)),
        NOT_AGREED.key: _by_code_where_hidden(_not_agreed(known)),
        FEEDBACK.key: _by_code_where_hidden(_overdue(known)),
    }


announce_needs(Source((INTEGRITY_CASES, HELD_BACK, NOT_AGREED, FEEDBACK), find))
