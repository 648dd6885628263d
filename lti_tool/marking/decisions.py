"""Recording what a board, an appeal or a misconduct panel decided about one piece of work.

The decision becomes an outcome of its own, confirmed, which its author may see and the gradebook
gets, all in one transaction. Marking changes nothing after it.
"""

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool.audit.operations import record
from lti_tool.core import clock
from lti_tool.core.errors import Conflict
from lti_tool.coursework.queries import AssignmentRead, HandedIn
from lti_tool.coursework.resetting import require_open
from lti_tool.db.statements import AnyRow
from lti_tool.marking.deciding import find_deciding
from lti_tool.marking.models import Outcome
from lti_tool.marking.queries import find_released, lock_submission
from lti_tool.marking.reckoning import DECIDED, RAW, Step
from lti_tool.marking.releasing import open_to_the_participant, promise
from lti_tool.marking.standing import APPEAL, BOARD, CONFIRMED, MISCONDUCT
from lti_tool.marking.terms import Terms

SOURCES = {
    BOARD: "The assessment board",
    APPEAL: "An appeal",
    MISCONDUCT: "An academic integrity panel",
}


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided about one piece of work."""

    source: str
    """board, appeal or misconduct."""
    final: Decimal
    reason: str
    raw: Decimal | None = None
    """The raw mark as the board has it; that of the judgement where left out."""
    penalty: Decimal = Decimal(0)


def _judgement(session: Session, work: HandedIn, terms: Terms) -> AnyRow:
    found = find_deciding(session, work.submission_id, terms.rules)
    if found is None:
        raise Conflict("This work has no marks yet, so no decision about it can be recorded.")
    return found


def _outcome(judgement: AnyRow, decision: Decision, number: int, actor_id: int) -> Outcome:
    raw = decision.raw if decision.raw is not None else judgement.overall or decision.final
    steps = (
        Step(RAW, raw),
        Step(DECIDED, decision.final, kind=decision.source, words=SOURCES[decision.source]),
    )
    return Outcome(
        submission_id=judgement.submission_id,
        number=number,
        judgement_id=judgement.id,
        raw=raw,
        scaled=None,
        penalty=decision.penalty,
        cap=None,
        final=decision.final,
        standing=CONFIRMED,
        working={"steps": [step.as_document() for step in steps]},
        source=decision.source,
        reason=decision.reason,
        decided_by_id=actor_id,
        created_at=clock.now(),
    )


def record_decision(
    session: Session,
    assignment: AssignmentRead,
    work: HandedIn,
    terms: Terms,
    decision: Decision,
    *,
    actor_id: int,
) -> int:
    """Record a decision, let its author see it, and promise it to the gradebook.

    :return: the outcome's number within the submission.
    :raises Conflict: the work has no marks at all, or the assignment is closed.
    """
    require_open(assignment)
    lock_submission(session, work.submission_id)
    judgement = _judgement(session, work, terms)
    before = find_released(session, work.submission_id)
    count = session.scalar(
        select(func.count()).select_from(Outcome).where(Outcome.submission_id == work.submission_id)
    )
    outcome = _outcome(judgement, decision, (count or 0) + 1, actor_id)
    session.add(outcome)
    session.flush()
    record(
        session,
        "decision recorded",
        ("submission", work.submission_id),
        actor_id=actor_id,
        context_id=work.context_id,
        was={"final": str(before.final), "standing": before.standing} if before else None,
        became={"final": str(decision.final), "standing": CONFIRMED, "source": decision.source},
        reason=decision.reason,
    )
    open_to_the_participant(session, assignment, work, outcome, before, actor_id)
    promise(session, assignment, work, outcome, judgement, terms)
    return outcome.number
