"""What the queue is made of, read in a fixed number of queries for any number of pieces."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from lti_tool.coursework.calendar import Calendar
from lti_tool.coursework.queries import AssignmentRead, HandedIn
from lti_tool.coursework.rules import Rules, get_rules
from lti_tool.db.statements import AnyRow
from lti_tool.gradebook.queries import Standing, list_standings
from lti_tool.marking.deciding import deciding_kind, list_latest
from lti_tool.marking.desk.turns import Turn, list_turns
from lti_tool.marking.holds import HoldRead, list_held
from lti_tool.marking.moderation.blindness import list_hidden_first
from lti_tool.marking.moderation.gate import ModerationFacts, list_facts
from lti_tool.marking.moderation.scaling import find_scaling
from lti_tool.marking.out import Out, list_out
from lti_tool.marking.out_of_date import is_out_of_date
from lti_tool.marking.reckoning import Reckoned
from lti_tool.marking.terms import reckon_work
from lti_tool.people.access import contexts_of
from lti_tool.people.queries import names_of
from lti_tool.people.visits import CurrentVisit


@dataclass(frozen=True, slots=True)
class Gathered:
    """All that was read, by submission or assignment."""

    latest: dict[tuple[int, str], AnyRow]
    out: dict[int, Out]
    held: dict[int, HoldRead]
    moderation: dict[int, ModerationFacts]
    hidden: set[int]
    """Whose first marks this tutor must not meet yet."""
    names: dict[int, str]
    standings: dict[tuple[int, int], Standing]
    turns: dict[int, dict[int, list[Turn]]]
    """By assignment and participant."""
    calendar: Calendar
    scalings: dict[int, dict[str, Any] | None]
    """The scaling in force, by assignment that has marks out."""

    def is_out_of_date(self, work: HandedIn, rules: Rules) -> bool:
        """Whether the mark that is out is not what counts now."""
        decided = self.latest.get((work.submission_id, deciding_kind(rules)))
        scaling = self.scalings.get(work.assignment_id)

        def reckon(raw: Decimal) -> Reckoned:
            return reckon_work(work, raw, rules, self.calendar, scaling)

        return is_out_of_date(self.out.get(work.submission_id), decided, reckon)


def _by_person(turns: Iterable[Turn]) -> dict[int, dict[int, list[Turn]]]:
    found: dict[int, dict[int, list[Turn]]] = {}
    for turn in turns:
        found.setdefault(turn.assignment_id, {}).setdefault(turn.person_id, []).append(turn)
    return found


def _list_second_looks(
    session: Session,
    visit: CurrentVisit,
    assignments: Iterable[AssignmentRead],
    works: Sequence[HandedIn],
    rules: dict[int, Rules],
) -> tuple[dict[int, ModerationFacts], set[int]]:
    """Where each piece stands in moderation, and whose first marks this tutor must not meet."""
    facts: dict[int, ModerationFacts] = {}
    hidden: set[int] = set()
    for one in assignments:
        theirs = [work for work in works if work.assignment_id == one.id]
        if theirs:
            ids = [work.submission_id for work in theirs]
            facts.update(list_facts(session, one, ids, rules[one.id]))
            hidden |= list_hidden_first(session, one, rules[one.id], theirs, visit.person_id)
    return facts, hidden


def gather(
    session: Session,
    visit: CurrentVisit,
    assignments: list[AssignmentRead],
    works: list[HandedIn],
    rules: dict[int, Rules],
    calendar: Calendar,
) -> Gathered:
    """Read it for these pieces, as this visit may see them."""
    ids = {work.submission_id for work in works}
    numbers = {one.id for one in assignments}
    facts, hidden = _list_second_looks(session, visit, assignments, works, rules)
    out = list_out(session, ids)
    with_out = {work.assignment_id for work in works if work.submission_id in out}
    return Gathered(
        latest=list_latest(session, ids),
        out=out,
        held=list_held(session, ids),
        moderation=facts,
        hidden=hidden,
        names=names_of(session, {work.person_id for work in works}),
        standings=list_standings(session, contexts_of(visit), numbers),
        turns=_by_person(list_turns(session, numbers)),
        calendar=calendar,
        scalings={number: find_scaling(session, number) for number in with_out},
    )


def rules_of(
    session: Session, assignments: Iterable[AssignmentRead], config_dir: Path
) -> dict[int, Rules]:
    """Rules by assignment; a set in the same version is read once."""
    read: dict[tuple[str, int], Rules] = {}
    found = {}
    for one in assignments:
        key = (one.rules_key, one.rules_version)
        if key not in read:
            read[key] = get_rules(session, config_dir, *key)
        found[one.id] = read[key]
    return found
