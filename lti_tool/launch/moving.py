"""A platform moves to a new address, and its people keep their work.

One transaction over all that holds an address of it: `lti` (issuer, registrations, members'
lists, what was kept), `gradebook` (columns, marks that wait), `people` (open visits). Called by
the command line; the operator's guide says when in a site's own move.
"""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from lti_tool.audit.operations import record
from lti_tool.gradebook import moving as columns
from lti_tool.lti.moving import Move, NewAddress, begin_move
from lti_tool.people import moving as people
from lti_tool.settings import Settings


@dataclass(frozen=True, slots=True)
class Moved:
    """What a move changed, for the operator."""

    move: Move
    people: int
    courses: int
    waiting: int
    """Marks that wait, to be sent to the new address."""


def move_platform(
    session: Session,
    settings: Settings,
    registration_id: int,
    to: NewAddress,
    *,
    is_rehearsal: bool = False,
) -> Moved:
    """Let a platform stand at its new address. Again with the same values: changes nothing.

    :param is_rehearsal: the caller will undo it, so what is on its way does not matter.
    :raises RegistrationNotFound: there is none with this number.
    :raises RegistrationUnusable: an address cannot be used, belongs to a platform that is
        connected already, or something is on its way to the old one at this moment.
    """
    move = begin_move(session, settings, registration_id, to)
    columns.move_columns(session, move)
    people.move_visits(session, move)
    waiting = 0
    if move.is_needed:
        if not is_rehearsal:
            columns.refuse_while_sending(session, move)
            people.refuse_while_reading(session, move)
        people.read_lists_anew(session, move)
        waiting = columns.send_what_waits(session, move)
        for number in move.registration_ids:
            record(
                session,
                "registration moved",
                ("registration", number),
                actor="operator",
                was=dict(move.was),
                became={**move.became, "counts": move.counts},
            )
    found = people.count_people(session, move), people.count_courses(session, move)
    return Moved(move, *found, waiting)
