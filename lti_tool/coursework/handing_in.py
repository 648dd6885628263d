"""Handing work in, which freezes a copy of it, and taking it back.

Writes like those of `operations.py`, kept apart because a copy, once made, is never changed.
"""

from sqlalchemy import update
from sqlalchemy.orm import Session

from lti_tool.audit.operations import record
from lti_tool.catalogue.contract import Activity
from lti_tool.core import clock
from lti_tool.core.digests import document_digest
from lti_tool.core.errors import Conflict
from lti_tool.core.identifiers import short_code
from lti_tool.coursework.due_dates import due_for
from lti_tool.coursework.lateness import Deadline
from lti_tool.coursework.models import HandedInCopy
from lti_tool.coursework.operations import AlreadyHandedIn
from lti_tool.coursework.own_work import Work
from lti_tool.coursework.queries import AssignmentRead
from lti_tool.coursework.resetting import require_open
from lti_tool.mail.outbox import HANDED_IN, TAKEN_BACK, tell


class TooLate(Conflict):
    """The due date has passed."""


def say_not_accepted(deadline: Deadline) -> str:
    """Why nothing is accepted any more, and what to do."""
    until = deadline.accepted_until or deadline.due_at
    return (
        f"Work was accepted until {clock.day_and_time(until)}, so it can no longer be handed in. "
        "Everything you wrote is kept. Ask your tutor whether you can have a later date."
    )


def hand_in(
    session: Session,
    assignment: AssignmentRead,
    person_id: int,
    activity: Activity,
    work: Work,
    declarations: dict[str, str],
    deadline: Deadline | None,
) -> str:
    """Hand the work in: freeze a copy of it with the declarations as they were worded.

    :param declarations: key to exact wording of each declaration agreed to.
    :param deadline: the due date that applies to this person, as `deadline_for` gives it.
    :return: the receipt's number.
    :raises AlreadyHandedIn: a copy is in force already.
    :raises TooLate: nothing is accepted any more.
    """
    require_open(assignment)
    if work.is_handed_in or work.submission_id is None:
        raise AlreadyHandedIn(
            "Your work is handed in already."
            if work.is_handed_in
            else "There is nothing to hand in yet."
        )
    if deadline is not None and not deadline.is_accepted(clock.now()):
        raise TooLate(say_not_accepted(deadline))
    receipt = f"{short_code(4)}-{short_code(4)}"
    copy = HandedInCopy(
        submission_id=work.submission_id,
        document=work.document,
        document_version=activity.document_version,
        document_digest=document_digest(work.document),
        declarations=declarations,
        receipt=receipt,
        due_at=deadline.due_at if deadline else None,
        handed_in_at=clock.now(),
    )
    session.add(copy)
    session.flush()
    record(
        session,
        "work handed in",
        ("submission", work.submission_id),
        actor_id=person_id,
        context_id=assignment.context_id,
        became={"copy": copy.id, "attempt": work.attempt},
    )
    tell(
        session,
        HANDED_IN,
        once=str(copy.id),
        person_id=person_id,
        context_id=assignment.context_id,
        assignment_id=assignment.id,
        about={"copy": copy.id},
    )
    return receipt


def take_back(
    session: Session,
    assignment: AssignmentRead,
    person_id: int,
    work: Work,
    *,
    is_being_marked: bool,
) -> None:
    """Take handed-in work back to go on with it, until the due date.

    :param is_being_marked: whether a marker has begun, which closes the way back.
    :raises TooLate: the due date has passed, or marking has begun.
    """
    if not work.is_handed_in:
        raise Conflict("This work is not handed in, so there is nothing to take back.")
    due_at = due_for(session, assignment, person_id)
    if due_at is not None and clock.now() > due_at:
        raise TooLate(
            "The due date has passed, so the work can no longer be taken back. "
            "Ask your tutor if something went wrong."
        )
    if is_being_marked:
        raise TooLate(
            "Your tutor has begun to mark this work, so it can no longer be taken "
            "back. Ask your tutor if something went wrong."
        )
    session.execute(
        update(HandedInCopy)
        .where(HandedInCopy.id == work.copy_id)
        .values(taken_back_at=clock.now())
    )
    record(
        session,
        "work taken back",
        ("submission", work.submission_id or 0),
        actor_id=person_id,
        context_id=assignment.context_id,
        was={"copy": work.copy_id},
    )
    tell(
        session,
        TAKEN_BACK,
        once=str(work.copy_id),
        person_id=person_id,
        context_id=assignment.context_id,
        assignment_id=assignment.id,
    )
