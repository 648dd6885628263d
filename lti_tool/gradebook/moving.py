"""A platform's columns get their new address, and what waits goes there.

Called by `launch/moving.py`, which holds the registrations, so that no lane opens meanwhile.
"""

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from lti_tool.core import clock
from lti_tool.db.statements import count_changed
from lti_tool.gradebook.models import Comparison, Delivery, LineItem
from lti_tool.gradebook.outages import forget
from lti_tool.gradebook.states import WAITING
from lti_tool.jobs.queue import SCORES, wake
from lti_tool.lti.errors import RegistrationUnusable
from lti_tool.lti.moving import Move


def refuse_while_sending(session: Session, move: Move) -> None:
    """A worker that holds marks or columns has read their old address already, and may be about
    to call it.

    :raises RegistrationUnusable: with how to come to rest.
    """
    mine, now = _mine(move), clock.now()
    columns = select(LineItem.id).where(mine)
    looked_for = select(LineItem.leased_until).where(mine)
    compared = select(Comparison.leased_until).where(Comparison.line_item_id.in_(columns))
    sent = select(func.max(Delivery.leased_until)).where(Delivery.line_item_id.in_(columns))
    held = [
        *session.scalars(looked_for.with_for_update(key_share=True)),
        *session.scalars(compared.with_for_update(key_share=True)),
        session.scalar(sent),
    ]
    busy_until = max((at for at in held if at is not None), default=now)
    if busy_until > now:
        seconds = int((busy_until - now).total_seconds()) + 1
        numbers = " and ".join(map(str, move.registration_ids))
        raise RegistrationUnusable(
            "Marks are on their way to the old address at this moment. Switch the connection off "
            f"first (`lti-tool registration disable`, number {numbers}), and try again: it is at "
            f"rest in {seconds} seconds at the latest. Nothing was changed."
        )


def _mine(move: Move) -> ColumnElement[bool]:
    return LineItem.registration_id.in_(move.registration_ids)


def move_columns(session: Session, move: Move) -> None:
    """Rewrite the addresses of columns and of the places where they are made."""
    mine = _mine(move)
    move.rewrite(session, "gradebook columns", LineItem.url, mine)
    move.rewrite(session, "places where columns are made", LineItem.line_items_url, mine)


def send_what_waits(session: Session, move: Move) -> int:
    """What waits for the old address to answer goes to the new one as soon as a worker is free,
    with the timestamp it has.

    :return: how many marks wait.
    """
    now = clock.now()
    waiting = count_changed(
        session,
        update(Delivery)
        .where(
            Delivery.line_item_id.in_(select(LineItem.id).where(_mine(move))),
            Delivery.state == WAITING,
        )
        .values(due_at=now, reason=None, tries=0, first_tried_at=None)
        .execution_options(synchronize_session=False),
    )
    for registration_id in move.registration_ids:
        forget(session, registration_id)
    if waiting:
        wake(session, SCORES)
    return waiting
