"""The queue: every piece of work handed in that a tutor may see, with all that a line shows.

A fixed number of queries for any number of pieces. Which of them a page shows is
`filters.py`'s; who may see which is `reach.py`'s.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from lti_tool.coursework.calendar import Calendar, load_calendar
from lti_tool.coursework.progress import count_begun, count_in_hand
from lti_tool.coursework.queries import (
    AssignmentRead,
    HandedIn,
    list_assignments,
    list_handed_in,
)
from lti_tool.coursework.rules import Rules, get_rules
from lti_tool.db.statements import AnyRow
from lti_tool.gradebook.queries import Standing, list_standings
from lti_tool.marking.deciding import deciding_kind, list_latest
from lti_tool.marking.desk.reach import is_limited
from lti_tool.marking.desk.released import Out, list_out
from lti_tool.marking.desk.timing import feedback_day
from lti_tool.marking.desk.turns import Turn, list_turns
from lti_tool.marking.holds import HoldRead, list_held
from lti_tool.marking.marks import mark_in_words
from lti_tool.marking.moderation.blindness import list_hidden_first
from lti_tool.marking.moderation.gate import ModerationFacts, list_facts
from lti_tool.marking.queries import AGREED, FIRST, SECOND, THIRD, hides_names, name_to_show
from lti_tool.marking.workflow import RELEASED, Facts, state_of
from lti_tool.people.access import contexts_of
from lti_tool.people.queries import count_participants, names_of
from lti_tool.people.visits import CurrentVisit

_KINDS = (FIRST, SECOND, THIRD, AGREED)


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of work in the queue."""

    work: HandedIn
    name: str
    """Whose it is, or the candidate code while it is marked anonymously."""
    hides_name: bool
    state: str
    mark: str
    """The mark as judged so far, in words; empty where none is, or this tutor may not see it."""
    is_changed_since_release: bool
    is_held: bool
    standing: Standing | None
    markers: frozenset[tuple[str, int]]
    """Kind and marker of each open turn."""
    has_mark: frozenset[str]
    """The kinds of judgement that have their mark, and need not be given again."""
    feedback_on: date

    def is_mine(self, marker_id: int) -> bool:
        """Whether it was given to this marker."""
        return any(one == marker_id for _, one in self.markers)

    def waits_for(self, marker_id: int | None) -> bool:
        """Whether it still is to be marked: by this marker, or by anybody where none is named."""
        if self.state == RELEASED:
            return False
        kinds = {kind for kind, one in self.markers if one == marker_id}
        if marker_id is None or not kinds:
            return FIRST not in self.has_mark
        return bool(kinds - self.has_mark)


@dataclass(frozen=True, slots=True)
class Shelf:
    """One assignment's share of the queue."""

    assignment: AssignmentRead
    rules: Rules
    pieces: tuple[Piece, ...]
    has_turns: bool
    """Whether participants are allocated to markers here."""
    in_hand: int
    not_begun: int
    """How many of those who take part now have not begun."""
    handed_in: int = 0
    """How many pieces there are that this tutor may see, whatever a page shows of them."""

    def with_pieces(self, pieces: Sequence[Piece]) -> "Shelf":
        """The same assignment with some of its pieces."""
        return replace(self, pieces=tuple(pieces))


@dataclass(frozen=True, slots=True)
class _Gathered:
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


def _by_person(turns: Iterable[Turn]) -> dict[int, dict[int, list[Turn]]]:
    found: dict[int, dict[int, list[Turn]]] = {}
    for turn in turns:
        found.setdefault(turn.assignment_id, {}).setdefault(turn.person_id, []).append(turn)
    return found


def _latest_attempts(works: Iterable[HandedIn]) -> list[HandedIn]:
    """One piece for each participant and assignment: the latest attempt that was handed in."""
    newest: dict[tuple[int, int], HandedIn] = {}
    for work in works:
        key = (work.assignment_id, work.person_id)
        if key not in newest or newest[key].attempt < work.attempt:
            newest[key] = work
    return sorted(newest.values(), key=lambda work: (work.handed_in_at, work.submission_id))


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


def _gather(
    session: Session,
    visit: CurrentVisit,
    assignments: list[AssignmentRead],
    works: list[HandedIn],
    rules: dict[int, Rules],
    calendar: Calendar,
) -> _Gathered:
    ids = {work.submission_id for work in works}
    numbers = {one.id for one in assignments}
    facts, hidden = _list_second_looks(session, visit, assignments, works, rules)
    return _Gathered(
        latest=list_latest(session, ids),
        out=list_out(session, ids),
        held=list_held(session, ids),
        moderation=facts,
        hidden=hidden,
        names=names_of(session, {work.person_id for work in works}),
        standings=list_standings(session, contexts_of(visit), numbers),
        turns=_by_person(list_turns(session, numbers)),
        calendar=calendar,
    )


