"""Step 2 of a grade: releasing the mark that comes of the judgements, in one transaction with
the promise to the gradebook."""

from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool.audit.operations import record
from lti_tool.core import clock
from lti_tool.core.errors import Conflict
from lti_tool.coursework.copying import lock_assignment
from lti_tool.coursework.queries import AssignmentRead, HandedIn
from lti_tool.coursework.resetting import require_open
from lti_tool.db.statements import AnyRow
from lti_tool.mail.outbox import RELEASED, tell
from lti_tool.marking.judging import MarkedElsewhere
from lti_tool.marking.models import Outcome, Release
from lti_tool.marking.promising import promise
from lti_tool.marking.queries import ReleasedMark, find_judgement, find_released, lock_submission
from lti_tool.marking.rubrics import Rubric


class NotReady(Conflict):
    """The mark cannot be released as it stands."""


def _ready(judgement: AnyRow | None, before: ReleasedMark | None, number: int) -> AnyRow:
    """The judgement, if it and no other may be released now."""
    if judgement is None or judgement.overall is None:
        raise NotReady("Every criterion needs a mark before this can be released.")
    if judgement.number != number:
        raise MarkedElsewhere(
            "The marks were changed since you opened this page. Look at them again, then release."
        )
    if before is not None and before.judgement_id == judgement.id:
        raise NotReady("This mark is released already.")
    return judgement


def _add_outcome(session: Session, judgement: AnyRow) -> Outcome:
    """What comes of a judgement, numbered after those before it."""
    count = session.scalar(
        select(func.count())
        .select_from(Outcome)
        .where(Outcome.submission_id == judgement.submission_id)
    )
    outcome = Outcome(
        submission_id=judgement.submission_id,
        number=(count or 0) + 1,
        judgement_id=judgement.id,
        raw=judgement.overall,
        penalty=Decimal(0),
        cap=None,
        final=judgement.overall,
        standing="provisional",
        created_at=clock.now(),
    )
    session.add(outcome)
    session.flush()
    return outcome


def _open_to_the_participant(
    session: Session,
    assignment: AssignmentRead,
    work: HandedIn,
    outcome: Outcome,
    before: ReleasedMark | None,
    actor_id: int,
) -> None:
    session.add(
        Release(
            outcome_id=outcome.id,
            submission_id=work.submission_id,
            released_by_id=actor_id,
            released_at=clock.now(),
        )
    )
    record(
        session,
        "mark released",
        ("submission", work.submission_id),
        actor_id=actor_id,
        context_id=work.context_id,
        was={"final": str(before.final)} if before else None,
        became={"final": str(outcome.final), "outcome": outcome.number},
    )
    tell(
        session,
        RELEASED,
        once=str(outcome.id),
        person_id=work.person_id,
        context_id=work.context_id,
        assignment_id=assignment.id,
    )


def release_mark(
    session: Session,
    assignment: AssignmentRead,
    work: HandedIn,
    rubric: Rubric,
    *,
    number: int,
    actor_id: int,
) -> int | None:
    """Let the participant see the mark, and promise it to the gradebook, in one transaction.

    :param number: the judgement the releasing page showed.
    :return: the delivery's row number, or None where the platform offers no gradebook.
    :raises NotReady: a criterion is unmarked, or this mark is released already.
    :raises MarkedElsewhere: a newer judgement was saved since the page was opened.
    """
    require_open(assignment)
    lock_submission(session, work.submission_id)
    before = find_released(session, work.submission_id)
    judgement = _ready(find_judgement(session, work.submission_id), before, number)
    outcome = _add_outcome(session, judgement)
    _open_to_the_participant(session, assignment, work, outcome, before, actor_id)
    lock_assignment(session, assignment.id)
    return promise(session, assignment, work, rubric, outcome.final, judgement)
