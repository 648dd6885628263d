"""Telling markers, once, that a mark needs a person.

Told are those who released marks in this course and still teach there; where there is none of
them left, everyone who teaches there. At most one message per activity, person and day.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.audit.queries import list_actors
from lti_tool.core import clock
from lti_tool.gradebook.models import LineItem
from lti_tool.mail.outbox import NEEDS_PERSON, tell
from lti_tool.people.queries import list_tutors

_RELEASED = "mark released"


def tell_markers(session: Session, line_item_id: int) -> None:
    """Promise the markers of a column's course a message, in the transaction that found out."""
    column = session.execute(
        select(LineItem.assignment_id, LineItem.context_id).where(LineItem.id == line_item_id)
    ).one()
    teach = {row.person_id for row in list_tutors(session, (column.context_id,))}
    released = list_actors(session, _RELEASED, column.context_id)
    today = clock.in_london(clock.now()).date()
    for person_id in sorted(teach & released or teach):
        tell(
            session,
            NEEDS_PERSON,
            once=f"{column.assignment_id}:{today.isoformat()}",
            person_id=person_id,
            context_id=column.context_id,
            assignment_id=column.assignment_id,
        )
