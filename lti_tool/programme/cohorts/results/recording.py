"""Recording a list of results that was looked at, and a single student number."""

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from lti_tool.audit.operations import record
from lti_tool.core import clock
from lti_tool.core.errors import Conflict
from lti_tool.programme.cohorts.models import ModuleResult, StudentNumber
from lti_tool.programme.cohorts.queries import CohortRead, ProgrammeRead
from lti_tool.programme.cohorts.results.matching import CHANGED, NEW, Preview


def _keep_numbers(session: Session, registration_id: int, numbers: dict[int, str]) -> None:
    rows = [
        {"registration_id": registration_id, "person_id": person_id, "number": number}
        for person_id, number in numbers.items()
    ]
    if rows:
        session.execute(insert(StudentNumber), rows)


def record_results(
    session: Session,
    programme: ProgrammeRead,
    cohort: CohortRead,
    preview: Preview,
    *,
    actor_id: int,
) -> int:
    """Add what is new in a list, in the caller's transaction. Nothing is changed or removed: a
    changed result is a further row, and the latest of an attempt holds.

    :return: how many rows of the list something was kept of.
    """
    now, numbers = clock.now(), preview.numbers
    _keep_numbers(session, programme.registration_id, numbers)
    results = [
        {
            "person_id": row.person_id,
            "cohort_id": cohort.id,
            "module_id": row.module.id,
            "attempt": row.line.attempt,
            "mark": row.line.mark,
            "is_passed": row.line.is_passed,
            "board_state": row.line.board_state,
            "decided_on": row.line.decided_on,
            "recorded_by_id": actor_id,
            "recorded_at": now,
        }
        for row in (*preview.of(NEW), *preview.of(CHANGED))
        if row.module is not None
    ]
    if results:
        session.execute(insert(ModuleResult), results)
    record(
        session,
        "module results recorded",
        ("cohort", cohort.id),
        actor_id=actor_id,
        became={
            "new": len(preview.of(NEW)),
            "changed": len(preview.of(CHANGED)),
            "numbers": len(numbers),
            "left_out": len(preview.problems),
        },
    )
    return len(preview.adding)


def keep_number(
    session: Session, registration_id: int, person_id: int, number: str, *, actor_id: int
) -> None:
    """Keep a person's student number, in place of an earlier one.

    :raises Conflict: the number is somebody else's.
    """
    taken = session.scalar(
        select(StudentNumber.person_id).where(
            StudentNumber.registration_id == registration_id, StudentNumber.number == number
        )
    )
    if taken == person_id:
        return
    if taken is not None:
        raise Conflict("This student number is kept for somebody else. Check both.")
    there = session.scalar(select(StudentNumber.id).where(StudentNumber.person_id == person_id))
    if there is None:
        session.add(
            StudentNumber(registration_id=registration_id, person_id=person_id, number=number)
        )
    else:
        session.execute(
            update(StudentNumber).where(StudentNumber.id == there).values(number=number)
        )
    record(session, "student number kept", ("person", person_id), actor_id=actor_id)
