"""Double marking: where each piece stands with its two markers, and who may see what by then.

Marks of a piece stay hidden from one another's markers until both are in, where the rules say
that the second marker is blind.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.coursework.queries import AssignmentRead, HandedIn, list_handed_in
from lti_tool.coursework.rules import Rules
from lti_tool.db.statements import AnyRow
from lti_tool.marking.deciding import list_latest
from lti_tool.marking.models import Allocation
from lti_tool.marking.queries import AGREED, FIRST, SECOND, THIRD
from lti_tool.marking.rubrics import Rubric

NOT_BEGUN, BEGUN, GIVEN = "not_begun", "begun", "given"


@dataclass(frozen=True, slots=True)
class Pair:
    """One piece with its markers and what they have given so far."""

    work: HandedIn
    latest: dict[str, AnyRow]
    """The newest judgement of each kind."""
    turns: dict[str, int]
    """Who is to mark it, by kind."""

    def mark(self, kind: str) -> Decimal | None:
        """The whole mark of a kind, if it is in."""
        found = self.latest.get(kind)
        return None if found is None else found.overall

    def state(self, kind: str) -> str:
        """How far a marker is, without saying the mark."""
        if kind not in self.latest:
            return NOT_BEGUN
        return BEGUN if self.mark(kind) is None else GIVEN

    def marker(self, kind: str) -> int | None:
        """Who gave the judgement of a kind, or is to give it."""
        found = self.latest.get(kind)
        return self.turns.get(kind) if found is None else int(found.marker_id)

    @property
    def both_in(self) -> bool:
        """Whether both markers have given a whole mark."""
        return self.mark(FIRST) is not None and self.mark(SECOND) is not None

    @property
    def is_agreed(self) -> bool:
        """Whether there is an agreed mark."""
        return self.mark(AGREED) is not None

    @property
    def third_is_awaited(self) -> bool:
        """Whether a third marker was asked and has not given a whole mark."""
        return THIRD in self.turns and self.mark(THIRD) is None and not self.is_agreed

    def markers(self) -> set[int]:
        """Everybody who marks or marked this piece."""
        found = {self.marker(kind) for kind in (FIRST, SECOND, THIRD)}
        return {number for number in found if number is not None}


def is_same_band(pair: Pair, rubric: Rubric) -> bool:
    """Whether first and second mark lie in the same band; the first then may stand."""
    first, second = pair.mark(FIRST), pair.mark(SECOND)
    if first is None or second is None:
        return False
    band = rubric.band_of(first)
    return band is not None and band == rubric.band_of(second)


def nearest_to_third(pair: Pair) -> str | None:
    """Which of first and second mark lies nearer to the third; None where neither does."""
    first, second, third = (pair.mark(kind) for kind in (FIRST, SECOND, THIRD))
    if first is None or second is None or third is None:
        return None
    one, other = abs(first - third), abs(second - third)
    if one == other:
        return None
    return FIRST if one < other else SECOND


def hidden_kinds(pair: Pair, rules: Rules, person_id: int) -> frozenset[str]:
    """Which kinds of judgement somebody must not see yet: a blind marker sees no others until
    theirs, and the one they are set against, are in.

    :param person_id: who looks.
    """
    if pair.is_agreed:
        return frozenset()
    hidden: set[str] = set()
    if rules.second_is_blind and not pair.both_in:
        own = {kind for kind in (FIRST, SECOND) if pair.marker(kind) == person_id}
        hidden |= {FIRST, SECOND} - own
        if not own:
            hidden = {FIRST, SECOND}
    if rules.second_is_blind and pair.third_is_awaited and pair.turns.get(THIRD) == person_id:
        hidden |= {FIRST, SECOND}
    return frozenset(hidden)


def list_turns(session: Session, assignment_id: int) -> dict[tuple[int, str], int]:
    """Who is to mark, by participant and kind."""
    rows = session.execute(
        select(Allocation.person_id, Allocation.kind, Allocation.marker_id).where(
            Allocation.assignment_id == assignment_id, Allocation.ended_at.is_(None)
        )
    )
    return {(person_id, kind): marker_id for person_id, kind, marker_id in rows}


def list_pairs(
    session: Session, assignment: AssignmentRead, works: Iterable[HandedIn] | None = None
) -> list[Pair]:
    """Every piece handed in, by candidate code. A fixed number of queries.

    :param works: only these.
    """
    if works is None:
        works = [
            one
            for one in list_handed_in(session, (assignment.context_id,))
            if one.assignment_id == assignment.id
        ]
    held = sorted(works, key=lambda one: (one.candidate_code, one.attempt))
    latest = list_latest(session, {one.submission_id for one in held})
    turns = list_turns(session, assignment.id)
    kinds = (FIRST, SECOND, THIRD, AGREED)
    return [
        Pair(
            work,
            {
                kind: latest[work.submission_id, kind]
                for kind in kinds
                if (work.submission_id, kind) in latest
            },
            {
                kind: turns[work.person_id, kind]
                for kind in kinds
                if (work.person_id, kind) in turns
            },
        )
        for work in held
    ]


def get_pair(session: Session, assignment: AssignmentRead, work: HandedIn) -> Pair:
    """One piece with its markers."""
    return list_pairs(session, assignment, [work])[0]
