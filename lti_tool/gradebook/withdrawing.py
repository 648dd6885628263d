"""Taking a promised mark back: what was not sent yet is cancelled, in the caller's transaction.

What the platform has already been told stands there: nothing is cleared without being asked.
"""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lti_tool.core import clock
from lti_tool.gradebook.models import Delivery, LineItem
from lti_tool.gradebook.states import CANCELLED, NEEDS_PERSON, WAITING

NOTHING_SENT, STANDS = "nothing was sent", "stands in the gradebook"
BEING_SENT = "is being sent at this moment"


def withdraw(session: Session, assignment_id: int, person_id: int) -> str:
    """Cancel a mark that waits to be sent. A send that began before settles nothing.

    :return: what the platform shows: "nothing was sent", "stands in the gradebook", or "is
        being sent at this moment", where it may still land.
    """
    row = session.execute(
        select(Delivery.id, Delivery.state, Delivery.delivered_at, Delivery.leased_until)
        .join(LineItem, LineItem.id == Delivery.line_item_id)
        .where(LineItem.assignment_id == assignment_id, Delivery.person_id == person_id)
        .with_for_update()
    ).first()
    if row is None:
        return NOTHING_SENT
    now = clock.now()
    if row.state in (WAITING, NEEDS_PERSON):
        session.execute(
            update(Delivery)
            .where(Delivery.id == row.id)
            .values(state=CANCELLED, updated_at=now, revision=Delivery.revision + 1)
            .execution_options(synchronize_session=False)
        )
    if row.leased_until is not None and row.leased_until > now:
        return BEING_SENT
    return STANDS if row.delivered_at is not None else NOTHING_SENT
