"""Signing outcomes off, asking a question, opening one again. Rows are only added.

Whoever decides says what they saw: where somebody else has decided since, nothing is written and
both see both.
"""

from sqlalchemy.orm import Session

from lti_tool.audit.operations import record
from lti_tool.core import clock
from lti_tool.core.errors import Conflict, Unusable
from lti_tool.programme.outcomes.holding import hold_person
from lti_tool.programme.outcomes.matrix import cells_of
from lti_tool.programme.outcomes.models import OutcomeState
from lti_tool.programme.outcomes.standing import NOTHING, why_not
from lti_tool.programme.outcomes.whose import Whose
from lti_tool.programme.outcomes.words import MET, REOPENED

REASON_LIMIT = 2000


class DecidedElsewhere(Conflict):
    """Somebody else decided on the outcome since the form was made."""


class NotLikeThis(Unusable):
    """The decision lacks what it needs, such as a reason."""


def decide(
    session: Session,
    whose: Whose,
    item_id: str,
    decision: str,
    reason: str,
    *,
    built_on: int,
    actor_id: int,
) -> None:
    """Decide on an outcome of a person.

    :param decision: met, queried or reopened.
    :param reason: in words; a question where it is queried.
    :param built_on: the number of the last decision that the form showed, 0 for none.
    :raises DecidedElsewhere: somebody else decided since.
    :raises NotLikeThis: a reason or evidence is lacking, or it cannot follow where it stands.
    """
    hold_person(session, whose.cohort_id, whose.person_id)
    cells = cells_of(session, whose.cohort_id, [whose.person_id]).get(whose.person_id, {})
    cell = cells.get(item_id, NOTHING)
    if cell.built_on != built_on:
        raise DecidedElsewhere(
            "Somebody else decided on this outcome a moment ago. What they wrote is in the "
            "history below; what you wrote is still here. Save again if you still want to."
        )
    if wrong := why_not(cell, decision, reason):
        raise NotLikeThis(wrong)
    made = OutcomeState(
        cohort_id=whose.cohort_id,
        person_id=whose.person_id,
        item_id=item_id,
        state=decision,
        reason=reason,
        by_id=actor_id,
        at=clock.now(),
    )
    session.add(made)
    session.flush()
    closes = "outcome signed off" if decision == MET else "outcome queried"
    act = "outcome opened again" if decision == REOPENED else closes
    record(
        session,
        act,
        ("outcome_state", made.id),
        actor_id=actor_id,
        context_id=whose.context_id,
        was={"state": cell.state},
        became={"person": whose.person_id, "outcome": item_id, "state": decision},
        reason=reason or None,
    )
