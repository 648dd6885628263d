"""Reads of programmes, modules, cohorts and the courses that are their runs.

By row number or by course; what a visit may see is decided before, in `reach.py`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.core.errors import NotFound
from lti_tool.lti.models import Context
from lti_tool.programme.cohorts.models import Cohort, ModuleRun, Programme, ProgrammeModule


@dataclass(frozen=True, slots=True)
class ProgrammeRead:
    """A programme as pages need it."""

    id: int
    registration_id: int
    key: str
    title: str
    route: str
    credits: int
    revision: int


@dataclass(frozen=True, slots=True)
class ModuleRead:
    """A module of a programme."""

    id: int
    programme_id: int
    key: str
    title: str
    credits: int
    position: int


@dataclass(frozen=True, slots=True)
class CohortRead:
    """A cohort as pages need it."""

    id: int
    programme_id: int
    title: str
    starts_on: date
    ends_on: date | None
    outcome_set: str
    outcome_set_version: int
    previous_id: int | None
    revision: int


@dataclass(frozen=True, slots=True)
class Run:
    """A course that is the run of a module for a cohort."""

    context_id: int
    context_title: str
    cohort_id: int
    module_id: int
    module_key: str
    module_title: str


PROGRAMME: tuple[Any, ...] = (
    Programme.id,
    Programme.registration_id,
    Programme.key,
    Programme.title,
    Programme.route,
    Programme.credits,
    Programme.revision,
)
_MODULE: tuple[Any, ...] = (
    ProgrammeModule.id,
    ProgrammeModule.programme_id,
    ProgrammeModule.key,
    ProgrammeModule.title,
    ProgrammeModule.credits,
    ProgrammeModule.position,
)
_COHORT: tuple[Any, ...] = (
    Cohort.id,
    Cohort.programme_id,
    Cohort.title,
    Cohort.starts_on,
    Cohort.ends_on,
    Cohort.outcome_set,
    Cohort.outcome_set_version,
    Cohort.previous_id,
    Cohort.revision,
)
_RUN: tuple[Any, ...] = (
    ModuleRun.context_id,
    Context.title,
    ModuleRun.cohort_id,
    ModuleRun.module_id,
    ProgrammeModule.key,
    ProgrammeModule.title,
)


def find_programme(session: Session, context_id: int) -> ProgrammeRead | None:
    """The programme that a course is part of, or None where it is joined to none."""
    row = session.execute(
        select(*PROGRAMME)
        .join(Cohort, Cohort.programme_id == Programme.id)
        .join(ModuleRun, ModuleRun.cohort_id == Cohort.id)
        .where(ModuleRun.context_id == context_id)
    ).first()
    return ProgrammeRead(*tuple(row)) if row else None


def find_by_key(session: Session, registration_id: int, key: str) -> ProgrammeRead | None:
    """A registration's programme by its key."""
    row = session.execute(
        select(*PROGRAMME).where(Programme.registration_id == registration_id, Programme.key == key)
    ).first()
    return ProgrammeRead(*tuple(row)) if row else None


def require_programme(session: Session, registration_id: int, key: str) -> None:
    """A registration must have a programme with this key.

    :raises NotFound: it has none; the sentence names those there are.
    """
    known = session.scalars(
        select(Programme.key)
        .where(Programme.registration_id == registration_id)
        .order_by(Programme.key)
    ).all()
    if key not in known:
        there = f"There are: {', '.join(known)}." if known else "A leader makes one on their page."
        raise NotFound(f"Registration {registration_id} has no programme {key}. {there}")


def list_modules(session: Session, programme_id: int) -> list[ModuleRead]:
    """The modules of a programme that are in use, in their order."""
    rows = session.execute(
        select(*_MODULE)
        .where(ProgrammeModule.programme_id == programme_id, ProgrammeModule.removed_at.is_(None))
        .order_by(ProgrammeModule.position, ProgrammeModule.id)
    )
    return [ModuleRead(*tuple(row)) for row in rows]


def cohort_of(session: Session, context_id: int) -> CohortRead | None:
    """The cohort that a course is run for, or None where it is joined to none."""
    row = session.execute(
        select(*_COHORT)
        .join(ModuleRun, ModuleRun.cohort_id == Cohort.id)
        .where(ModuleRun.context_id == context_id)
    ).first()
    return CohortRead(*tuple(row)) if row else None


def find_cohort(session: Session, cohort_id: int) -> CohortRead | None:
    """A cohort by its row number."""
    row = session.execute(select(*_COHORT).where(Cohort.id == cohort_id)).first()
    return CohortRead(*tuple(row)) if row else None


def cohorts_by_id(session: Session, cohort_ids: Iterable[int]) -> dict[int, CohortRead]:
    """Cohorts by their row numbers. One query."""
    rows = session.execute(
        select(*_COHORT).where(Cohort.id.in_(set(cohort_ids))).order_by(Cohort.id)
    )
    return {row.id: CohortRead(*tuple(row)) for row in rows}


def list_cohorts(session: Session, programme_id: int) -> list[CohortRead]:
    """The cohorts of a programme, the latest to begin first."""
    return list_cohorts_of(session, (programme_id,))


def list_cohorts_of(session: Session, programme_ids: Sequence[int]) -> list[CohortRead]:
    """The cohorts of several programmes, the latest to begin first."""
    rows = session.execute(
        select(*_COHORT)
        .where(Cohort.programme_id.in_(programme_ids))
        .order_by(Cohort.starts_on.desc(), Cohort.id.desc())
    )
    return [CohortRead(*tuple(row)) for row in rows]


def list_with_courses(session: Session) -> list[CohortRead]:
    """Every cohort that has a course, of all programmes, for the worker."""
    has_course = select(ModuleRun.id).where(ModuleRun.cohort_id == Cohort.id).exists()
    rows = session.execute(select(*_COHORT).where(has_course).order_by(Cohort.id))
    return [CohortRead(*tuple(row)) for row in rows]


def hold_cohort(session: Session, cohort_id: int) -> None:
    """Hold a cohort for this transaction, so that two acts at once do not both add the same."""
    session.execute(select(Cohort.id).where(Cohort.id == cohort_id).with_for_update(key_share=True))


def runs_of(session: Session, cohort_id: int) -> list[Run]:
    """The courses that are runs of a cohort's modules, in the order of the modules."""
    return runs_of_cohorts(session, (cohort_id,))


def runs_of_cohorts(session: Session, cohort_ids: Sequence[int]) -> list[Run]:
    """The courses that are runs for several cohorts, in the order of the modules."""
    rows = session.execute(
        select(*_RUN)
        .join(Context, Context.id == ModuleRun.context_id)
        .join(ProgrammeModule, ProgrammeModule.id == ModuleRun.module_id)
        .where(ModuleRun.cohort_id.in_(cohort_ids))
        .order_by(ProgrammeModule.position, ProgrammeModule.id, ModuleRun.id)
    )
    return [Run(*tuple(row)) for row in rows]
