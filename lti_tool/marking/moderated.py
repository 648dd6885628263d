"""Whether the marks that are out were moderated or double-marked, assignment by assignment.

Done is an assignment of which every mark that is out went through a decided round (whose sample
can be drawn again from the seed, rule and marks kept with it) and, where its rules ask for two
markers, is an agreed one. Where the rules require neither and no sample was drawn, it stands apart.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from lti_tool.coursework.rules import Rules
from lti_tool.marking.measured import Standing, YearsWork
from lti_tool.marking.moderation.queries import (
    ABANDONED,
    CONFIRMED,
    SCALED,
    PieceRead,
    RoundRead,
    list_pieces_of,
    list_rounds_of,
)
from lti_tool.marking.moderation.record import matches_draw
from lti_tool.marking.queries import AGREED


@dataclass(frozen=True, slots=True)
class Moderated:
    """One assignment with marks that are out."""

    assignment_id: int
    is_asked_for: bool
    """Whether its rules require moderation or two markers, or a sample was drawn all the same."""
    is_done: bool
    words: str


def _went_through(
    rounds: Sequence[RoundRead], samples: dict[int, list[PieceRead]]
) -> set[tuple[int, int]]:
    """Submission and judgement of every mark that went through a round which was carried out."""
    return {
        (submission_id, drawn.judgement_id)
        for one in rounds
        if one.decision in (CONFIRMED, SCALED)
        and all(piece.view is not None for piece in samples.get(one.id, ()))
        for submission_id, drawn in one.population.items()
    }


def _say_double(count: int, of: int) -> str:
    return f"marked by two, with an agreed mark: {count} of {of} marks that are out"


def _say_rounds(rounds: Sequence[RoundRead], count: int, of: int, is_redrawn: bool) -> str:
    if not rounds:
        return "moderation is required, and no sample was drawn"
    if any(one.is_open for one in rounds):
        return "a sample is drawn, and the moderation is not decided yet"
    if all(one.decision == ABANDONED for one in rounds):
        return "a sample was drawn, and the moderation was abandoned"
    said = f"moderated: {count} of {of} marks that are out"
    return said if is_redrawn else f"{said}; its sample does not come out again from its seed"


def look_at(
    assignment_id: int,
    rules: Rules,
    outs: dict[int, Standing],
    rounds: Sequence[RoundRead],
    samples: dict[int, list[PieceRead]],
) -> Moderated:
    """Where one assignment stands. Pure.

    :param outs: the marks that are out, by submission; at least one.
    :param samples: the pieces of each round.
    """
    if not (rounds or rules.is_double_marked or rules.moderation.required):
        said = "its rules require no moderation, and no sample was drawn"
        return Moderated(assignment_id, False, False, said)
    said_of, done = [], True
    if rules.is_double_marked:
        agreed = sum(one.kind == AGREED for one in outs.values())
        said_of.append(_say_double(agreed, len(outs)))
        done = agreed == len(outs)
    if rounds or rules.moderation.required:
        through = _went_through(rounds, samples)
        covered = sum((number, out.judgement_id) in through for number, out in outs.items())
        is_redrawn = all(matches_draw(one, samples.get(one.id, [])) for one in rounds)
        said_of.append(_say_rounds(rounds, covered, len(outs), is_redrawn))
        is_open = any(one.is_open for one in rounds)
        done = done and covered == len(outs) and is_redrawn and not is_open
    return Moderated(assignment_id, True, done, "; ".join(said_of))


def read_moderated(session: Session, year: YearsWork) -> list[Moderated]:
    """Every assignment of the year with marks that are out, in the order of the assignments.
    Two queries."""
    outs: dict[int, dict[int, Standing]] = {}
    for work in year.works:
        out = year.standings.get(work.submission_id)
        if out is not None:
            outs.setdefault(work.assignment_id, {})[work.submission_id] = out
    rounds = list_rounds_of(session, outs)
    samples = list_pieces_of(session, _ids(rounds.values()))
    return [
        look_at(number, year.rules[number], outs[number], rounds.get(number, []), samples)
        for number in year.assignments
        if number in outs
    ]


def _ids(rounds: Iterable[Sequence[RoundRead]]) -> set[int]:
    return {one.id for listed in rounds for one in listed}
