"""Who takes part in a cohort, and with which status on a day.

Rows are only added: of those that began by a day, the latest holds. Nobody's standing is ever
worked out from marks.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool.programme.cohorts.models import Cohort, Participation
from lti_tool.programme.cohorts.words import ACTIVE, COMPLETED, INTERMITTING


@dataclass(frozen=True, slots=True)
class Standing:
    """A person's status in a cohort, and since which day."""

    status: str
    """active, intermitting, transferred, withdrawn or completed."""
    since_on: date

    @property
    def is_active(self) -> bool:
        """Whether they take part now."""
        return self.status == ACTIVE

    @property
    def is_on_the_way(self) -> bool:
        """Whether they take part or mean to come back, so that deadlines are watched."""
        return self.status in (ACTIVE, INTERMITTING)

    @property
    def can_be_awarded(self) -> bool:
        """Whether a board can decide for them here: not once they left or went elsewhere."""
        return self.status in (ACTIVE, INTERMITTING, COMPLETED)


@dataclass(frozen=True, slots=True)
class Step:
    """One entry of a person's history in a cohort."""

    id: int
    status: str
    since_on: date
    reason: str
    to_cohort: str
    recorded_by_id: int | None
    recorded_at: datetime


_STEP: tuple[Any, ...] = (
    Participation.id,
    Participation.status,
    Participation.since_on,
    Participation.reason,
    func.coalesce(Cohort.title, ""),
    Participation.recorded_by_id,
    Participation.recorded_at,
)


def people_in(session: Session, cohort_id: int, on: date) -> dict[int, Standing]:
    """Everyone who has had a part in a cohort by a day, with their status on that day. One query.

    :return: by the person's row number, those who left it too; see `Standing.status`.
    """
    return people_in_cohorts(session, (cohort_id,), on).get(cohort_id, {})


def people_in_cohorts(
    session: Session, cohort_ids: Iterable[int], on: date
) -> dict[int, dict[int, Standing]]:
    """As `people_in`, for several cohorts at once: by cohort, then by person. One query."""
    rows = session.execute(
        select(
            Participation.cohort_id,
            Participation.person_id,
            Participation.status,
            Participation.since_on,
        )
        .where(Participation.cohort_id.in_(set(cohort_ids)), Participation.since_on <= on)
        .order_by(Participation.since_on, Participation.id)
    )
    found: dict[int, dict[int, Standing]] = {}
    for row in rows:
        found.setdefault(row.cohort_id, {})[row.person_id] = Standing(row.status, row.since_on)
    return found


def starts_in(session: Session, cohort_id: int) -> dict[int, date]:
    """The first day of each person's history in a cohort, by person. One query."""
    rows = session.execute(
        select(Participation.person_id, func.min(Participation.since_on))
        .where(Participation.cohort_id == cohort_id)
        .group_by(Participation.person_id)
    )
    return {person_id: day for person_id, day in rows}


def day_to_look_at(starts_on: date, today: date) -> date:
    """The day for which a cohort's people are shown: today, or before it began its first day."""
    return max(starts_on, today)


def list_steps(session: Session, cohort_id: int, person_id: int) -> list[Step]:
    """A person's history in a cohort, the latest day first."""
    rows = session.execute(
        select(*_STEP)
        .outerjoin(Cohort, Cohort.id == Participation.to_cohort_id)
        .where(Participation.cohort_id == cohort_id, Participation.person_id == person_id)
        .order_by(Participation.since_on.desc(), Participation.id.desc())
    )
    return [Step(*tuple(row)) for row in rows]


def entries_of(session: Session, cohort_id: int) -> dict[int, int]:
    """The number by which pages name somebody in a cohort, by person: that of their first row,
    so that no address holds a person's own number."""
    rows = session.execute(
        select(Participation.person_id, func.min(Participation.id))
        .where(Participation.cohort_id == cohort_id)
        .group_by(Participation.person_id)
    )
    return {person_id: entry for person_id, entry in rows}


def find_by_entry(session: Session, cohort_id: int, entry: int) -> int | None:
    """Whose entry it is in a cohort, or None."""
    return session.scalar(
        select(Participation.person_id).where(
            Participation.cohort_id == cohort_id, Participation.id == entry
        )
    )
