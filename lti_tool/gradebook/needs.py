"""Marks that are not in the gradebook as they were released, as needs of a programme's leader."""

from collections.abc import Mapping, Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from lti_tool.catalogue.measures import Scope
from lti_tool.catalogue.needs import Need, NeedLine, Source, announce_needs
from lti_tool.db.statements import AnyRow
from lti_tool.gradebook.counting import ASKS
from lti_tool.gradebook.findings import describe_finding
from lti_tool.gradebook.models import Delivery, LineItem, ShownResult
from lti_tool.gradebook.overview import mark_in_words
from lti_tool.gradebook.states import COURSE_RESET, NEEDS_PERSON, describe, describe_clearing

NOT_THERE = Need("gradebook", "Marks that did not reach the gradebook, or differ there")


def _words(row: AnyRow) -> str:
    """Why a mark needs a person; the mark itself is on the page of the gradebook."""
    if row.state != NEEDS_PERSON:
        shows = mark_in_words(row.result_score, row.result_maximum, row.maximum)
        return f"{row.label}: {describe_finding(row.finding, shows)}"
    if row.clears:
        return f"{row.label}: {describe_clearing(row.state, row.reason)}"
    return f"{row.label}: {describe(row.state, row.reason, '')}"


def _rows(session: Session, context_ids: Sequence[int]) -> list[AnyRow]:
    return list(
        session.execute(
            select(
                Delivery.person_id,
                Delivery.state,
                Delivery.reason,
                Delivery.clears,
                LineItem.assignment_id,
                LineItem.context_id,
                LineItem.label,
                LineItem.maximum,
                ShownResult.finding,
                ShownResult.result_score,
                ShownResult.result_maximum,
            )
            .join(LineItem, LineItem.id == Delivery.line_item_id)
            .outerjoin(
                ShownResult,
                (ShownResult.line_item_id == Delivery.line_item_id)
                & (ShownResult.person_id == Delivery.person_id),
            )
            .where(
                LineItem.context_id.in_(context_ids),
                ASKS,
                or_(Delivery.reason.is_(None), Delivery.reason != COURSE_RESET),
            )
            .order_by(Delivery.updated_at, Delivery.id)
        )
    )


def find(session: Session, scope: Scope) -> Mapping[str, Sequence[NeedLine]]:
    """Marks that a person must look at, those that have waited longest first. One query."""
    people = set(scope.person_ids)
    return {
        NOT_THERE.key: [
            NeedLine(
                words=_words(row),
                context_id=row.context_id,
                person_id=row.person_id,
                endpoint="gradebook.column",
                values={"assignment_id": row.assignment_id},
            )
            for row in _rows(session, scope.context_ids)
            if row.person_id in people
        ]
    }


announce_needs(Source((NOT_THERE,), find))
