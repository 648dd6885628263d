"""Reads for the page Gradebook: every participant of a column, what was sent, what is shown.

A fixed number of queries however many people there are. Names come from `people` alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.core.errors import NotFound
from lti_tool.core.numerals import plain
from lti_tool.db.statements import AnyRow
from lti_tool.gradebook import findings
from lti_tool.gradebook.counting import NONE, Counts, count_columns
from lti_tool.gradebook.models import Comparison, Delivery, LineItem, ShownResult
from lti_tool.gradebook.outages import DUE_NOW, REASON_NOW, WITH_REGISTRATION
from lti_tool.gradebook.queries import Standing, standing_of
from lti_tool.gradebook.states import (
    COURSE_RESET,
    NEEDS_PERSON,
    WAITING,
)
from lti_tool.lti.models import Registration
from lti_tool.people.queries import list_participants, names_of

PAGE = 100
_MOST_PARTICIPANTS = 2000


@dataclass(frozen=True, slots=True)
class ColumnRead:
    """A gradebook column as its tutors see it."""

    id: int
    assignment_id: int
    title: str
    maximum: Decimal
    site: str
    """What to call the platform: Moodle only where the registration says that it is one."""
    is_moodle: bool
    is_known: bool
    """Whether its address is known already."""
    is_gone: bool
    change_problem: str | None
    is_changing: bool
    compared_at: datetime | None
    is_being_compared: bool
    problem: str | None
    """Why the gradebook could not be read, as a sentence."""


@dataclass(frozen=True, slots=True)
class Line:
    """One participant of a column."""

    name: str
    standing: Standing | None
    mark: str | None
    """What was released, on the column's scale."""
    sent_at: datetime | None
    shown: str | None
    """What the gradebook shows; None where it was not compared since the mark was sent."""
    shown_id: int | None
    finding: str | None
    words: str
    next_step: str
    needs_you: bool
    may_decide: bool
    is_decided: bool
    """Whether a tutor settled what differs; the gradebook goes on showing its own mark."""
    has_tries: bool


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a column's participants, those who need the tutor first."""

    column: ColumnRead
    counts: Counts
    lines: tuple[Line, ...]
    number: int
    pages: int
    needs_sending: int
    """How many "send again" would send at once."""


COLUMN = (
    select(*LineItem.__table__.c, Registration.product, Comparison.asked_at)
    .add_columns(Comparison.read_at.label("compared_at"), Comparison.problem)
    .join(Registration, Registration.id == LineItem.registration_id)
    .outerjoin(Comparison, Comparison.line_item_id == LineItem.id)
)


def column_of(row: AnyRow) -> ColumnRead:
    is_moodle = row.product.lower().startswith("moodle")
    has_change = row.told_label is not None and (
        row.told_label != row.label or row.told_maximum != row.maximum
    )
    is_asked = row.asked_at is not None
    return ColumnRead(
        id=row.id,
        assignment_id=row.assignment_id,
        title=row.label,
        maximum=row.maximum,
        site="Moodle" if is_moodle else "the course site",
        is_moodle=is_moodle,
        is_known=row.url is not None,
        is_gone=row.gone_at is not None,
        change_problem=row.change_problem if has_change else None,
        is_changing=has_change and row.change_problem is None,
        compared_at=row.compared_at,
        is_being_compared=is_asked,
        problem=findings.describe_problem(row.problem, is_asked) if row.problem else None,
    )


def list_columns(session: Session, context_ids: Sequence[int]) -> list[tuple[ColumnRead, Counts]]:
    """The columns of these contexts with how their marks stand, in the order they were made."""
    counts = count_columns(session, context_ids)
    rows = session.execute(COLUMN.where(LineItem.context_id.in_(context_ids)).order_by(LineItem.id))
    return [(column_of(row), counts.get(row.id, NONE)) for row in rows]


def mark_in_words(score: Decimal | None, maximum: Decimal | None, other: Decimal) -> str:
    """A mark on its scale, such as "62 out of 100"; `other` is the scale where it names none."""
    if score is None:
        return "no mark"
    return f"{plain(score)} out of {plain(maximum or other)}"


