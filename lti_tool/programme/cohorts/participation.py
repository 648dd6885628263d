"""Bringing people into a cohort from the course site's lists, and changing their status.

Whoever takes part in a course that is joined has a part in its cohort, unless they are in
another cohort of the programme: then a person decides, since they may only resubmit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from lti_tool.audit.operations import record
from lti_tool.core import clock
from lti_tool.core.errors import Conflict
from lti_tool.db import Database
from lti_tool.db.rounds import Rounds
from lti_tool.people.models import Membership
from lti_tool.people.queries import is_participant
from lti_tool.programme.cohorts.models import Cohort, ModuleRun, Participation
from lti_tool.programme.cohorts.queries import CohortRead, hold_cohort, list_with_courses
from lti_tool.programme.cohorts.standing import people_in, people_in_cohorts
from lti_tool.programme.cohorts.words import ACTIVE, INTERMITTING, TRANSFERRED
from lti_tool.settings import Settings

_rounds = Rounds(timedelta(minutes=10))
_OPEN = (ACTIVE, INTERMITTING)


@dataclass(frozen=True, slots=True)
class Change:
    """A status that somebody is to have from a day on."""

    status: str
    since_on: date
    reason: str
    to_cohort_id: int | None = None


def listed_in(session: Session, cohort: CohortRead) -> dict[int, date]:
    """Who takes part in the courses of a cohort now, by the course site's lists, and since when.

    Who was there when the course was joined counts from the cohort's first day: the tool may
    have come to the course later than they did. Who came afterwards counts from then.
    """
    rows = session.execute(
        select(
            Membership.person_id,
            func.min(Membership.first_seen_at).label("seen_at"),
            func.max(ModuleRun.joined_at).label("joined_at"),
        )
        .join(ModuleRun, ModuleRun.context_id == Membership.context_id)
        .where(ModuleRun.cohort_id == cohort.id, is_participant())
        .group_by(Membership.person_id)
        .order_by(Membership.person_id)
    )
    found = {}
    for row in rows:
        day = clock.in_london(row.seen_at).date()
        was_there = row.seen_at <= row.joined_at
        found[row.person_id] = min(day, cohort.starts_on) if was_there else day
    return found


def list_elsewhere(session: Session, cohort: CohortRead, listed: dict[int, date]) -> dict[int, int]:
    """Who is on the lists of a cohort's courses and is in another cohort of the programme.

    :param listed: as `listed_in` gives it.
    :return: the row number of that cohort, by person.
    """
    others = session.scalars(
        select(Cohort.id).where(Cohort.programme_id == cohort.programme_id, Cohort.id != cohort.id)
    ).all()
    there = people_in_cohorts(session, others, clock.today())
    return {
        person_id: cohort_id
        for cohort_id, people in there.items()
        for person_id, standing in people.items()
        if person_id in listed and standing.status in _OPEN
    }


def _list_new(session: Session, cohort: CohortRead) -> dict[int, date]:
    """Who is on the lists and in no cohort of the programme yet, with the day they came."""
    listed = listed_in(session, cohort)
    there = select(Participation.person_id).where(Participation.cohort_id == cohort.id)
    known = {*session.scalars(there), *list_elsewhere(session, cohort, listed)}
    return {person_id: since for person_id, since in listed.items() if person_id not in known}


def bring_in(session: Session, cohort: CohortRead, *, actor_id: int | None = None) -> int:
    """Bring in whom the course site lists in the cohort's courses, in the caller's transaction.

    :return: how many came in.
    """
    hold_cohort(session, cohort.id)
    new, now = _list_new(session, cohort), clock.now()
    rows = [
        {
            "cohort_id": cohort.id,
            "person_id": person_id,
            "status": ACTIVE,
            "since_on": since,
            "recorded_at": now,
        }
        for person_id, since in new.items()
    ]
    if rows:
        session.execute(insert(Participation), rows)
        record(
            session,
            "people brought into cohort",
            ("cohort", cohort.id),
            actor_id=actor_id,
            actor="tool" if actor_id is None else "person",
            became={"people": len(rows)},
        )
    return len(rows)


def _latest(session: Session, cohort_id: int, person_id: int) -> int | None:
    return session.scalar(
        select(func.max(Participation.id)).where(
            Participation.cohort_id == cohort_id, Participation.person_id == person_id
        )
    )


def change_status(
    session: Session,
    cohort: CohortRead,
    person_id: int,
    change: Change,
    *,
    built_on: int,
    actor_id: int,
) -> None:
    """Give somebody a status from a day on. What was before stays.

    A transfer also brings them into the cohort they go on in, from the same day.

    :param built_on: the number of the last entry that the form showed.
    :raises Conflict: somebody else has changed it in between, or it is a transfer to itself.
    """
    hold_cohort(session, cohort.id)
    if _latest(session, cohort.id, person_id) != built_on:
        raise Conflict(
            "Someone else changed this person’s status a moment ago. It is shown as it is now; "
            "change it again if you still want to."
        )
    if change.to_cohort_id == cohort.id:
        raise Conflict("They are in this cohort already. Choose the cohort they go on in.")
    was = people_in(session, cohort.id, clock.today()).get(person_id)
    _add(session, cohort.id, person_id, change, actor_id=actor_id)
    if change.status == TRANSFERRED and change.to_cohort_id is not None:
        comes = Change(ACTIVE, change.since_on, change.reason)
        _add(session, change.to_cohort_id, person_id, comes, actor_id=actor_id)
    record(
        session,
        "participation changed",
        ("cohort", cohort.id),
        actor_id=actor_id,
        was={"person": person_id, "status": was.status if was else None},
        became={
            "person": person_id,
            "status": change.status,
            "since_on": change.since_on.isoformat(),
            "to_cohort": change.to_cohort_id,
        },
        reason=change.reason,
    )


def _add(
    session: Session, cohort_id: int, person_id: int, change: Change, *, actor_id: int
) -> None:
    session.add(
        Participation(
            cohort_id=cohort_id,
            person_id=person_id,
            status=change.status,
            since_on=change.since_on,
            reason=change.reason,
            to_cohort_id=change.to_cohort_id,
            recorded_by_id=actor_id,
            recorded_at=clock.now(),
        )
    )
    session.flush()


def take_into(
    session: Session,
    cohort: CohortRead,
    before: CohortRead,
    person_ids: Sequence[int],
    reason: str,
    *,
    actor_id: int,
) -> None:
    """Take people of an earlier cohort into this one, from today or from its first day."""
    since = max(cohort.starts_on, clock.today())
    for person_id in person_ids:
        built_on = _latest(session, before.id, person_id)
        if built_on is not None:
            change = Change(TRANSFERRED, since, reason, cohort.id)
            change_status(session, before, person_id, change, built_on=built_on, actor_id=actor_id)


def bring_in_due(database: Database, settings: Settings) -> None:
    """Bring in whom the lists have gained, for every cohort with courses; at most every ten
    minutes in a process."""
    if not _rounds.begin(database):
        return
    with database.read() as reading:
        cohorts = [one for one in list_with_courses(reading) if _list_new(reading, one)]
    for cohort in cohorts:
        with database.write() as session:
            bring_in(session, cohort)
