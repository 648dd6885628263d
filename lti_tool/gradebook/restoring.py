"""Marks that waited when a backup was made: after a restore nobody here knows what left since.

They are held for a person, because a mark that was sent meanwhile, or changed since in the
gradebook, must not go out a second time unseen.
"""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lti_tool.core import clock
from lti_tool.gradebook.alarms import tell_markers
from lti_tool.gradebook.models import Delivery
from lti_tool.gradebook.states import NEEDS_PERSON, RESTORED, WAITING


def hold_waiting(session: Session) -> int:
    """Let every mark that waits need a person.

    :return: how many.
    """
    held = list(
        session.scalars(
            update(Delivery)
            .where(Delivery.state == WAITING)
            .values(
                state=NEEDS_PERSON,
                reason=RESTORED,
                lease=None,
                leased_until=None,
                updated_at=clock.now(),
            )
            .returning(Delivery.id)
            .execution_options(synchronize_session=False)
        )
    )
    return len(held)


def tell_of_held(session: Session) -> None:
    """Promise those who mark a message that marks of theirs were held."""
    columns = select(Delivery.line_item_id).where(
        Delivery.state == NEEDS_PERSON, Delivery.reason == RESTORED
    )
    for line_item_id in sorted(set(session.scalars(columns))):
        tell_markers(session, line_item_id)
