"""The live measure of the gradebook: released marks that stand there, and what became of others."""

from collections import Counter

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from lti_tool.catalogue.measures import Figure, Line, Measure, Scope, announce
from lti_tool.core import clock
from lti_tool.db.statements import AnyRow
from lti_tool.gradebook import findings
from lti_tool.gradebook.models import Delivery, LineItem, ShownResult
from lti_tool.gradebook.states import (
    CANCELLED,
    COURSE_RESET,
    DELIVERED,
    NEEDS_PERSON,
    SUPERSEDED,
    WAITING,
)

THERE, ON_THE_WAY, REFUSED, CONFLICT = "there", "on_the_way", "refused", "conflict"
KEPT, NOT_SENT = "kept", "not_sent"
_LINES = {
    THERE: "in the gradebook",
    ON_THE_WAY: "on its way to the gradebook",
    REFUSED: "the gradebook did not take it, and somebody has to look",
    CONFLICT: "the gradebook shows something else, and nobody has settled it",
    KEPT: "the gradebook keeps its own mark, as a tutor decided",
    NOT_SENT: "not sent, because the course was reset before",
}
_WORDS = {
    ON_THE_WAY: "On the way",
    REFUSED: "Refused",
    CONFLICT: "In conflict with the gradebook",
    KEPT: "Gradebook’s own mark kept, as a tutor decided",
    NOT_SENT: "Not sent before a course reset",
}
_DELIVERIES = (
    select(
        Delivery.person_id,
        Delivery.state,
        Delivery.reason,
        Delivery.delivered_at,
        LineItem.label,
        func.coalesce(Delivery.submitted_at, Delivery.created_at).label("handed_in_at"),
        ShownResult.finding,
        ShownResult.decision,
        ShownResult.read_at,
    )
    .join(LineItem, LineItem.id == Delivery.line_item_id)
    .outerjoin(
        ShownResult,
        (ShownResult.line_item_id == Delivery.line_item_id)
        & (ShownResult.person_id == Delivery.person_id),
    )
    .where(
        Delivery.clears.is_(False),
        or_(Delivery.state != CANCELLED, Delivery.reason == COURSE_RESET),
    )
    .order_by(LineItem.label, LineItem.id, Delivery.id)
)


def _is_read_since(row: AnyRow) -> bool:
    """Whether the gradebook was read after the mark got there."""
    if row.read_at is None:
        return False
    return row.delivered_at is None or row.read_at >= row.delivered_at


def stand_of(row: AnyRow) -> str:
    """How a released mark stands in the gradebook: one of the words above. Pure."""
    if row.state == DELIVERED:
        if not _is_read_since(row) or row.finding not in findings.DIFFERENCES:
            return THERE
        return KEPT if row.decision == findings.KEEP else CONFLICT
    if row.state == NEEDS_PERSON:
        is_theirs = row.reason in (findings.NEWER_ELSEWHERE, findings.LOCKED)
        return CONFLICT if is_theirs else REFUSED
    return {WAITING: ON_THE_WAY, SUPERSEDED: KEPT}.get(row.state, NOT_SENT)


def find_delivered(session: Session, scope: Scope) -> Figure:
    """Released marks that stand in the gradebook. One query."""
    rows = session.execute(
        _DELIVERIES.where(
            LineItem.context_id.in_(scope.context_ids), Delivery.person_id.in_(scope.person_ids)
        )
    )
    found = [
        (row, stand_of(row))
        for row in rows
        if scope.first <= clock.in_london(row.handed_in_at).date() <= scope.last
    ]
    counts = Counter(stand for _, stand in found)
    what = "released mark" if len(found) == 1 else "released marks"
    words = [f"In the gradebook: {counts[THERE]} of {len(found)} {what}."]
    words += [f"{said}: {counts[stand]}." for stand, said in _WORDS.items() if counts[stand]]
    return Figure(
        counts[THERE],
        len(found),
        " ".join(words) if found else "Nothing to look at yet: no mark was released.",
        "This counts the latest released mark of each participant in each gradebook column, for "
        "work handed in within the year; marks taken back are left out. A mark stands there once "
        "the course site took it, until a comparison shows something else. Activities without a "
        "gradebook column are not counted.",
        clock.now(),
        tuple(
            Line(f"{row.label}: {_LINES[stand]}", row.person_id, is_good=stand == THERE)
            for row, stand in found
        ),
    )


announce(Measure("marks-delivered", "Marks in the gradebook", ("Q7.4",), find_delivered, True))
