"""A platform's people at its new address: who they are stays, where they go back to changes.

Called by `launch/moving.py`.
"""

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from lti_tool.core import clock
from lti_tool.lti.errors import RegistrationUnusable
from lti_tool.lti.models import Context, Deployment, Registration
from lti_tool.lti.moving import Move
from lti_tool.people.models import Person, Roster, Visit

RETURNS = "ways back of open visits"


def count_people(session: Session, move: Move) -> int:
    """How many people keep their work."""
    platforms = select(Registration.platform_id).where(Registration.id.in_(move.registration_ids))
    return session.scalar(select(func.count()).where(Person.platform_id.in_(platforms))) or 0


def count_courses(session: Session, move: Move) -> int:
    """How many course areas move."""
    mine = Deployment.registration_id.in_(move.registration_ids)
    return session.scalar(select(func.count(Context.id)).join(Deployment).where(mine)) or 0


def move_visits(session: Session, move: Move) -> None:
    """Open visits lead back to the new address; so does the answer of a tutor who is choosing."""
    mine = (Visit.registration_id.in_(move.registration_ids), Visit.ends_at > clock.now())
    move.rewrite(session, RETURNS, Visit.return_url, *mine)
    choosing = select(Visit.id, Visit.deep_linking).where(*mine, Visit.deep_linking.is_not(None))
    for number, asked in session.execute(choosing).all():
        becomes = move.of(asked["return_url"])
        if becomes != asked["return_url"]:
            change = update(Visit).where(Visit.id == number)
            session.execute(change.values(deep_linking={**asked, "return_url": becomes}))
            move.count(RETURNS, 1)


def _lists(move: Move) -> ColumnElement[bool]:
    contexts = select(Context.id).join(Deployment)
    return Roster.context_id.in_(
        contexts.where(Deployment.registration_id.in_(move.registration_ids))
    )


def refuse_while_reading(session: Session, move: Move) -> None:
    """A worker that reads a list goes from page to page at the old address.

    :raises RegistrationUnusable: one is being read.
    """
    held = session.scalars(select(Roster.leased_until).where(_lists(move)).with_for_update()).all()
    if any(until is not None and until > clock.now() for until in held):
        raise RegistrationUnusable(
            "A list of members is being read from the old address at this moment. Try again in a "
            "minute. Nothing was changed."
        )


def read_lists_anew(session: Session, move: Move) -> None:
    """What changed since the last reading is known at the old address only: the next time the
    whole list is read."""
    session.execute(
        update(Roster)
        .where(_lists(move))
        .values(differences_url=None, whole_at=None)
        .execution_options(synchronize_session=False)
    )
