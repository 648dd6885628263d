"""The queue: every piece of work handed in that a tutor may see, with all that a line shows.

A fixed number of queries for any number of pieces. Which of them a page shows is
`filters.py`'s; who may see which is `reach.py`'s.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from lti_tool.coursework.calendar import load_calendar
from lti_tool.coursework.progress import count_begun, count_in_hand
from lti_tool.coursework.queries import (
    AssignmentRead,
    HandedIn,
    list_assignments,
    list_handed_in,
)
from lti_tool.coursework.rules import Rules
from lti_tool.gradebook.queries import Standing
from lti_tool.marking.deciding import deciding_kind
from lti_tool.marking.desk.gathering import Gathered, gather, rules_of
from lti_tool.marking.desk.reach import is_limited
from lti_tool.marking.desk.timing import feedback_day
from lti_tool.marking.marks import mark_in_words
from lti_tool.marking.queries import AGREED, FIRST, SECOND, THIRD, hides_names, name_to_show
from lti_tool.marking.workflow import RELEASED, Facts, state_of
from lti_tool.people.access import contexts_of
from lti_tool.people.queries import count_participants
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
    """The mark as released, else as judged so far, in words; empty where none is, or this tutor
    may not see it."""
    is_changed_since_release: bool
    """Whether what counts now is another mark than the one that is out."""
    is_held: bool
    standing: Standing | None
    markers: frozenset[tuple[str, int]]
    """Kind and marker of each open turn."""
    has_mark: frozenset[str]
    """The kinds of judgement that have their mark, and need not be given again."""
    needs_remark: bool
    """Whether a moderation asked for its mark to be given again and nobody has."""
    feedback_on: date

    def is_mine(self, marker_id: int) -> bool:
        """Whether it was given to this marker."""
        return any(one == marker_id for _, one in self.markers)

    def waits_for(self, marker_id: int | None) -> bool:
        """Whether it still is to be marked: by this marker, or by anybody where none is named."""
        if self.state == RELEASED and not self.needs_remark:
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


def _latest_attempts(works: Iterable[HandedIn]) -> list[HandedIn]:
    """One piece for each participant and assignment: the latest attempt that was handed in."""
    newest: dict[tuple[int, int], HandedIn] = {}
    for work in works:
        key = (work.assignment_id, work.person_id)
        if key not in newest or newest[key].attempt < work.attempt:
            newest[key] = work
    return sorted(newest.values(), key=lambda work: (work.handed_in_at, work.submission_id))


def _state(work: HandedIn, rules: Rules, known: Gathered, has_mark: frozenset[str]) -> str:
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


def _mark_shown(work: HandedIn, rules: Rules, known: Gathered) -> str:
    """The mark that is out, else the one that counts so far; a first mark is kept from whoever is
    to mark without it."""
    if work.submission_id in known.hidden:
        return ""
    out = known.out.get(work.submission_id)
    if out is not None:
        return mark_in_words(rules, out.final)
    decided = known.latest.get((work.submission_id, deciding_kind(rules)))
    if decided is not None and decided.overall is not None:
        return mark_in_words(rules, decided.overall)
    first = known.latest.get((work.submission_id, FIRST))
    if first is None or first.overall is None:
        return ""
    return mark_in_words(rules, first.overall)


def _piece(work: HandedIn, assignment: AssignmentRead, rules: Rules, known: Gathered) -> Piece:
    found = {kind: known.latest.get((work.submission_id, kind)) for kind in _KINDS}
    has_mark = frozenset(
        kind for kind, one in found.items() if one is not None and one.overall is not None
    )
    counting = deciding_kind(rules)
    is_agreed = work.submission_id in known.out or AGREED in has_mark
    needs_remark = known.moderation[work.submission_id].needs_remark
    if needs_remark:
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
        is_changed_since_release=known.is_out_of_date(work, rules),
        is_held=work.submission_id in known.held,
        standing=known.standings.get((assignment.id, work.person_id)),
        markers=frozenset((turn.kind, turn.marker_id) for turn in turns),
        has_mark=has_mark,
        needs_remark=needs_remark,
        feedback_on=feedback_day(
            work.due_at, work.handed_in_at, rules.feedback_days, known.calendar
        ),
    )


def _shelf_pieces(
    visit: CurrentVisit,
    assignment: AssignmentRead,
    rules: Rules,
    works: Iterable[HandedIn],
    known: Gathered,
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
    known = gather(session, visit, assignments, works, rules, load_calendar(config_dir))
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
