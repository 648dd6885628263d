"""What moderation and double marking say about letting a mark go.

Releasing asks for the sentences, the queue for the facts. A decided round covers a mark only as
it stood when the sample was drawn: a mark that was changed or given since is not moderated.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from lti_tool.coursework.attempts import list_overtaken
from lti_tool.coursework.queries import AssignmentRead
from lti_tool.coursework.rules import Rules, get_rules
from lti_tool.db.statements import AnyRow
from lti_tool.marking.deciding import deciding_kind, list_latest
from lti_tool.marking.moderation.queries import (
    CONFIRMED,
    REMARK,
    SCALED,
    RoundRead,
    list_rounds,
)
from lti_tool.marking.queries import AGREED, FIRST, SECOND

_OPEN = "These marks are in moderation. Decide the moderation first, then release."
_NOT_AGREED = "Two markers have marked this work. Agree a mark first, then release."
_NOT_SECONDED = "This work needs a second marker and an agreed mark before it can be released."
_NOT_MODERATED = (
    "These marks must be moderated before release, and this one has not been. Draw a sample under "
    "Moderation first."
)


@dataclass(frozen=True, slots=True)
class ModerationFacts:
    """Where one piece of work stands in moderation."""

    in_open_round: bool
    """Whether its mark is among those that an open round was drawn from."""
    awaits_moderation: bool
    """Whether a moderation, or a re-marking that one asked for, still has to be finished."""
    needs_remark: bool
    """Whether a moderation asked for its mark to be given again and nobody has: back in marking."""


@dataclass(frozen=True, slots=True)
class Place:
    """The rounds of an assignment, and the judgement that counts now for each submission."""

    rounds: list[RoundRead]
    latest: dict[tuple[int, str], AnyRow]
    kind: str
    overtaken: frozenset[int] = frozenset()
    """Of those whose marks were to be given again: attempts that a later one has taken the place
    of, so that nobody can mark them any more."""

    def judgement_id(self, submission_id: int) -> int | None:
        """The judgement that counts, if it has its mark."""
        found = self.latest.get((submission_id, self.kind))
        return None if found is None or found.overall is None else int(found.id)

    def is_old(self, one: RoundRead, submission_id: int) -> bool:
        """Whether the mark is still the one the round was drawn from."""
        drawn = one.population.get(submission_id)
        return drawn is not None and drawn.judgement_id == self.judgement_id(submission_id)

    def in_open_round(self, submission_id: int) -> bool:
        """Whether an open round was drawn from this submission's mark."""
        return any(one.is_open and submission_id in one.population for one in self.rounds)

    def is_covered(self, submission_id: int) -> bool:
        """Whether its mark went through a round that was confirmed or scaled."""
        return any(
            one.decision in (CONFIRMED, SCALED) and self.is_old(one, submission_id)
            for one in self.rounds
        )

    def remarking(self, submission_id: int) -> list[int] | None:
        """The submissions whose marks still have to be given again with this one's, or None
        where no re-marking was asked for."""
        asked = [
            one for one in self.rounds if one.decision == REMARK and submission_id in one.population
        ]
        if not asked:
            return None
        return [
            number
            for number in asked[-1].population
            if number not in self.overtaken and self.is_old(asked[-1], number)
        ]


def get_place(
    session: Session, assignment: AssignmentRead, rules: Rules, submission_ids: set[int]
) -> Place:
    """The rounds and the judgements that decide about these submissions. Two queries, and one
    more where marks were to be given again."""
    rounds = list_rounds(session, assignment.id)
    asked = {key for one in rounds if one.decision == REMARK for key in one.population}
    return Place(
        rounds,
        list_latest(session, set(submission_ids) | asked),
        deciding_kind(rules),
        frozenset(list_overtaken(session, asked)) if asked else frozenset(),
    )


def _rules_of(session: Session, assignment: AssignmentRead) -> Rules | None:
    """Rules as kept with the work; work set before rules had versions asks for no moderation."""
    if assignment.rules_version == 0:
        return None
    return get_rules(session, Path(), assignment.rules_key, assignment.rules_version)


def list_facts(
    session: Session,
    assignment: AssignmentRead,
    submission_ids: Iterable[int],
    rules: Rules | None = None,
) -> dict[int, ModerationFacts]:
    """Where each of these submissions stands in moderation. Three queries, however many, and one
    more where marks were to be given again.

    :param rules: the assignment's rules, where the caller has them already (saves a query).
    """
    wanted = set(submission_ids)
    rules = rules or _rules_of(session, assignment)
    if rules is None:
        return {number: ModerationFacts(False, False, False) for number in wanted}
    place = get_place(session, assignment, rules, wanted)
    found = {}
    for number in wanted:
        still = place.remarking(number)
        needs = still is not None and number in still
        asked = rules.moderation.required and not place.is_covered(number)
        found[number] = ModerationFacts(place.in_open_round(number), asked or bool(still), needs)
    return found


def _double_sentence(place: Place, submission_id: int) -> str | None:
    agreed = place.latest.get((submission_id, AGREED))
    if agreed is not None and agreed.overall is not None:
        return None
    both = [place.latest.get((submission_id, kind)) for kind in (FIRST, SECOND)]
    given = all(one is not None and one.overall is not None for one in both)
    return _NOT_AGREED if given else _NOT_SECONDED


def _sentence(place: Place, rules: Rules, submission_id: int) -> str | None:
    if rules.is_double_marked:
        said = _double_sentence(place, submission_id)
        if said is not None:
            return said
    if place.in_open_round(submission_id):
        return _OPEN
    still = place.remarking(submission_id)
    if still:
        return (
            "The moderation asked for all these marks to be given again, and "
            f"{len(still)} still {'has' if len(still) == 1 else 'have'} to be. Save every one "
            "anew, even where it stays the same, then release."
        )
    if rules.moderation.required and not place.is_covered(submission_id):
        return _NOT_MODERATED
    return None


def list_blocked(
    session: Session,
    assignment: AssignmentRead,
    rules: Rules,
    submission_ids: Iterable[int],
) -> dict[int, str]:
    """Why marks may not be released yet for moderation or double marking: a sentence by
    submission; those that may go are left out. Two queries, however many."""
    wanted = set(submission_ids)
    place = get_place(session, assignment, rules, wanted)
    said = {number: _sentence(place, rules, number) for number in wanted}
    return {number: sentence for number, sentence in said.items() if sentence is not None}