def sent_in(session: Session, column_ids: Sequence[int]) -> dict[tuple[int, int], AnyRow]:
    """What was promised to these columns, by column and person. One query."""
    rows = session.execute(
        select(
            *(column for column in Delivery.__table__.c if column.name not in ("reason", "due_at")),
            REASON_NOW,
            DUE_NOW,
            LineItem.assignment_id,
        )
        .select_from(WITH_REGISTRATION)
        .where(Delivery.line_item_id.in_(column_ids))
    )
    return {(row.line_item_id, row.person_id): row for row in rows}


def shown_in(session: Session, column_ids: Sequence[int]) -> dict[tuple[int, int], AnyRow]:
    """What these columns showed when they were last read, by column and person. One query."""
    rows = session.execute(
        select(*ShownResult.__table__.c).where(ShownResult.line_item_id.in_(column_ids))
    )
    return {(row.line_item_id, row.person_id): row for row in rows}


def line_of(name: str, row: AnyRow | None, shown: AnyRow | None, column: ColumnRead) -> Line:
    """One participant of a column: what was sent to it, held against what it shows."""
    standing = None if row is None else standing_of(row)
    finding = None if shown is None else shown.finding
    sent_at = None if row is None else row.delivered_at
    is_stale = bool(shown and sent_at and sent_at > shown.read_at)
    if is_stale or (row is not None and row.state == WAITING):
        finding = None
    if row is not None and row.state == NEEDS_PERSON and finding != findings.LOCKED:
        finding = findings.NEWER_ELSEWHERE if row.reason == findings.NEWER_ELSEWHERE else None
    mark = (
        None if row is None else mark_in_words(row.score_given, row.score_maximum, column.maximum)
    )
    decision = shown.decision if shown is not None else None
    may_decide = bool(finding in findings.DIFFERENCES and shown is not None and not decision)
    words = "No mark is released yet." if standing is None else standing.words
    next_step = ""
    if finding is not None and shown is not None:
        shows = mark_in_words(shown.result_score, shown.result_maximum, column.maximum)
        told = findings.describe_finding(finding, shows)
        words = told if finding != findings.AGREED else words
        next_step = findings.next_step(finding, decision, column.is_moodle)
    is_current = shown is not None and not is_stale
    needs_you = (row is not None and row.state == NEEDS_PERSON) or may_decide
    return Line(
        name=name,
        standing=standing,
        mark=mark,
        sent_at=sent_at,
        shown=mark_in_words(shown.result_score, shown.result_maximum, column.maximum)
        if shown is not None and is_current
        else None,
        shown_id=None if shown is None else shown.id,
        finding=finding,
        words=words,
        next_step=next_step,
        needs_you=bool(needs_you and not (standing and standing.is_closed)),
        may_decide=may_decide,
        is_decided=bool(finding in findings.DIFFERENCES and decision),
        has_tries=row is not None and (row.tries > 0 or sent_at is not None),
    )


def get_page(
    session: Session, assignment_id: int, context_ids: Sequence[int], number: int = 1
) -> Page:
    """A page of a column's participants.

    :param number: from 1; one too high shows the last.
    :raises NotFound: there is no such column in these contexts.
    """
    row = session.execute(
        COLUMN.where(LineItem.assignment_id == assignment_id, LineItem.context_id.in_(context_ids))
    ).first()
    if row is None:
        raise NotFound("There is no such gradebook column in this course.")
    column = column_of(row)
    sent = {who: one for (_, who), one in sent_in(session, (column.id,)).items()}
    shown = {who: one for (_, who), one in shown_in(session, (column.id,)).items()}
    members = list_participants(session, (row.context_id,), limit=_MOST_PARTICIPANTS)
    names = {one.person_id: one.name for one in members}
    names |= names_of(session, (set(sent) | set(shown)) - set(names))
    lines = [line_of(names[who], sent.get(who), shown.get(who), column) for who in names]
    lines.sort(key=lambda one: (not one.needs_you, one.standing is None))
    pages = max(-(-len(lines) // PAGE), 1)
    number = min(max(number, 1), pages)
    return Page(
        column,
        count_columns(session, context_ids).get(column.id, NONE),
        tuple(lines[(number - 1) * PAGE : number * PAGE]),
        number,
        pages,
        sum(one.state == NEEDS_PERSON and one.reason != COURSE_RESET for one in sent.values()),
    )
