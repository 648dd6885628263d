"""Reads for an external examiner: what they are shown of one assignment, without any name."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.core.errors import NotFound
from lti_tool.coursework.models import Assignment
from lti_tool.coursework.queries import (
    AssignmentRead,
    HandedIn,
    get_assignment,
    get_copy,
    list_handed_in,
)
from lti_tool.coursework.rules import Rules, get_rules
from lti_tool.db.statements import AnyRow
from lti_tool.lti.models import Context
from lti_tool.marking.deciding import deciding_kind, list_latest
from lti_tool.marking.models import ExaminerComment
from lti_tool.marking.moderation.distribution import Spread, spread_of
from lti_tool.marking.moderation.queries import ABANDONED, PieceRead, RoundRead, list_rounds
from lti_tool.marking.moderation.record import Record, get_record
from lti_tool.marking.moderation.sampling import SHORT, draw, rule_of
from lti_tool.marking.moderation.scaling import find_scaling, scaled
from lti_tool.marking.queries import AGREED, FIRST, SECOND, THIRD, find_judgement, rubric_of
from lti_tool.marking.rubrics import Rubric
from lti_tool.people.models import Guest


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of the sample as an examiner sees it."""

    code: str
    work: HandedIn
    why: tuple[str, ...]
    mark: Decimal | None
    """The mark that counts, before any scaling."""
    after: Decimal | None
    """The same after the scaling in force; empty where there is none."""
    moderated: tuple[PieceRead, ...]
    """What moderators made of it."""


@dataclass(frozen=True, slots=True)
class Pack:
    """All that an examiner is shown of an assignment."""

    assignment: AssignmentRead
    course: str
    rules: Rules
    rubric: Rubric
    pieces: tuple[Piece, ...]
    spread: Spread
    """Of every mark that counts, after any scaling."""
    scaling: dict[str, Any] | None
    rounds: tuple[tuple[RoundRead, Record], ...]
    is_own_draw: bool
    """Whether the sample was drawn for the examiner because no moderation drew one."""

    def get_piece(self, at: int) -> Piece:
        """A piece by its place in the sample, from 1.

        :raises NotFound: there is none.
        """
        if not 0 < at <= len(self.pieces):
            raise NotFound("There is no such piece in this sample.")
        return self.pieces[at - 1]


def _seed(assignment: AssignmentRead) -> str:
    """The seed of a sample that no moderation drew: the same whenever it is looked at."""
    return f"examiner:{assignment.resource_id}"


def _sample(
    assignment: AssignmentRead,
    rules: Rules,
    rubric: Rubric,
    rounds: Sequence[tuple[RoundRead, Record]],
    marks: dict[int, Decimal],
) -> dict[int, tuple[tuple[str, ...], tuple[PieceRead, ...]]]:
    """Why each piece is in the sample, and what moderators made of it."""
    found: dict[int, tuple[tuple[str, ...], tuple[PieceRead, ...]]] = {}
    for _, record in rounds:
        for line in record.lines:
            why, seen = found.get(line.piece.submission_id, ((), ()))
            both = tuple(dict.fromkeys((*why, *line.piece.why)))
            found[line.piece.submission_id] = (both, (*seen, line.piece))
    if found:
        return found
    drawn = draw(marks, rule_of(rules, rubric), _seed(assignment))
    return {number: (tuple(SHORT[one] for one in why), ()) for number, why in drawn.items()}


def _code(work: HandedIn) -> str:
    again = f" (attempt {work.attempt})" if work.attempt > 1 else ""
    return work.candidate_code + again


def _place(session: Session, assignment_id: int) -> tuple[AssignmentRead, str]:
    """The assignment with the title of its course."""
    place = session.execute(
        select(Assignment.context_id, Context.title)
        .join(Context, Context.id == Assignment.context_id)
        .where(Assignment.id == assignment_id)
    ).first()
    if place is None:
        raise NotFound("The activity that this link was for is not kept here any more.")
    return get_assignment(session, assignment_id, (place.context_id,)), place.title or ""


