"""How a round of sampled moderation ends: confirmed, re-mark all, scale all, or abandoned.

A decision changes no judgement and no outcome. It binds through `gate.py`, and a scaling through
what reckons the marks.
"""

from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from lti_tool.audit.operations import record
from lti_tool.core import clock
from lti_tool.core.errors import Conflict
from lti_tool.coursework.queries import AssignmentRead
from lti_tool.coursework.resetting import require_open
from lti_tool.coursework.rules import MARKS, Rules
from lti_tool.marking.models import Moderation
from lti_tool.marking.moderation.population import Population, get_population
from lti_tool.marking.moderation.queries import (
    ABANDONED,
    CONFIRMED,
    REMARK,
    SCALED,
    RoundRead,
    list_pieces,
)
from lti_tool.marking.moderation.rounds import require_still_open

DECISIONS = (CONFIRMED, REMARK, SCALED, ABANDONED)


def _require_decidable(
    session: Session, one: RoundRead, decision: str, rules: Rules, *, meets_all: bool
) -> None:
    if decision == ABANDONED:
        return
    left = [piece for piece in list_pieces(session, one.id) if piece.view is None]
    if left:
        raise Conflict(
            f"{len(left)} of the sample {'is' if len(left) == 1 else 'are'} not looked at yet. "
            "Finish them, or abandon this moderation with a reason."
        )
    if decision == SCALED and rules.mode != MARKS:
        raise Conflict("This activity gives no marks that could be scaled.")
    if decision == SCALED and not meets_all:
        raise Conflict(
            "Scaling is for a whole cohort, and some marks were not in this draw. Confirm, or "
            "have the marks given again."
        )


def covers_all(one: RoundRead, population: Population) -> bool:
    """Whether a round was drawn from every mark that counts now."""
    return population.all_marks.keys() <= one.population.keys()


def decide(
    session: Session,
    assignment: AssignmentRead,
    rules: Rules,
    one: RoundRead,
    decision: str,
    *,
    reason: str,
    scaling: dict[str, Any] | None = None,
    actor_id: int,
) -> None:
    """Decide a round, once.

    :param decision: confirmed; remark (every mark drawn from has to be given again, and until
        then the work is back in marking); scaled (the whole cohort, by `scaling`); or abandoned.
    :raises Conflict: decided already, not all looked at, or scaling would not meet everybody.
    """
    require_open(assignment)
    require_still_open(session, one)
    population = get_population(session, assignment, rules)
    _require_decidable(session, one, decision, rules, meets_all=covers_all(one, population))
    session.execute(
        update(Moderation)
        .where(Moderation.id == one.id)
        .values(
            decision=decision,
            scaling=scaling if decision == SCALED else None,
            reason=reason,
            decided_by_id=actor_id,
            decided_at=clock.now(),
        )
    )
    record(
        session,
        "moderation decided",
        ("moderation", one.id),
        actor_id=actor_id,
        context_id=assignment.context_id,
        became={"round": one.number, "decision": decision, "scaling": scaling},
        reason=reason or None,
    )
