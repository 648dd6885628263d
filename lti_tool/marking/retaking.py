"""Letting a person hand in anew: after a released fail, or an agreed deferral."""

from datetime import datetime

from sqlalchemy.orm import Session

from lti_tool.core.errors import Conflict
from lti_tool.coursework.attempts import open_further_attempt
from lti_tool.coursework.queries import AssignmentRead, HandedIn
from lti_tool.marking.queries import find_released, lock_submission
from lti_tool.marking.terms import Terms
from lti_tool.marking.wording import has_passed

AFTER_FAIL, DEFERRAL = "fail", "deferral"


def open_second_attempt(
    session: Session,
    assignment: AssignmentRead,
    work: HandedIn,
    terms: Terms,
    *,
    why: str,
    due_at: datetime,
    reason: str,
    actor_id: int,
) -> int:
    """Open a further attempt: capped after a fail; after a deferral as the one that is deferred.

    :param why: "fail" (a released one is needed) or "deferral".
    :return: the new attempt's number.
    :raises Conflict: no fail is released, one is open already, or the date has passed.
    """
    lock_submission(session, work.submission_id)
    released = find_released(session, work.submission_id)
    if why == AFTER_FAIL:
        if released is None:
            raise Conflict(
                "No result is released for this work yet. Release the fail first, or choose a "
                "deferral."
            )
        if has_passed(released.final, terms.rules):
            raise Conflict("This work has passed, so there is nothing to do again.")
    return open_further_attempt(
        session,
        assignment,
        work,
        due_at=due_at,
        is_capped=(why == AFTER_FAIL or work.is_capped) and terms.rules.second_attempt_cap < 100,
        reason=reason,
        actor_id=actor_id,
    )