def _state(work: HandedIn, rules: Rules, known: _Gathered, has_mark: frozenset[str]) -> str:
    moderation = known.moderation[work.submission_id]
    wanted = {FIRST, SECOND} if rules.is_double_marked else {FIRST}
    return state_of(
        Facts(
            is_begun=any((work.submission_id, kind) in known.latest for kind in (FIRST, SECOND)),
            is_decided=deciding_kind(rules) in has_mark,
            is_double_marked=rules.is_double_marked,
            all_marks_in=wanted <= has_mark or AGREED in has_mark,
            in_open_round=moderation.in_open_round,
            awaits_moderation=moderation.awaits_moderation,
            is_released=work.submission_id in known.out,
        )
    )


def _mark_shown(work: HandedIn, rules: Rules, known: _Gathered) -> str:
    """The mark that counts so far; a first mark is kept from whoever is to mark without it."""
    if work.submission_id in known.hidden:
        return ""
    decided = known.latest.get((work.submission_id, deciding_kind(rules)))
    if decided is not None and decided.overall is not None:
        return mark_in_words(rules, decided.overall)
    first = known.latest.get((work.submission_id, FIRST))
    if first is None or first.overall is None:
        return ""
    return mark_in_words(rules, first.overall)


def _piece(work: HandedIn, assignment: AssignmentRead, rules: Rules, known: _Gathered) -> Piece:
    found = {kind: known.latest.get((work.submission_id, kind)) for kind in _KINDS}
    has_mark = frozenset(
        kind for kind, one in found.items() if one is not None and one.overall is not None
    )
    counting = deciding_kind(rules)
    out, decided = known.out.get(work.submission_id), found[counting]
    is_agreed = out is not None or AGREED in has_mark
    if known.moderation[work.submission_id].needs_remark:
        has_mark -= {counting}
    turns = known.turns.get(assignment.id, {}).get(work.person_id, ())
    return Piece(
        work=work,
        name=name_to_show(
            assignment,
            known.names.get(work.person_id),
            work.candidate_code,
            rules=rules,
            is_agreed=is_agreed,
        ),
        hides_name=hides_names(assignment, rules) and not is_agreed,
        state=_state(work, rules, known, has_mark),
        mark=_mark_shown(work, rules, known),
        is_changed_since_release=bool(out and decided and decided.id != out.judgement_id),
        is_held=work.submission_id in known.held,
        standing=known.standings.get((assignment.id, work.person_id)),
        markers=frozenset((turn.kind, turn.marker_id) for turn in turns),
        has_mark=has_mark,
        feedback_on=feedback_day(
            work.due_at, work.handed_in_at, rules.feedback_days, known.calendar
        ),
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


def _shelf_pieces(
    visit: CurrentVisit,
    assignment: AssignmentRead,
    rules: Rules,
    works: Iterable[HandedIn],
    known: _Gathered,
) -> tuple[Piece, ...]:
    """An assignment's pieces as this tutor may see them. Codes decide the order where names are
    hidden: the order of handing in would say something of whose it is."""
    turns = known.turns.get(assignment.id, {})
    limited = is_limited(visit, bool(turns))
    pieces = [
        _piece(work, assignment, rules, known)
        for work in works
        if not limited
        or any(turn.marker_id == visit.person_id for turn in turns.get(work.person_id, ()))
    ]
    if hides_names(assignment, rules):
        pieces.sort(key=lambda piece: piece.work.candidate_code)
    return tuple(pieces)


def list_shelves(session: Session, visit: CurrentVisit, config_dir: Path) -> list[Shelf]:
    """The queue of this visit's course: every assignment with the work handed in.

    A fixed number of queries, however much work there is.
    """
    contexts = contexts_of(visit)
    assignments = list_assignments(session, contexts, in_use=True, first=visit.assignment_id)
    works = _latest_attempts(list_handed_in(session, contexts))
    rules = rules_of(session, assignments, config_dir)
    known = _gather(session, visit, assignments, works, rules, load_calendar(config_dir))
    in_hand = count_in_hand(session, contexts)
    begun, all_here = count_begun(session, contexts), count_participants(session, contexts)
    shelves = []
    for one in assignments:
        theirs = (work for work in works if work.assignment_id == one.id)
        pieces = _shelf_pieces(visit, one, rules[one.id], theirs, known)
        here = all_here.get(one.context_id, 0) if one.closed_at is None else 0
        shelves.append(
            Shelf(
                assignment=one,
                rules=rules[one.id],
                pieces=pieces,
                handed_in=len(pieces),
                has_turns=bool(known.turns.get(one.id)),
                in_hand=in_hand.get(one.id, 0),
                not_begun=max(here - begun.get(one.id, 0), 0),
            )
        )
    return shelves
