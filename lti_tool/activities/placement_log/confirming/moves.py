"""Moving a visit from one state to another: a dated step and an audit entry."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from lti_tool.activities.placement_log import states
from lti_tool.activities.placement_log.confirming.visit_rows import Visit
from lti_tool.activities.placement_log.models import PartnerVisit, VisitStep
from lti_tool.audit.operations import record
from lti_tool.core import clock
from lti_tool.core.errors import Conflict
from lti_tool.db.statements import count_changed


def move(
    session: Session,
    visit: Visit,
    becomes: str,
    *,
    person_id: int | None = None,
    guest_id: int | None = None,
    comment: str = "",
) -> None:
    """Move a visit.

    :raises Conflict: it may not go there, or was moved in between.
    """
    now = clock.now()
    if not states.may_move(visit.state, becomes) or not count_changed(
        session,
        update(PartnerVisit)
        .where(PartnerVisit.id == visit.id, PartnerVisit.state == visit.state)
        .values(state=becomes, state_since=now),
    ):
        raise Conflict("This visit was changed in between. Look at it again.")
    session.add(
        VisitStep(
            visit_id=visit.id,
            was=visit.state,
            became=becomes,
            at=now,
            person_id=person_id,
            guest_id=guest_id,
            comment=comment,
        )
    )
    record(
        session,
        "visit moved",
        ("partner_visit", visit.id),
        actor="person" if person_id else "guest" if guest_id else "tool",
        actor_id=person_id,
        was={"state": visit.state},
        became={"state": becomes},
    )
