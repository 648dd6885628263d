"""Step 2 of a grade: releasing the mark that comes of the judgements, in one transaction with
the promise to the gradebook; and taking a release back."""

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from lti_tool.audit.operations import record
from lti_tool.core import clock
from lti_tool.core.errors import Conflict
from lti_tool.coursework.queries import AssignmentRead, HandedIn
from lti_tool.coursework.resetting import require_open
from lti_tool.db.statements import AnyRow, count_changed
from lti_tool.gradebook.withdrawing import withdraw
from lti_tool.mail.outbox import RELEASE_WITHDRAWN, RELEASED, tell
from lti_tool.mail.outbox import withdraw as withdraw_message
from lti_tool.marking.deciding import find_deciding
from lti_tool.marking.holds import is_held
from lti_tool.marking.judging import MarkedElsewhere
from lti_tool.marking.models import Outcome, Release
from lti_tool.marking.moderation.gate import list_blocked
from lti_tool.marking.out_of_date import is_out_already
from lti_tool.marking.promising import promise
from lti_tool.marking.queries import ReleasedMark, find_released, lock_submission
from lti_tool.marking.reckoning import Reckoned
from lti_tool.marking.standing import MARKING, PROVISIONAL, require_unsettled
from lti_tool.marking.terms import Terms

UNMARKED = "Every criterion needs a mark before this can be released."
HELD = "This result is held back. Lift the hold first, then release it."
OF_ANOTHER_COPY = (
    "This work was handed in anew since it was marked. Look at it again and save its marks, then "
    "release."
)
ALREADY = "This mark is released already."


class NotReady(Conflict):
    """The mark cannot be released as it stands."""


def _require_free(
    session: Session, assignment: AssignmentRead, work: HandedIn, terms: Terms
) -> None:
    """Refuse what a hold, a board or moderation keeps back."""
    require_unsettled(session, work.submission_id)
    if is_held(session, work.submission_id):
        raise NotReady(HELD)
    blocked = list_blocked(session, assignment, terms.rules, (work.submission_id,))
    if work.submission_id in blocked:
        raise NotReady(blocked[work.submission_id])


def _ready(judgement: AnyRow | None, work: HandedIn, number: int) -> AnyRow:
    """The judgement, if it is whole, of this very copy, and the one that the page showed."""
    if judgement is None or judgement.overall is None:
        raise NotReady(UNMARKED)
    if judgement.copy_id != work.copy_id:
        raise NotReady(OF_ANOTHER_COPY)
    if judgement.number != number:
        raise MarkedElsewhere(
            "The marks were changed since you opened this page. Look at them again, then release."
        )
    return judgement


def _add_outcome(session: Session, judgement: AnyRow, reckoned: Reckoned) -> Outcome:
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
        raw=reckoned.raw,
        scaled=reckoned.scaled,
        penalty=reckoned.penalty,
        cap=reckoned.cap,
        final=reckoned.final,
        standing=PROVISIONAL,
        working=reckoned.working,
        source=MARKING,
        created_at=clock.now(),
    )
    session.add(outcome)
    session.flush()
    return outcome


def open_to_the_participant(
    session: Session,
    assignment: AssignmentRead,
    work: HandedIn,
    outcome: Outcome,
    before: ReleasedMark | None,
    actor_id: int,
    *,
    is_quiet: bool = False,
) -> None:
    """Let the participant see an outcome from now on, and tell them that there is one.

    :param is_quiet: tell them nothing, where the result stays as they know it.
    """
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
        became={
            "raw": str(outcome.raw),
            "penalty": str(outcome.penalty),
            "cap": None if outcome.cap is None else str(outcome.cap),
            "final": str(outcome.final),
            "outcome": outcome.number,
        },
    )
    if is_quiet:
        return
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
    terms: Terms,
    *,
    number: int,
    actor_id: int,
) -> int | None:
    """Let the participant see the mark, and promise it to the gradebook, in one transaction.

    :param terms: how this assignment's marks are counted.
    :param number: the judgement the releasing page showed.
    :return: the delivery's row number, or None where the platform offers no gradebook.
    :raises NotReady: a criterion is unmarked, the mark is held back, moderation or an agreed
        mark is missing, or this mark is released already.
    :raises Settled: a board's result is recorded.
    :raises MarkedElsewhere: a newer judgement was saved since the page was opened.
    """
    require_open(assignment)
    lock_submission(session, work.submission_id)
    _require_free(session, assignment, work, terms)
    before = find_released(session, work.submission_id)
    judgement = _ready(find_deciding(session, work.submission_id, terms.rules), work, number)
    reckoned = terms.reckon(work, judgement.overall)
    if is_out_already(before, judgement, reckoned):
        raise NotReady(ALREADY)
    outcome = _add_outcome(session, judgement, reckoned)
    open_to_the_participant(session, assignment, work, outcome, before, actor_id)
    return promise(session, assignment, work, terms, outcome, judgement)


def _tell_taken_back(session: Session, work: HandedIn, assignment_id: int) -> None:
    """Keep back the news of the release, or tell them that it no longer holds."""
    outcome_ids = session.scalars(
        select(Release.outcome_id).where(
            Release.submission_id == work.submission_id, Release.taken_back_at.is_(None)
        )
    ).all()
    kept_back = [
        withdraw_message(session, RELEASED, once=str(number), person_id=work.person_id)
        for number in outcome_ids
    ]
    if not all(kept_back):
        tell(
            session,
            RELEASE_WITHDRAWN,
            once=str(max(outcome_ids)),
            person_id=work.person_id,
            context_id=work.context_id,
            assignment_id=assignment_id,
        )


def take_back_release(
    session: Session, assignment: AssignmentRead, work: HandedIn, *, reason: str, actor_id: int
) -> str:
    """Hide a released mark from the participant again; what waits to be sent is not sent.

    :return: what the platform shows now, as `gradebook.withdrawing` says it.
    :raises NotReady: nothing is released.
    :raises Settled: a board's result is recorded.
    """
    require_open(assignment)
    lock_submission(session, work.submission_id)
    require_unsettled(session, work.submission_id)
    before = find_released(session, work.submission_id)
    if before is None:
        raise NotReady("This mark is not released, so there is nothing to take back.")
    _tell_taken_back(session, work, assignment.id)
    count_changed(
        session,
        update(Release)
        .where(Release.submission_id == work.submission_id, Release.taken_back_at.is_(None))
        .values(taken_back_at=clock.now(), taken_back_by_id=actor_id, take_back_reason=reason),
    )
    shows = withdraw(session, assignment.id, work.person_id)
    record(
        session,
        "release taken back",
        ("submission", work.submission_id),
        actor_id=actor_id,
        context_id=work.context_id,
        was={"final": str(before.final)},
        became={"gradebook": shows},
        reason=reason,
    )
    return shows
