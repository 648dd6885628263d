"""Recording facts: checks, agreements that came another way, a change of school.

Each fact is a further row; a wrong one is withdrawn, never overwritten. Called by the head's
page, the tutor's forms and the programme office's file alike.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from lti_tool.audit.operations import record
from lti_tool.core import clock
from lti_tool.db.statements import count_changed
from lti_tool.programme import asking
from lti_tool.programme.agreements import SUBJECT, find_agreement
from lti_tool.programme.mentors import By, end_mentorship, find_mentor
from lti_tool.programme.models import DbsCheck, SchoolAgreement
from lti_tool.programme.posts import find_post, move_post

SCHOOL, OFFICE, TUTOR = "school", "office", "tutor"
"""Where a fact came from."""


@dataclass(frozen=True, slots=True)
class DbsFacts:
    """What is held of a check: never the certificate, nor its number."""

    level: str
    workforce: str
    issued_on: date
    update_service_on: date | None
    checked_by: str
    checked_on: date


def record_dbs(
    session: Session,
    person_id: int,
    facts: DbsFacts,
    *,
    source: str,
    by: By,
    guest_id: int | None = None,
) -> int:
    """Record the facts of a check; from now on they are those that count.

    :return: the row's number.
    """
    check = DbsCheck(
        person_id=person_id,
        level=facts.level,
        workforce=facts.workforce,
        issued_on=facts.issued_on,
        update_service_on=facts.update_service_on,
        checked_by=facts.checked_by,
        checked_on=facts.checked_on,
        source=source,
        recorded_by_id=by.person_id,
        guest_id=guest_id,
        recorded_at=clock.now(),
    )
    session.add(check)
    session.flush()
    record(
        session,
        "DBS check recorded",
        ("dbs_check", check.id),
        actor=by.actor,
        actor_id=by.person_id,
        context_id=by.context_id,
        became={"person": person_id, "source": source},
    )
    return check.id


def withdraw_dbs(session: Session, person_id: int, check_id: int, *, by: By) -> bool:
    """Withdraw a check that was recorded wrongly; the one recorded before counts again.

    :return: whether it stood until now.
    """
    changed = count_changed(
        session,
        update(DbsCheck)
        .where(
            DbsCheck.id == check_id,
            DbsCheck.person_id == person_id,
            DbsCheck.withdrawn_at.is_(None),
        )
        .values(withdrawn_at=clock.now()),
    )
    if changed:
        record(
            session,
            "DBS check withdrawn",
            ("dbs_check", check_id),
            actor_id=by.person_id,
            context_id=by.context_id,
        )
    return bool(changed)


def record_agreement(
    session: Session,
    person_id: int,
    school_id: int,
    *,
    agreed_on: date,
    release_days: int | None,
    source: str,
    by: By,
) -> int:
    """Record an agreement that came another way, such as on paper. What was asked before ends.

    :return: its number.
    """
    before = find_agreement(session, person_id)
    if before is not None:
        asking.close(session, before, by=by, why="another agreement was recorded")
    answer: dict[str, Any] = {"agreed_on": agreed_on.isoformat()}
    now = clock.now()
    agreement = SchoolAgreement(
        person_id=person_id,
        context_id=by.context_id,
        assignment_id=by.assignment_id,
        school_id=school_id,
        source=source,
        asked_at=now,
        answered_at=now,
        is_agreed=True,
        release_days=release_days,
        answer=answer,
    )
    session.add(agreement)
    session.flush()
    record(
        session,
        "school’s agreement recorded",
        (SUBJECT, agreement.id),
        actor=by.actor,
        actor_id=by.person_id,
        context_id=by.context_id,
        became={"person": person_id, "school": school_id, "source": source},
    )
    return agreement.id


def change_school(
    session: Session, person_id: int, school_id: int, *, started_on: date, by: By
) -> bool:
    """Somebody works at another school from a day on. What they had keeps its dates; the mentor of
    the school before ends, and so does that school's agreement, since it agreed for itself.

    DBS checks stay: they are of the person. Whether the new school has seen them is what its own
    head is asked.

    :return: whether they worked elsewhere, or nowhere that was known, before.
    """
    before = find_post(session, person_id)
    if before is not None and before.school.id == school_id:
        return False
    actor_id = by.person_id
    if actor_id is None:
        raise ValueError("A guest says nothing of where a participant works.")
    move_post(
        session,
        person_id,
        school_id,
        started_on=started_on,
        actor_id=actor_id,
        context_id=by.context_id,
    )
    mentor = find_mentor(session, person_id)
    if mentor is not None and mentor.school_id != school_id:
        last = max(mentor.started_on, started_on - timedelta(days=1))
        end_mentorship(session, mentor.id, on=last, reason="the participant changed school", by=by)
    agreed = find_agreement(session, person_id)
    if agreed is not None and agreed.school_id != school_id:
        asking.close(session, agreed, by=by, why="the participant changed school")
    return True
