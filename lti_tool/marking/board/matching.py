"""A board's list held against what is released, and recorded in one act."""

from dataclasses import dataclass, replace
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.audit.operations import record
from lti_tool.core.digests import document_digest
from lti_tool.coursework.queries import AssignmentRead, HandedIn, list_handed_in
from lti_tool.coursework.rules import MARKS, Rules
from lti_tool.marking.board.reading import BoardLine
from lti_tool.marking.decisions import Decision, record_decision
from lti_tool.marking.holds import list_held
from lti_tool.marking.marks import HUNDRED, ZERO, choices_of
from lti_tool.marking.out_of_date import OUT_OF_DATE, list_out_of_date
from lti_tool.marking.queries import ReleasedMark, list_released
from lti_tool.marking.standing import BOARD, CONFIRMED
from lti_tool.marking.terms import Terms
from lti_tool.people.models import Person
from lti_tool.people.queries import names_of


@dataclass(frozen=True, slots=True)
class Matched:
    """A row of the list beside the work it is about."""

    line: BoardLine
    work: HandedIn | None
    name: str
    released: Decimal | None
    is_settled: bool
    """Whether this very result is recorded already."""

    @property
    def can_be_recorded(self) -> bool:
        """Whether the row would become an outcome."""
        return not self.line.problem and not self.is_settled

    @property
    def differs(self) -> bool:
        """Whether the board's final mark is another than the one released."""
        return self.can_be_recorded and self.released != self.line.final


@dataclass(frozen=True, slots=True)
class Preview:
    """What recording a list would do."""

    rows: tuple[Matched, ...]
    missing: tuple[str, ...]
    """Names of those with a provisional mark whom the list does not name."""

    @property
    def recordable(self) -> list[Matched]:
        """The rows that would be recorded."""
        return [row for row in self.rows if row.can_be_recorded]

    @property
    def problems(self) -> list[Matched]:
        """The rows that something is wrong with."""
        return [row for row in self.rows if row.line.problem]

    @property
    def digest(self) -> str:
        """Stands for what was shown: recording refuses what was not looked at."""
        shown = [
            [row.line.row, row.work.submission_id, str(row.released), str(row.line.final)]
            for row in self.recordable
            if row.work is not None
        ]
        return document_digest({"shown": shown})


def _subs(session: Session, person_ids: set[int]) -> dict[str, int]:
    rows = session.execute(select(Person.sub, Person.id).where(Person.id.in_(person_ids)))
    return {sub: person_id for sub, person_id in rows}


@dataclass(frozen=True, slots=True)
class _Known:
    """What keeps results from being recorded."""

    held: set[int]
    out_of_date: set[int]
    rules: Rules


def _find(
    line: BoardLine, by_code: dict[str, HandedIn], by_person: dict[str, HandedIn]
) -> HandedIn | None:
    return by_code.get(line.code) if line.code else by_person.get(line.person)


def _problem(
    line: BoardLine,
    work: HandedIn | None,
    released: ReleasedMark | None,
    known: _Known,
) -> str:
    """What keeps a row from being recorded, in a sentence; empty for nothing."""
    if line.problem:
        return line.problem
    if work is None:
        return "Nobody of this activity who handed in has this code or id."
    if line.attempt is not None and line.attempt != work.attempt:
        return f"The list says attempt {line.attempt}; the latest handed in is {work.attempt}."
    if released is None:
        return "No mark is released for this work yet. Release it first."
    if work.submission_id in known.held:
        return "This result is held back. Lift the hold first."
    if work.submission_id in known.out_of_date:
        return OUT_OF_DATE
    if known.rules.mode != MARKS and line.final not in (ZERO, HUNDRED):
        yes, no = choices_of(known.rules.mode).values()
        return f"This work has no number as its mark: give 100 for {yes}, 0 for {no}."
    if released.standing == CONFIRMED and released.final != line.final:
        return "Another result is recorded already. Change it under the decisions on this work."
    return ""


def _matched(
    line: BoardLine,
    work: HandedIn | None,
    released: ReleasedMark | None,
    problem: str,
    names: dict[int, str],
) -> Matched:
    is_settled = bool(released and released.standing == CONFIRMED and not problem)
    name = names.get(work.person_id, line.whose) if work else line.whose
    final = released.final if released else None
    return Matched(replace(line, problem=problem), work, name, final, is_settled)


def look(
    session: Session, assignment: AssignmentRead, terms: Terms, lines: list[BoardLine]
) -> Preview:
    """What recording a list would do. A fixed number of queries."""
    works = [
        work
        for work in list_handed_in(session, (assignment.context_id,))
        if work.assignment_id == assignment.id
    ]
    ids, people = {work.submission_id for work in works}, {work.person_id for work in works}
    released = list_released(session, ids)
    known = _Known(
        set(list_held(session, ids)), list_out_of_date(session, terms, works), terms.rules
    )
    names, by_id = names_of(session, people), {work.person_id: work for work in works}
    by_code = {work.candidate_code: work for work in works}
    by_person = {sub: by_id[number] for sub, number in _subs(session, people).items()}
    rows: list[Matched] = []
    named: set[int] = set()
    for line in lines:
        work = _find(line, by_code, by_person)
        number = work.submission_id if work else 0
        out = released.get(number)
        problem = _problem(line, work, out, known)
        if number in named and not problem:
            problem = "The list names this person twice."
        named.add(number)
        rows.append(_matched(line, work, out, problem, names))
    missing = [
        work
        for work in works
        if work.submission_id not in named
        and (out := released.get(work.submission_id)) is not None
        and out.standing != CONFIRMED
    ]
    return Preview(tuple(rows), tuple(names.get(one.person_id, "") for one in missing))


def record_board(
    session: Session,
    assignment: AssignmentRead,
    terms: Terms,
    preview: Preview,
    *,
    reason: str,
    actor_id: int,
) -> int:
    """Record every row that can be, in the caller's transaction: all of them or none.

    A result that stays as it was released is confirmed without a message to anybody.

    :param reason: which board, and when.
    :return: how many were recorded.
    """
    for row in preview.recordable:
        if row.work is None or row.line.final is None:
            continue
        decision = Decision(BOARD, row.line.final, reason, row.line.raw, row.line.penalty)
        record_decision(session, assignment, row.work, terms, decision, actor_id=actor_id)
    count = len(preview.recordable)
    record(
        session,
        "board recorded",
        ("assignment", assignment.id),
        actor_id=actor_id,
        context_id=assignment.context_id,
        became={"recorded": count, "left_out": len(preview.problems)},
        reason=reason,
    )
    return count
