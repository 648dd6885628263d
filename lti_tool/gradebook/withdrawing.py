"""Taking marks back: what waits is not sent, and what stands in the gradebook stays there.

Called through `operations.py`, in the transaction that takes a release back.
"""

from collections.abc import Sequence
from enum import StrEnum

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from lti_tool.audit.operations import record
from lti_tool.core import clock
from lti_tool.core.errors import Conflict, NotFound
from lti_tool.db.statements import AnyRow
from lti_tool.gradebook import outbox
from lti_tool.gradebook.models import Delivery, DeliveryAttempt, LineItem
from lti_tool.gradebook.states import (
    CANCELLED,
    COURSE_RESET,
    DELIVERED,
    REASONS,
    WAITING,
    WITHDRAWN_ON_ITS_WAY,
    WITHDRAWN_STANDS,
)
from lti_tool.gradebook.verdicts import LANDED, UNCERTAIN


def require_open(reason: str | None) -> None:
    """:raises Conflict: the assignment was closed by a course reset."""
    if reason == COURSE_RESET:
        raise Conflict(REASONS[COURSE_RESET])


def require_released(state: str) -> None:
    """:raises Conflict: the release was taken back."""
    if state == CANCELLED:
        raise Conflict("This mark was taken back, so it is not sent. Release it again first.")


class Withdrawal(StrEnum):
    """What the platform shows once a release was taken back."""

    NOTHING_SENT = "nothing was sent"
    STANDS = "stands in the gradebook"
    MAY_ARRIVE = "may have reached the gradebook"


_WITHDRAWN_REASONS = {
    Withdrawal.NOTHING_SENT: None,
    Withdrawal.STANDS: WITHDRAWN_STANDS,
    Withdrawal.MAY_ARRIVE: WITHDRAWN_ON_ITS_WAY,
}


def describe_withdrawal(outcome: Withdrawal) -> str:
    """What the gradebook shows after a release was taken back, in a sentence for the tutor."""
    return {
        Withdrawal.NOTHING_SENT: "Nothing was sent, so the gradebook shows no mark from here.",
        Withdrawal.STANDS: "The mark stands in the gradebook until you take it out there, or "
        "release a new one here.",
        Withdrawal.MAY_ARRIVE: "The mark was on its way at that moment, so it may have reached "
        "the gradebook. Compare on the page Gradebook to see.",
    }[outcome]


def withdraw(session: Session, assignment_id: int, person_id: int) -> Withdrawal:
    """A release is taken back, in this transaction: what waits is not sent any more.

    What the gradebook shows already stays there: nothing is ever taken out by itself.

    :return: what the gradebook shows; `describe_withdrawal` puts it into a sentence.
    """
    row = _find_delivery(session, assignment_id, person_id)
    if row is None or row.state == CANCELLED:
        return Withdrawal.NOTHING_SENT
    if row.clears and row.state == DELIVERED:
        return Withdrawal.NOTHING_SENT
    now = clock.now()
    outcome = Withdrawal.NOTHING_SENT
    if row.delivered_at is not None:
        outcome = Withdrawal.STANDS
    elif row.lease is not None or _has_uncertain_try(session, row.id):
        outcome = Withdrawal.MAY_ARRIVE
    session.execute(
        update(Delivery)
        .where(Delivery.id == row.id)
        .values(
            state=CANCELLED,
            reason=_WITHDRAWN_REASONS[outcome],
            revision=Delivery.revision + 1,
            updated_at=now,
        )
        .execution_options(synchronize_session=False)
    )
    return outcome


def _find_delivery(session: Session, assignment_id: int, person_id: int) -> AnyRow | None:
    return session.execute(
        select(*Delivery.__table__.c, LineItem.context_id)
        .join(LineItem, LineItem.id == Delivery.line_item_id)
        .where(LineItem.assignment_id == assignment_id, Delivery.person_id == person_id)
        .with_for_update(of=Delivery)
    ).first()


def _has_uncertain_try(session: Session, delivery_id: int) -> bool:
    """Whether a try since the last that landed got no answer, or one of a proxy or of a platform
    that failed on its way out: its score may have arrived all the same."""
    mine = DeliveryAttempt.delivery_id == delivery_id
    last_landed = select(func.max(DeliveryAttempt.id)).where(
        mine, DeliveryAttempt.verdict == LANDED
    )
    found = session.scalar(
        select(DeliveryAttempt.id)
        .where(
            mine,
            DeliveryAttempt.id > func.coalesce(last_landed.scalar_subquery(), 0),
            or_(
                DeliveryAttempt.reason.in_(sorted(UNCERTAIN)),
                DeliveryAttempt.http_status >= 500,
                DeliveryAttempt.http_status == 408,
            ),
        )
        .limit(1)
    )
    return found is not None


def clear_mark(
    session: Session,
    assignment_id: int,
    person_id: int,
    *,
    context_ids: Sequence[int],
    actor_id: int,
) -> int:
    """Take a mark out of the gradebook: the one clear there is, on a tutor's confirmation and
    only after the release was taken back. Moodle deletes the feedback there with it.

    :return: the delivery's row number.
    :raises NotFound: nothing was sent for this person in these contexts.
    :raises Conflict: the mark is still released here, or the course was reset.
    """
    row = _find_delivery(session, assignment_id, person_id)
    if row is None or row.context_id not in context_ids:
        raise NotFound("There is no such mark in this course.")
    require_open(row.reason)
    if row.state != CANCELLED:
        raise Conflict("Take the release back first. The gradebook can be cleared after that.")
    outbox.enqueue(
        session,
        row.line_item_id,
        person_id,
        row.score_given,
        row.score_maximum,
        "",
        None,
        clears=True,
    )
    record(
        session,
        "mark cleared from gradebook",
        ("delivery", row.id),
        actor_id=actor_id,
        context_id=row.context_id,
        was={"state": row.state, "given": str(row.score_given)},
        became={"state": WAITING},
    )
    return int(row.id)


def clear_delivery(
    session: Session, delivery_id: int, *, context_ids: Sequence[int], actor_id: int
) -> None:
    """The same for a mark by its delivery's row number.

    :raises NotFound: there is no such mark in these contexts.
    :raises Conflict: the mark is still released here, or the course was reset.
    """
    row = session.execute(
        select(Delivery.person_id, LineItem.assignment_id)
        .join(LineItem, LineItem.id == Delivery.line_item_id)
        .where(Delivery.id == delivery_id, LineItem.context_id.in_(context_ids))
    ).first()
    if row is None:
        raise NotFound("There is no such mark in this course.")
    clear_mark(
        session, row.assignment_id, row.person_id, context_ids=context_ids, actor_id=actor_id
    )
