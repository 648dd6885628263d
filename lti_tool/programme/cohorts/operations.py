"""Writes of programmes, modules and cohorts, and which course is the run of which module.

For leaders; what a visit may reach is decided before, in `reach.py`.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lti_tool.audit.operations import record
from lti_tool.core import clock
from lti_tool.core.errors import Conflict
from lti_tool.db.statements import count_changed, insert_if_missing
from lti_tool.frameworks.shipped import find_outcome_set
from lti_tool.people import grants
from lti_tool.people.visits import CurrentVisit
from lti_tool.programme.cohorts.awards import is_closed
from lti_tool.programme.cohorts.models import Cohort, ModuleRun, Programme, ProgrammeModule
from lti_tool.programme.cohorts.numbers import load_law
from lti_tool.programme.cohorts.queries import (
    CohortRead,
    ModuleRead,
    ProgrammeRead,
    list_cohorts,
)

_MOVED = (
    "Someone else changed this a moment ago. It is shown below as it is now; change it again if "
    "you still want to."
)


class RouteClosed(Conflict):
    """A cohort that begins so late cannot take this route."""


class NameTaken(Conflict):
    """Another one has this key or title."""


@dataclass(frozen=True, slots=True)
class ProgrammeValues:
    """What a leader says of a programme."""

    title: str
    route: str
    credits: int


@dataclass(frozen=True, slots=True)
class CohortValues:
    """What a leader says of a cohort."""

    title: str
    starts_on: date
    ends_on: date | None
    outcome_set: str


def make_programme(session: Session, visit: CurrentVisit, key: str, values: ProgrammeValues) -> int:
    """Make a programme. Who makes it leads it.

    :raises NameTaken: the registration has one with this key.
    :return: its row number.
    """
    made = insert_if_missing(
        session,
        Programme,
        ["registration_id", "key"],
        {
            "registration_id": visit.registration_id,
            "key": key,
            "title": values.title,
            "route": values.route,
            "credits": values.credits,
            "revision": 1,
            "created_at": clock.now(),
        },
    )
    if made is None:
        raise NameTaken("There is a programme with this key already. Choose another.")
    record(
        session,
        "programme made",
        ("programme", made),
        actor_id=visit.person_id,
        became={"key": key, "route": values.route, "credits": values.credits},
    )
    scope = (grants.PROGRAMME, grants.programme_scope_key(visit.registration_id, key))
    grants.give(session, visit.person_id, grants.LEADER, scope, actor_id=visit.person_id)
    return made


def _require_open(config_dir: Path, route: str, starts_on: date) -> None:
    if closed := is_closed(route, starts_on, load_law(config_dir)):
        raise RouteClosed(closed)


def change_programme(
    session: Session,
    config_dir: Path,
    programme: ProgrammeRead,
    values: ProgrammeValues,
    *,
    revision: int,
    actor_id: int,
) -> None:
    """Change title, route or credits of a programme.

    :raises RouteClosed: one of its cohorts begins too late for the route.
    :raises Conflict: somebody else changed it in between.
    """
    for cohort in list_cohorts(session, programme.id):
        _require_open(config_dir, values.route, cohort.starts_on)
    done = count_changed(
        session,
        update(Programme)
        .where(Programme.id == programme.id, Programme.revision == revision)
        .values(
            title=values.title,
            route=values.route,
            credits=values.credits,
            revision=revision + 1,
        ),
    )
    if not done:
        raise Conflict(_MOVED)
    record(
        session,
        "programme changed",
        ("programme", programme.id),
        actor_id=actor_id,
        was={"title": programme.title, "route": programme.route, "credits": programme.credits},
        became={"title": values.title, "route": values.route, "credits": values.credits},
    )


def add_module(
    session: Session,
    programme: ProgrammeRead,
    *,
    key: str,
    title: str,
    credits: int,
    actor_id: int,
) -> None:
    """Add a module behind the others, or bring back one of this key that was removed.

    :raises NameTaken: a module in use has this key.
    """
    position = session.scalar(
        select(func.coalesce(func.max(ProgrammeModule.position), 0)).where(
            ProgrammeModule.programme_id == programme.id
        )
    )
    values = {"title": title, "credits": credits, "position": (position or 0) + 1}
    made = insert_if_missing(
        session,
        ProgrammeModule,
        ["programme_id", "key"],
        {"programme_id": programme.id, "key": key, **values},
    )
    if made is None:
        made = session.scalar(
            update(ProgrammeModule)
            .where(
                ProgrammeModule.programme_id == programme.id,
                ProgrammeModule.key == key,
                ProgrammeModule.removed_at.is_not(None),
            )
            .values(**values, removed_at=None)
            .returning(ProgrammeModule.id)
        )
    if made is None:
        raise NameTaken("There is a module with this key already. Choose another.")
    record(
        session,
        "module added",
        ("module", made),
        actor_id=actor_id,
        became={"key": key, "title": title, "credits": credits},
    )


def change_module(
    session: Session, module: ModuleRead, *, title: str, credits: int, actor_id: int
) -> None:
    """Change title or credits of a module; results count with the credits that it has now."""
    session.execute(
        update(ProgrammeModule)
        .where(ProgrammeModule.id == module.id)
        .values(title=title, credits=credits)
    )
    record(
        session,
        "module changed",
        ("module", module.id),
        actor_id=actor_id,
        was={"title": module.title, "credits": module.credits},
        became={"title": title, "credits": credits},
    )


def remove_module(session: Session, module: ModuleRead, *, actor_id: int) -> None:
    """Take a module out of use. Its results stay and count.

    :raises Conflict: a course is joined as a run of it.
    """
    if session.scalar(select(ModuleRun.id).where(ModuleRun.module_id == module.id).limit(1)):
        raise Conflict("A course is joined as a run of this module, so it stays.")
    session.execute(
        update(ProgrammeModule)
        .where(ProgrammeModule.id == module.id)
        .values(removed_at=clock.now())
    )
    record(session, "module removed", ("module", module.id), actor_id=actor_id)


def _columns(config_dir: Path, values: CohortValues) -> dict[str, Any]:
    found = find_outcome_set(config_dir, values.outcome_set)
    if found is None:
        raise Conflict("This outcome set is not in force any more. Choose another.")
    return {
        "title": values.title,
        "starts_on": values.starts_on,
        "ends_on": values.ends_on,
        "outcome_set": found.key,
        "outcome_set_version": found.version,
    }


def make_cohort(
    session: Session,
    config_dir: Path,
    programme: ProgrammeRead,
    values: CohortValues,
    *,
    previous_id: int | None = None,
    actor_id: int,
) -> int:
    """Begin a cohort; its outcome set stays in the version that is in force now.

    :param previous_id: the cohort it follows, where set-ups and dates are to come from.
    :raises RouteClosed: it begins too late for the programme's route.
    :raises NameTaken: the programme has one with this title.
    :return: its row number.
    """
    _require_open(config_dir, programme.route, values.starts_on)
    columns = _columns(config_dir, values)
    made = insert_if_missing(
        session,
        Cohort,
        ["programme_id", "title"],
        {
            "programme_id": programme.id,
            "previous_id": previous_id,
            "revision": 1,
            "created_at": clock.now(),
            **columns,
        },
    )
    if made is None:
        raise NameTaken("This programme has a cohort with this title already. Choose another.")
    record(
        session,
        "cohort begun",
        ("cohort", made),
        actor_id=actor_id,
        became={**_said(columns), "previous": previous_id},
    )
    return made


def _said(columns: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in columns.items()
    }


def change_cohort(
    session: Session,
    config_dir: Path,
    programme: ProgrammeRead,
    cohort: CohortRead,
    values: CohortValues,
    *,
    revision: int,
    actor_id: int,
) -> None:
    """Change a cohort. Its outcome set keeps its version unless another set is chosen.

    :raises RouteClosed: it would begin too late for the programme's route.
    :raises Conflict: somebody else changed it in between.
    """
    _require_open(config_dir, programme.route, values.starts_on)
    columns = _columns(config_dir, values)
    if values.outcome_set == cohort.outcome_set:
        columns["outcome_set_version"] = cohort.outcome_set_version
    try:
        with session.begin_nested():
            done = count_changed(
                session,
                update(Cohort)
                .where(Cohort.id == cohort.id, Cohort.revision == revision)
                .values(**columns, revision=revision + 1),
            )
    except IntegrityError:
        raise NameTaken(
            "This programme has a cohort with this title already. Choose another."
        ) from None
    if not done:
        raise Conflict(_MOVED)
    record(
        session,
        "cohort changed",
        ("cohort", cohort.id),
        actor_id=actor_id,
        was=_said({name: getattr(cohort, name) for name in columns}),
        became=_said(columns),
    )
