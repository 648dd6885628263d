"""Moving a visit from one state to another: checked, dated, with who did it, once.

Everybody who moves a visit comes here: the participant, the tutor, the host who answers. Who may,
and what else a move asks for, is seen to before.
"""

from dataclasses import replace

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lti_tool.activities.placement_log import states
from lti_tool.activities.placement_log.models import PartnerVisit, VisitStep
from lti_tool.activities.placement_log.visit_reads import VisitRead
from lti_tool.audit.operations import record
from lti_tool.core import clock
from lti_tool.core.errors import Conflict
from lti_tool.coursework.models import Assignment
from lti_tool.db.statements import count_changed


class CannotMove(Conflict):
    """The visit is not in a state that this can follow, or was moved by somebody else just now."""


def move(
    session: Session,
    visit: VisitRead,
    becomes: str,
    *,
    person_id: int | None = None,
    guest_id: int | None = None,
    comment: str = "",
) -> VisitRead:
    """Move a visit; its revision stays, since nothing that was written changes.

    :param visit: as it was read in this transaction.
    :param person_id: who moves it; with `guest_id` empty too, the tool does.
    :return: the visit in its new state.
    :raises CannotMove: this state cannot follow, or somebody moved the visit in between.
    """
    if not states.may_move(visit.state, becomes):
        raise CannotMove(_cannot(visit.state))
    now = clock.now()
    moved = count_changed(
        session,
        update(PartnerVisit)
        .where(
            PartnerVisit.id == visit.id,
            PartnerVisit.state == visit.state,
            PartnerVisit.removed_at.is_(None),
        )
        .values(state=becomes, state_since=now),
    )
    if not moved:
        raise CannotMove(
            "Somebody else has just changed where this visit stands. Look at it again first."
        )
    step = {"visit_id": visit.id, "was": visit.state, "became": becomes, "at": now}
    who = {"person_id": person_id, "guest_id": guest_id, "comment": comment}
    session.add(VisitStep(**step, **who))
    session.flush()
    record(
        session,
        "visit moved",
        ("partner_visit", visit.id),
        actor="person" if person_id else "guest" if guest_id else "tool",
        actor_id=person_id,
        context_id=session.scalar(
            select(Assignment.context_id).where(Assignment.id == visit.assignment_id)
        ),
        was={"state": visit.state},
        became={"state": becomes, "revision": visit.revision},
    )
    return replace(visit, state=becomes, state_since=now)


def _cannot(state: str) -> str:
    now = states.STANDS.get(state, state)
    return f"This visit is {now} now, so this can no longer be done. Look at it again first."
