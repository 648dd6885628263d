"""Recording what a board, an appeal or a misconduct panel decided about one piece of work.

The decision becomes an outcome of its own, confirmed, which its author may see and the gradebook
gets, all in one transaction. Marking changes nothing after it.
"""

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.audit.operations import record
from lti_tool.core import clock
from lti_tool.core.errors import Conflict
from lti_tool.coursework.queries import AssignmentRead, HandedIn
from lti_tool.coursework.resetting import require_open
from lti_tool.db.statements import AnyRow
from lti_tool.gradebook.queries import list_standings
from lti_tool.marking.deciding import find_deciding
from lti_tool.marking.models import Outcome
from lti_tool.marking.promising import promise
from lti_tool.marking.queries import find_released, lock_submission
from lti_tool.marking.reckoning import DECIDED, RAW, Step
from lti_tool.marking.releasing import open_to_the_participant
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
    """The raw mark as the board has it; as it was where left out."""
    penalty: Decimal | None = None


def _judgement(session: Session, work: HandedIn, terms: Terms) -> AnyRow:
    found = find_deciding(session, work.submission_id, terms.rules)
    if found is None:
        raise Conflict("This work has no marks yet, so no decision about it can be recorded.")
    return found


def _latest(session: Session, submission_id: int) -> AnyRow | None:
    return session.execute(
        select(*Outcome.__table__.c)
        .where(Outcome.submission_id == submission_id)
        .order_by(Outcome.number.desc())
        .limit(1)
    ).first()


def _outcome(judgement: AnyRow, decision: Decision, prior: AnyRow | None, actor_id: int) -> Outcome:
    """The outcome of a decision; one that changes nothing keeps how the mark came about."""
    stays = prior is not None and prior.final == decision.final
    raw = decision.final if judgement.overall is None else judgement.overall
    cap, scaled, penalty = None, None, Decimal(0)
    steps = [Step(RAW, raw if decision.raw is None else decision.raw).as_document()]
    if prior is not None and stays:
        raw, cap, scaled, penalty = prior.raw, prior.cap, prior.scaled, prior.penalty
        steps = list((prior.working or {}).get("steps", steps))
    words = SOURCES[decision.source]
    said = Step(DECIDED, decision.final, kind=decision.source, words=words)
    return Outcome(
        submission_id=judgement.submission_id,
        number=(prior.number if prior else 0) + 1,
        judgement_id=judgement.id,
        raw=raw if decision.raw is None else decision.raw,
        scaled=scaled,
        penalty=penalty if decision.penalty is None else decision.penalty,
        cap=cap,
        final=decision.final,
        standing=CONFIRMED,
        working={"steps": [*steps, said.as_document()]},
        source=decision.source,
        reason=decision.reason,
        decided_by_id=actor_id,
        created_at=clock.now(),
    )


def _keeps_theirs(session: Session, assignment: AssignmentRead, work: HandedIn) -> bool:
    found = list_standings(session, (work.context_id,), (assignment.id,), work.person_id)
    standing = found.get((assignment.id, work.person_id))
    return standing is not None and standing.is_theirs


def record_decision(
    session: Session,
    assignment: AssignmentRead,
    work: HandedIn,
    terms: Terms,
    decision: Decision,
    *,
    actor_id: int,
) -> int:
    """Record a decision, let its author see it, and promise it to the gradebook. A result that
    stays the same is confirmed without a message; it is sent again all the same, since the
    comment in the gradebook still calls it provisional, unless a tutor decided that the gradebook
    keeps a mark of its own.

    :return: the outcome's number within the submission.
    :raises Conflict: the work has no marks at all, or the assignment is closed.
    """
    require_open(assignment)
    lock_submission(session, work.submission_id)
    judgement = _judgement(session, work, terms)
    before = find_released(session, work.submission_id)
    prior = _latest(session, work.submission_id)
    outcome = _outcome(judgement, decision, prior, actor_id)
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
    is_same = before is not None and before.final == outcome.final
    open_to_the_participant(session, assignment, work, outcome, before, actor_id, is_quiet=is_same)
    if not (is_same and _keeps_theirs(session, assignment, work)):
        promise(session, assignment, work, terms, outcome, judgement)
    return outcome.number
