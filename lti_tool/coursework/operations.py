"""Writes of course work, one function an act: set work, change its dates, save it."""

import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from lti_tool.audit.operations import record
from lti_tool.catalogue.contract import Activity
from lti_tool.core import clock
from lti_tool.core.errors import Conflict
from lti_tool.core.identifiers import random_token, short_code
from lti_tool.coursework.earlier import thin_out
from lti_tool.coursework.models import (
    Assignment,
    Candidate,
    EarlierDraft,
    Submission,
)
from lti_tool.coursework.own_work import Work
from lti_tool.coursework.queries import AssignmentRead
from lti_tool.db.statements import count_changed, insert_if_missing

LARGEST_DOCUMENT = 4 * 1024 * 1024


class ChangedElsewhere(Conflict):
    """The work was saved in another tab or on another device in between."""


class AlreadyHandedIn(Conflict):
    """The work is handed in and closed to changes."""


def set_assignment(
    session: Session,
    *,
    context_id: int,
    activity: Activity,
    title: str,
    rubric_version: int,
    rules_version: int,
    rubric_key: str | None = None,
    maximum: Decimal = Decimal(100),
    resource_id: str | None = None,
    due_at: datetime | None = None,
    board_on: date | None = None,
    actor_id: int | None = None,
) -> int:
    """Set work in a context.

    :param title: as the course shows it; the activity's own title where it has none.
    :param rubric_key: the activity's usual rubric where left out.
    :param resource_id: our name for it in line items, where a deep link carried one.
    :return: the assignment's row number.
    """
    assignment = Assignment(
        context_id=context_id,
        resource_id=resource_id or random_token(24),
        activity=activity.key,
        title=title or activity.title,
        maximum=maximum,
        rubric_key=rubric_key or activity.rubric_key,
        rubric_version=rubric_version,
        rules_key=activity.rules_key,
        rules_version=rules_version,
        due_at=due_at,
        board_on=board_on,
        is_anonymous=False,
        version=1,
        created_at=clock.now(),
    )
    session.add(assignment)
    session.flush()
    record(
        session,
        "work set",
        ("assignment", assignment.id),
        actor="platform" if actor_id is None else "person",
        actor_id=actor_id,
        context_id=context_id,
        became={"activity": activity.key},
    )
    return assignment.id


def ensure_candidate(session: Session, assignment_id: int, person_id: int) -> None:
    """Give a person a code on an assignment, under which their work is marked."""
    there = session.scalar(
        select(Candidate.id).where(
            Candidate.assignment_id == assignment_id, Candidate.person_id == person_id
        )
    )
    while there is None:
        code = short_code(6)
        taken = session.scalar(
            select(func.count())
            .select_from(Candidate)
            .where(Candidate.assignment_id == assignment_id, Candidate.code == code)
        )
        if not taken:
            insert_if_missing(
                session,
                Candidate,
                ["assignment_id", "person_id"],
                {"assignment_id": assignment_id, "person_id": person_id, "code": code},
            )
            there = 1


def _moved() -> ChangedElsewhere:
    return ChangedElsewhere(
        "Your work was changed in another tab or on another device since this page was opened. "
        "Copy what you typed here, reload the page, and put it in again."
    )


def _begin(
    session: Session, assignment_id: int, person_id: int, attempt: int, kept: dict[str, Any]
) -> bool:
    """Make the submission's row; False where another tab was faster."""
    now = clock.now()
    values = {
        **kept,
        "assignment_id": assignment_id,
        "person_id": person_id,
        "attempt": attempt,
        "revision": 1,
        "created_at": now,
        "updated_at": now,
    }
    unique = ["assignment_id", "person_id", "attempt"]
    return insert_if_missing(session, Submission, unique, values) is not None


def _keep_earlier(session: Session, work: Work, why: str) -> None:
    """Keep the document as it stood, so that it can be brought back."""
    kept = {
        "submission_id": work.submission_id,
        "revision": work.revision,
        "document": work.document,
        "why": why,
        "kept_at": clock.now(),
    }
    # Another tab may have kept it just now; who was faster shows as the work itself is written.
    insert_if_missing(session, EarlierDraft, ["submission_id", "revision"], kept)
    if work.submission_id is not None:
        thin_out(session, work.submission_id)


def save_work(
    session: Session,
    assignment: AssignmentRead,
    person_id: int,
    activity: Activity,
    work: Work,
    document: dict[str, Any],
    *,
    revision: int,
    keep_earlier: str | None = None,
) -> int:
    """Save the work in hand.

    :param work: as it was read in this request.
    :param revision: the revision the page was filled in from.
    :param keep_earlier: why the state before is worth keeping, where it is.
    :return: the new revision.
    :raises AlreadyHandedIn: the work is closed; it can be taken back until the due date.
    :raises ChangedElsewhere: it was saved elsewhere in between; nothing is overwritten.
    """
    if work.is_handed_in:
        raise AlreadyHandedIn(
            "Your work is handed in, so it can no longer be changed. Take it back first."
        )
    if len(json.dumps(document)) > LARGEST_DOCUMENT:
        raise Conflict("Your work has become too large to save. Remove some rows or text.")
    kept = {"document": document, "document_version": activity.document_version}
    if revision != work.revision:
        raise _moved()
    if work.submission_id is None:
        if not _begin(session, assignment.id, person_id, work.attempt, kept):
            raise _moved()
        ensure_candidate(session, assignment.id, person_id)
        return 1
    if keep_earlier:
        _keep_earlier(session, work, keep_earlier)
    done = count_changed(
        session,
        update(Submission)
        .where(Submission.id == work.submission_id, Submission.revision == revision)
        .values(**kept, revision=revision + 1, updated_at=clock.now()),
    )
    if not done:
        raise _moved()
    return revision + 1