def _marks(session: Session, rules: Rules, numbers: Iterable[int]) -> dict[int, Decimal]:
    """The marks that count, by submission."""
    wanted = set(numbers)
    latest, kind = list_latest(session, wanted), deciding_kind(rules)
    found = {number: latest.get((number, kind)) for number in wanted}
    return {
        n: row.overall for n, row in found.items() if row is not None and row.overall is not None
    }


def _latest_marked(works: Iterable[HandedIn], marks: Mapping[int, Decimal]) -> list[int]:
    """Each person's latest attempt that has its mark: an attempt that is handed in anew counts
    in its place once it is marked."""
    latest = {
        one.person_id: one.submission_id
        for one in sorted(works, key=lambda one: one.attempt)
        if one.submission_id in marks
    }
    return list(latest.values())


def get_pack(session: Session, config_dir: Path, assignment_id: int) -> Pack:
    """All that an examiner is shown.

    :raises NotFound: there is no such assignment any more.
    """
    assignment, course = _place(session, assignment_id)
    rules = get_rules(session, config_dir, assignment.rules_key, assignment.rules_version)
    rubric = rubric_of(session, assignment)
    works = {
        one.submission_id: one
        for one in list_handed_in(session, (assignment.context_id,), every_attempt=True)
        if one.assignment_id == assignment.id
    }
    marks = _marks(session, rules, works)
    rounds = tuple(
        (one, get_record(session, rules, one, None))
        for one in list_rounds(session, assignment.id)
        if one.decision != ABANDONED and not one.is_open
    )
    scaling = find_scaling(session, assignment.id)
    after = {n: scaled(mark, scaling, rules) for n, mark in marks.items()} if scaling else {}
    standing = _latest_marked(works.values(), marks)
    sample = _sample(
        assignment, rules, rubric, rounds, {number: marks[number] for number in standing}
    )
    pieces = [
        Piece(_code(works[n]), works[n], why, marks.get(n), after.get(n), seen)
        for n, (why, seen) in sample.items()
        if n in works
    ]
    return Pack(
        assignment=assignment,
        course=course,
        rules=rules,
        rubric=rubric,
        pieces=tuple(sorted(pieces, key=lambda one: one.code)),
        spread=spread_of([(after or marks)[number] for number in standing], rules.pass_mark),
        scaling=scaling,
        rounds=rounds,
        is_own_draw=not any(record.lines for _, record in rounds),
    )


def list_judgements(session: Session, piece: Piece) -> dict[str, dict[str, Any]]:
    """What each marker gave for a piece, and the agreed mark, by kind."""
    found = {}
    for kind in (FIRST, SECOND, THIRD, AGREED):
        row = find_judgement(session, piece.work.submission_id, kind)
        if row is not None:
            found[kind] = dict(row._mapping)
    return found


def get_document(session: Session, piece: Piece) -> dict[str, Any]:
    """The work as handed in."""
    return dict(get_copy(session, piece.work.copy_id).document)


@dataclass(frozen=True, slots=True)
class Comment:
    """What an examiner said, and the reply."""

    id: int
    text: str
    created_at: datetime
    reply: str
    replied_at: datetime | None
    name: str


def _comments(rows: Sequence[AnyRow]) -> list[Comment]:
    return [Comment(*row) for row in rows]


def list_comments(
    session: Session, assignment_id: int, guest_id: int | None = None
) -> list[Comment]:
    """Examiners' comments on an assignment, the oldest first.

    :param guest_id: only those of this guest.
    """
    query = (
        select(
            ExaminerComment.id,
            ExaminerComment.text,
            ExaminerComment.created_at,
            ExaminerComment.reply,
            ExaminerComment.replied_at,
            Guest.name,
        )
        .join(Guest, Guest.id == ExaminerComment.guest_id)
        .where(ExaminerComment.assignment_id == assignment_id)
        .order_by(ExaminerComment.id)
    )
    if guest_id is not None:
        query = query.where(ExaminerComment.guest_id == guest_id)
    return _comments(session.execute(query).all())
