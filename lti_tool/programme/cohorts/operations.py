"""Writes of programmes and their modules.

For leaders; what a visit may reach is decided before, in `reach.py`.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from lti_tool.audit.operations import record
from lti_tool.core import clock
from lti_tool.core.errors import Conflict
from lti_tool.db.statements import count_changed, insert_if_missing
from lti_tool.people import grants
from lti_tool.people.visits import CurrentVisit
from lti_tool.programme.cohorts.awards import is_closed
from lti_tool.programme.cohorts.models import ModuleRun, Programme, ProgrammeModule
from lti_tool.programme.cohorts.numbers import load_law
from lti_tool.programme.cohorts.queries import (
    ModuleRead,
    ProgrammeRead,
    list_cohorts,
)

MOVED = (
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


def require_open(config_dir: Path, route: str, starts_on: date) -> None:
    """A cohort that begins on this day must be able to take the route.

    :raises RouteClosed: it cannot; the sentence says why.
    """
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
        require_open(config_dir, values.route, cohort.starts_on)
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
        raise Conflict(MOVED)
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
