"""What goes along to the next cohort's course: set-ups with new dates, and a person's own draft.

Rubric and rules keep the version they were fixed with. Never marks, handed-in copies or other
people's work; what is in the earlier course stays there.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lti_tool.audit.operations import record
from lti_tool.core import clock
from lti_tool.core.errors import Conflict
from lti_tool.coursework.copying import copy_set_up
from lti_tool.coursework.models import Assignment, Submission
from lti_tool.coursework.operations import ensure_candidate
from lti_tool.coursework.queries import AssignmentRead
from lti_tool.coursework.setting_up import has_handed_in
from lti_tool.db.statements import insert_if_missing


@dataclass(frozen=True, slots=True)
class Dates:
    """When work is due, and the day of its board."""

    due_at: datetime | None
    board_on: date | None


def match_assignments(
    before: list[AssignmentRead], after: list[AssignmentRead]
) -> dict[int, AssignmentRead]:
    """Which work of a later course takes the place of which of an earlier one.

    A copy of it; else the one of the same kind and title; else the only one of its kind on both
    sides. Closed work is passed over.

    :return: by the row number of the earlier assignment.
    """
    open_before = [one for one in before if one.closed_at is None]
    left = [one for one in after if one.closed_at is None]
    found: dict[int, AssignmentRead] = {}

    def alone(one: AssignmentRead, other: AssignmentRead) -> bool:
        kinds = ([x.activity for x in open_before], [x.activity for x in after])
        return one.activity == other.activity and all(
            kind.count(one.activity) == 1 for kind in kinds
        )

    ways = (
        lambda one, other: other.copied_from_id == one.id,
        lambda one, other: (one.activity, one.title) == (other.activity, other.title),
        alone,
    )
    for is_it in ways:
        for one in open_before:
            there = next((other for other in left if is_it(one, other)), None)
            if one.id not in found and there is not None:
                found[one.id] = there
                left.remove(there)
    return found


def carry_set_up(
    session: Session,
    source: AssignmentRead,
    target: AssignmentRead | None,
    context_id: int,
    dates: Dates,
    *,
    actor_id: int,
) -> int:
    """Set work in a course as it was set in an earlier one, with new dates.

    :param target: the work that is there already; None: it is set now, and a link to it can be
        added in the course. Work that was handed in keeps its rubric and rules.
    :return: the assignment's row number.
    """
    if target is None:
        number = copy_set_up(
            session,
            source.id,
            context_id,
            act="set-up carried to the next cohort",
            is_decided=True,
            actor_id=actor_id,
        )
    else:
        number = target.id
    fixed = target is not None and has_handed_in(session, target.id)
    same = {} if fixed else _fixed_versions(source)
    session.execute(
        update(Assignment)
        .where(Assignment.id == number, Assignment.context_id == context_id)
        .values(
            due_at=dates.due_at,
            board_on=dates.board_on,
            version=Assignment.version + 1,
            **same,
        )
    )
    record(
        session,
        "dates carried to the next cohort",
        ("assignment", number),
        actor_id=actor_id,
        context_id=context_id,
        was=_said(Dates(target.due_at, target.board_on)) if target else None,
        became={**_said(dates), "from": source.id},
    )
    return number


def _fixed_versions(source: AssignmentRead) -> dict[str, object]:
    names = ("rubric_key", "rubric_version", "rules_key", "rules_version", "is_anonymous")
    return {name: getattr(source, name) for name in names}


def _said(dates: Dates) -> dict[str, str | None]:
    return {
        "due_at": dates.due_at.isoformat() if dates.due_at else None,
        "board_on": dates.board_on.isoformat() if dates.board_on else None,
    }


def carry_draft(
    session: Session,
    source: AssignmentRead,
    target: AssignmentRead,
    person_id: int,
    *,
    actor_id: int,
) -> bool:
    """Let a person go on from their own latest draft in another course. The old one stays.

    :return: False where they have none, or have begun there already: nothing is overwritten.
    :raises Conflict: the two are not the same kind of work.
    """
    if source.activity != target.activity:
        raise Conflict("Only work of the same kind can go along.")
    row = session.execute(
        select(Submission.id, Submission.document, Submission.document_version)
        .where(Submission.assignment_id == source.id, Submission.person_id == person_id)
        .order_by(Submission.attempt.desc())
        .limit(1)
    ).first()
    if row is None:
        return False
    now = clock.now()
    made = insert_if_missing(
        session,
        Submission,
        ["assignment_id", "person_id", "attempt"],
        {
            "assignment_id": target.id,
            "person_id": person_id,
            "attempt": 1,
            "document": row.document,
            "document_version": row.document_version,
            "revision": 1,
            "created_at": now,
            "updated_at": now,
        },
    )
    if made is None:
        return False
    ensure_candidate(session, target.id, person_id)
    record(
        session,
        "draft carried forward",
        ("submission", made),
        actor_id=actor_id,
        context_id=target.context_id,
        became={"from": row.id},
    )
    return True
