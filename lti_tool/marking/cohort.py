"""What of an assignment can be released now, what is held back and why; and releasing many.

Each piece goes in a transaction of its own: one that fails hides none of the others, and a
process that ends midway leaves what is out released and promised, and the rest as it was.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from lti_tool.core.errors import Sentence
from lti_tool.coursework.queries import (
    AssignmentRead,
    HandedIn,
    get_assignment,
    get_handed_in,
    list_handed_in,
)
from lti_tool.db import Database
from lti_tool.marking.deciding import deciding_kind, list_latest
from lti_tool.marking.holds import list_held
from lti_tool.marking.moderation.gate import list_blocked
from lti_tool.marking.out_of_date import is_out_already
from lti_tool.marking.queries import list_released, list_taken_back, name_to_show
from lti_tool.marking.reckoning import explain
from lti_tool.marking.releasing import HELD, UNMARKED, release_mark
from lti_tool.marking.standing import CONFIRMED
from lti_tool.marking.terms import Terms, get_terms
from lti_tool.marking.wording import say_result
from lti_tool.people.queries import names_of

READY, HELD_BACK, OUT = "ready", "held_back", "released"


@dataclass(frozen=True, slots=True)
class Line:
    """One piece of work on the page of releases."""

    work: HandedIn
    name: str
    state: str
    """ready, held_back or released."""
    number: int
    """Of the judgement that would be released; 0 for none."""
    result: str
    """What would go out, in words; empty while there is no mark."""
    working: str
    days_late: int
    why: str = ""
    """Why it is held back, in a sentence."""
    was_taken_back: bool = False
    """Whether this very mark was released and taken back: it goes out by a tutor's tick only."""

    @property
    def tick(self) -> str:
        """What a ticked box sends: the code, and the judgement that the page showed."""
        return f"{self.work.candidate_code}-{self.number}"


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of releasing many."""

    out: tuple[str, ...]
    """Candidate codes whose marks are out."""
    kept: dict[str, str]
    """Why the others are not, by candidate code."""


def _why(work: HandedIn, held: Iterable[int], blocked: dict[int, str]) -> str:
    if work.submission_id in held:
        return HELD
    return blocked.get(work.submission_id, "")


def list_cohort(session: Session, assignment: AssignmentRead, terms: Terms) -> list[Line]:
    """Everything handed in, with what may go out now. A fixed number of queries."""
    works = [
        work
        for work in list_handed_in(session, (assignment.context_id,))
        if work.assignment_id == assignment.id
    ]
    ids = {work.submission_id for work in works}
    latest, released = list_latest(session, ids), list_released(session, ids)
    held, blocked = list_held(session, ids), list_blocked(session, assignment, terms.rules, ids)
    back = list_taken_back(session, ids)
    names = names_of(session, {work.person_id for work in works})
    lines = []
    for work in works:
        judgement = latest.get((work.submission_id, deciding_kind(terms.rules)))
        name = name_to_show(
            assignment,
            names.get(work.person_id),
            work.candidate_code,
            rules=terms.rules,
            is_agreed=work.submission_id in released,
        )
        days, seen = terms.days_late(work), released.get(work.submission_id)
        if seen is not None and seen.standing == CONFIRMED:  # as a board or an appeal decided
            result = say_result(seen.final, terms.rules, terms.rubric)
            lines.append(Line(work, name, OUT, seen.number, result, "", days))
            continue
        if judgement is None or judgement.overall is None:
            why = _why(work, held, blocked) or UNMARKED
            lines.append(Line(work, name, HELD_BACK, 0, "", "", days, why))
            continue
        reckoned = terms.reckon(work, judgement.overall)
        why = _why(work, held, blocked)
        is_out = is_out_already(seen, judgement, reckoned)
        state = OUT if is_out else HELD_BACK if why else READY
        result = say_result(reckoned.final, terms.rules, terms.rubric)
        working = explain(reckoned.working) if len(reckoned.steps) > 1 else ""
        is_back = state == READY and judgement.id in back
        lines.append(Line(work, name, state, judgement.number, result, working, days, why, is_back))
    return lines


def _release_one(
    session: Session,
    assignment: AssignmentRead,
    terms: Terms,
    chosen: tuple[str, int],
    actor_id: int,
) -> None:
    code, number = chosen
    work = get_handed_in(session, assignment.id, code, (assignment.context_id,))
    release_mark(session, assignment, work, terms, number=number, actor_id=actor_id)


def release_chosen(
    database: Database,
    config_dir: Path,
    assignment_id: int,
    context_ids: Sequence[int],
    chosen: Sequence[tuple[str, int]],
    *,
    actor_id: int,
) -> Tried:
    """Release several marks, each in a transaction of its own.

    :param chosen: candidate code, and the judgement's number that the page showed.
    :raises NotFound: there is no such assignment in these contexts.
    """
    with database.read() as reading:
        assignment = get_assignment(reading, assignment_id, context_ids)
        terms = get_terms(reading, config_dir, assignment)
    out: list[str] = []
    kept: dict[str, str] = {}
    for one in chosen:
        try:
            with database.write() as session:
                _release_one(session, assignment, terms, one, actor_id)
        except Sentence as error:
            kept[one[0]] = error.sentence
        else:
            out.append(one[0])
    return Tried(tuple(out), kept)
