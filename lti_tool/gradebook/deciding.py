"""What a tutor does on the page Gradebook: compare, keep or send, send all that need a person.

Every act is written down; a mark of another course is out of reach.
"""

from collections.abc import Sequence

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from lti_tool.audit.operations import record
from lti_tool.core import clock
from lti_tool.core.errors import Conflict, NotFound
from lti_tool.gradebook import outbox
from lti_tool.gradebook.comparing import ask_to_compare
from lti_tool.gradebook.findings import DIFFERENCES, KEEP, SEND
from lti_tool.gradebook.models import Delivery, LineItem, ShownResult
from lti_tool.gradebook.states import COURSE_RESET, NEEDS_PERSON, SUPERSEDED
from lti_tool.gradebook.withdrawing import require_open, require_released

_NO_COLUMN = "There is no such gradebook column in this course."


def _line_item(session: Session, assignment_id: int, context_ids: Sequence[int]) -> int:
    found = session.scalar(
        select(LineItem.id).where(
            LineItem.assignment_id == assignment_id, LineItem.context_id.in_(context_ids)
        )
    )
    if found is None:
        raise NotFound(_NO_COLUMN)
    return found


def compare_column(
    session: Session, assignment_id: int, *, context_ids: Sequence[int], actor_id: int
) -> None:
    """A tutor wants to know what the gradebook shows; a worker reads it.

    :raises NotFound: there is no such column in these contexts.
    """
    ask_to_compare(session, _line_item(session, assignment_id, context_ids), actor_id)


def send_all(
    session: Session, assignment_id: int, *, context_ids: Sequence[int], actor_id: int
) -> int:
    """Send every mark of a column again that needs a person, each with a later time.

    :return: how many are on their way again.
    :raises NotFound: there is no such column in these contexts.
    """
    line_item_id = _line_item(session, assignment_id, context_ids)
    outbox.hold_columns(session, [line_item_id])
    rows = session.execute(
        select(Delivery.id, Delivery.reason)
        .where(
            Delivery.line_item_id == line_item_id,
            Delivery.state == NEEDS_PERSON,
            or_(Delivery.reason.is_(None), Delivery.reason != COURSE_RESET),
        )
        .order_by(Delivery.id)
        .with_for_update()
    ).all()
    for row in rows:
        outbox.send_again(session, row.id)
        record(
            session,
            "mark sent again",
            ("delivery", row.id),
            actor_id=actor_id,
            was={"state": NEEDS_PERSON, "reason": row.reason},
            became={"state": "waiting"},
        )
    return len(rows)


def decide(
    session: Session,
    shown_id: int,
    decision: str,
    *,
    context_ids: Sequence[int],
    actor_id: int,
) -> None:
    """Settle a difference: keep the gradebook's mark, or send ours with a later time.

    The decision stands until the finding changes.

    :param decision: `keep` or `send`.
    :raises NotFound: there is no such difference in these contexts.
    :raises Conflict: it is no difference any more, or there is no mark of ours to send.
    """
    row = session.execute(
        select(
            ShownResult.id,
            ShownResult.finding,
            ShownResult.decision,
            ShownResult.person_id,
            ShownResult.line_item_id,
            LineItem.context_id,
        )
        .join(LineItem, LineItem.id == ShownResult.line_item_id)
        .where(ShownResult.id == shown_id, LineItem.context_id.in_(context_ids))
        .with_for_update(of=ShownResult)
    ).first()
    if row is None or decision not in (KEEP, SEND):
        raise NotFound("There is no such difference in this course.")
    if row.finding not in DIFFERENCES:
        raise Conflict("The gradebook shows something else by now. Look at the page again.")
    _act(session, decision, row.line_item_id, row.person_id)
    session.execute(
        update(ShownResult)
        .where(ShownResult.id == row.id)
        .values(decision=decision, decided_by_id=actor_id, decided_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    record(
        session,
        "gradebook difference decided",
        ("shown_result", row.id),
        actor_id=actor_id,
        context_id=row.context_id,
        was={"finding": row.finding, "decision": row.decision},
        became={"decision": decision},
    )


def _act(session: Session, decision: str, line_item_id: int, person_id: int) -> None:
    """:raises Conflict: there is no mark of ours to send."""
    outbox.hold_columns(session, [line_item_id])
    row = session.execute(
        select(Delivery.id, Delivery.state, Delivery.reason)
        .where(Delivery.line_item_id == line_item_id, Delivery.person_id == person_id)
        .with_for_update()
    ).first()
    if decision == SEND:
        if row is None:
            raise Conflict("No mark was released here, so there is none to send.")
        require_open(row.reason)
        require_released(row.state)
        outbox.send_again(session, row.id)
    elif row is not None and row.state == NEEDS_PERSON:
        session.execute(
            update(Delivery)
            .where(Delivery.id == row.id)
            .values(state=SUPERSEDED, updated_at=clock.now(), revision=Delivery.revision + 1)
            .execution_options(synchronize_session=False)
        )
