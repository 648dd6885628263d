"""A round as the record of moderation shows it: to markers, and to an external examiner."""

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy.orm import Session

from lti_tool.core.errors import Conflict
from lti_tool.coursework.queries import AssignmentRead, list_handed_in
from lti_tool.coursework.rules import Rules
from lti_tool.marking.moderation.distribution import Spread, spread_of
from lti_tool.marking.moderation.population import Population
from lti_tool.marking.moderation.queries import PieceRead, RoundRead, list_pieces
from lti_tool.marking.moderation.sampling import SHORT, DrawingRule, draw, read_rule
from lti_tool.people.queries import names_of


@dataclass(frozen=True, slots=True)
class Line:
    """One piece of the sample in the record."""

    place: int
    """Its number in the list, from 1; the address of its page."""
    piece: PieceRead
    first_mark: Decimal | None
    """As drawn; empty while it is hidden from a blind moderator."""
    is_hidden: bool


@dataclass(frozen=True, slots=True)
class Record:
    """All that a record says."""

    rule: DrawingRule
    lines: tuple[Line, ...]
    spread: Spread
    """Of all the marks drawn from."""
    is_drawn_again: bool
    """Whether seed, rule and marks give this very sample again."""
    left: int
    """How many pieces are not looked at yet."""
    names: dict[int, str]
    """Of moderator, drawer and decider."""


def is_hidden_from(one: RoundRead, piece: PieceRead, person_id: int | None) -> bool:
    """Whether the first mark of a piece is still hidden from somebody: a blind round's moderator
    before they gave their own."""
    return one.is_blind and one.is_open and one.moderator_id == person_id and piece.mark is None


def matches_draw(one: RoundRead, pieces: list[PieceRead]) -> bool:
    """Whether drawing again, from the seed, rule and marks kept, gives this very sample."""
    again = draw(one.marks, read_rule(one.rule), one.seed)
    kept = {piece.submission_id: piece.why for piece in pieces}
    return kept == {
        number: tuple(SHORT[name] for name in reasons) for number, reasons in again.items()
    }


def get_record(session: Session, rules: Rules, one: RoundRead, person_id: int | None) -> Record:
    """The record of a round.

    :param person_id: who reads it; a blind moderator is not shown what they must not see yet.
    """
    pieces = list_pieces(session, one.id)
    lines = []
    for place, piece in enumerate(pieces, start=1):
        hidden = is_hidden_from(one, piece, person_id)
        mark = None if hidden else one.population[piece.submission_id].mark
        lines.append(Line(place, piece, mark, hidden))
    people = {one.moderator_id, one.drawn_by_id, one.decided_by_id} - {None}
    return Record(
        rule=read_rule(one.rule),
        lines=tuple(lines),
        spread=spread_of(one.marks.values(), rules.pass_mark),
        is_drawn_again=matches_draw(one, pieces),
        left=sum(1 for piece in pieces if piece.view is None),
        names=names_of(session, {number for number in people if number is not None}),
    )


def count_changed(one: RoundRead, population: Population) -> int:
    """How many marks of an open round were changed since its draw, so that it does not cover
    them."""
    if not one.is_open:
        return 0
    return sum(
        1
        for number, drawn in one.population.items()
        if number not in population.drawn_from
        or population.drawn_from[number].judgement_id != drawn.judgement_id
    )


def require_looked_at(session: Session, one: RoundRead) -> None:
    """Refuse what is not to be seen before the moderator is done.

    :raises Conflict: a piece is not looked at yet, or the round is decided.
    """
    if not one.is_open:
        raise Conflict("This moderation is decided. Nothing more can be changed in it.")
    if any(piece.view is None for piece in list_pieces(session, one.id)):
        raise Conflict("Look at the whole sample first. Then marks can be scaled.")


def codes_of(session: Session, assignment: AssignmentRead) -> dict[int, str]:
    """Candidate codes by submission."""
    works = list_handed_in(session, (assignment.context_id,))
    return {
        work.submission_id: work.candidate_code
        for work in works
        if work.assignment_id == assignment.id
    }
