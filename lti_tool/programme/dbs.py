"""DBS checks as facts of the single central record, and whether one is enough. Pure but for the
reads at the end.

A certificate has no date on which it expires. What is asked is whether it is of the level and
for the workforce that the programme asks for, and whether it was issued, or the Update Service
asked, within the programme's own limit.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool.programme.dates import add_months, in_words
from lti_tool.programme.models import DbsCheck
from lti_tool.programme.numbers import ProgrammeNumbers
from lti_tool.programme.words import DBS_LEVELS, WORKFORCES

_RANKS = {level: rank for rank, level in enumerate(DBS_LEVELS)}
_COVERS = {
    "child": {"child", "child_and_adult"},
    "adult": {"adult", "child_and_adult"},
    "child_and_adult": {"child_and_adult"},
}


@dataclass(frozen=True, slots=True)
class DbsRead:
    """Facts of one check."""

    id: int
    person_id: int
    level: str
    workforce: str
    issued_on: date
    update_service_on: date | None
    checked_by: str
    checked_on: date
    source: str
    recorded_at: datetime
    withdrawn_at: datetime | None = None

    @property
    def last_known_on(self) -> date:
        """The day that the limit counts from: issued, or asked of the Update Service, the later."""
        return max(self.issued_on, self.update_service_on or self.issued_on)


def good_until(dbs: DbsRead, numbers: ProgrammeNumbers) -> date:
    """The last day that lies within our limit."""
    return add_months(dbs.last_known_on, numbers.dbs_limit_months)


def why_dbs_short(dbs: DbsRead | None, numbers: ProgrammeNumbers, on: date) -> str | None:
    """A sentence why a check is not enough on a day, or None where it is.

    :param dbs: None where no check is known, which is not enough on any day.
    """
    if dbs is None:
        return "No DBS check from the school’s single central record is recorded."
    if _RANKS.get(dbs.level, -1) < _RANKS[numbers.dbs_level]:
        return (
            f"The DBS check is {DBS_LEVELS.get(dbs.level, dbs.level).lower()}; at least "
            f"{DBS_LEVELS[numbers.dbs_level].lower()} is asked for."
        )
    if dbs.workforce not in _COVERS[numbers.dbs_workforce]:
        return (
            f"The DBS check is for the {WORKFORCES.get(dbs.workforce, dbs.workforce).lower()}; "
            f"the {WORKFORCES[numbers.dbs_workforce].lower()} is asked for."
        )
    if dbs.issued_on > on:
        return f"The DBS check was issued on {in_words(dbs.issued_on)}, after that day."
    if good_until(dbs, numbers) < on:
        return (
            f"The DBS check was last known to be right on {in_words(dbs.last_known_on)}, which is "
            f"longer ago on {in_words(on)} than our limit of {numbers.dbs_limit_months} months. "
            "The school can ask the Update Service, or give the facts of a newer check."
        )
    return None


def as_it_stood(checks: Iterable[DbsRead], on: date) -> DbsRead | None:
    """The check that counted on a day, or None: of those that an office had looked at by then, the
    one recorded last. What the Update Service said later was not known yet.

    :param checks: those that were not withdrawn, in the order they were recorded.
    """
    looked_at = [one for one in checks if one.checked_on <= on]
    if not looked_at:
        return None
    found = looked_at[-1]
    if found.update_service_on is not None and found.update_service_on > on:
        return replace(found, update_service_on=None)
    return found


DBS = (
    DbsCheck.id,
    DbsCheck.person_id,
    DbsCheck.level,
    DbsCheck.workforce,
    DbsCheck.issued_on,
    DbsCheck.update_service_on,
    DbsCheck.checked_by,
    DbsCheck.checked_on,
    DbsCheck.source,
    DbsCheck.recorded_at,
    DbsCheck.withdrawn_at,
)


def find_dbs(session: Session, person_id: int) -> DbsRead | None:
    """The check recorded last that was not withdrawn, or None."""
    return dbs_of(session, [person_id]).get(person_id)


def dbs_of(session: Session, person_ids: Iterable[int]) -> dict[int, DbsRead]:
    """The same for many people, in one query."""
    latest = (
        select(func.max(DbsCheck.id))
        .where(DbsCheck.person_id.in_(set(person_ids)), DbsCheck.withdrawn_at.is_(None))
        .group_by(DbsCheck.person_id)
    )
    rows = session.execute(select(*DBS).where(DbsCheck.id.in_(latest)))
    return {row.person_id: DbsRead(*row) for row in rows}


def checks_of(session: Session, person_ids: Iterable[int]) -> dict[int, list[DbsRead]]:
    """Every check of people that was not withdrawn, in the order they were recorded. One query."""
    found: dict[int, list[DbsRead]] = {}
    for row in session.execute(
        select(*DBS)
        .where(DbsCheck.person_id.in_(set(person_ids)), DbsCheck.withdrawn_at.is_(None))
        .order_by(DbsCheck.id)
    ):
        found.setdefault(row.person_id, []).append(DbsRead(*row))
    return found


def list_dbs(session: Session, person_id: int) -> list[DbsRead]:
    """Every check ever recorded of a person, the newest first, those withdrawn too."""
    rows = session.execute(
        select(*DBS).where(DbsCheck.person_id == person_id).order_by(DbsCheck.id.desc())
    )
    return [DbsRead(*row) for row in rows]
