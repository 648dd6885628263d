"""Beginning a cohort, and changing one.

Its outcome set stays in the version that was in force as it began. NASENCo is closed to cohorts
that begin too late, which is checked here whichever way round somebody tries.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lti_tool.audit.operations import record
from lti_tool.core import clock
from lti_tool.core.errors import Conflict
from lti_tool.db.statements import count_changed, insert_if_missing
from lti_tool.programme.cohorts.models import Cohort
from lti_tool.programme.cohorts.operations import MOVED, NameTaken, require_open
from lti_tool.programme.cohorts.outcome_sets import take_set
from lti_tool.programme.cohorts.queries import CohortRead, ProgrammeRead


@dataclass(frozen=True, slots=True)
class CohortValues:
    """What a leader says of a cohort."""

    title: str
    starts_on: date
    ends_on: date | None
    outcome_set: str


def _columns(
    session: Session,
    config_dir: Path,
    programme: ProgrammeRead,
    values: CohortValues,
    cohort: CohortRead | None = None,
) -> dict[str, Any]:
    """What is kept of a cohort. Its outcome set stays as it is unless another is chosen."""
    if cohort is not None and values.outcome_set == cohort.outcome_set:
        version = cohort.outcome_set_version
    else:
        registration_id = programme.registration_id
        version = take_set(session, config_dir, registration_id, values.outcome_set).version
    return {
        "title": values.title,
        "starts_on": values.starts_on,
        "ends_on": values.ends_on,
        "outcome_set": values.outcome_set,
        "outcome_set_version": version,
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
    require_open(config_dir, programme.route, values.starts_on)
    columns = _columns(session, config_dir, programme, values)
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
    require_open(config_dir, programme.route, values.starts_on)
    columns = _columns(session, config_dir, programme, values, cohort)
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
        raise Conflict(MOVED)
    record(
        session,
        "cohort changed",
        ("cohort", cohort.id),
        actor_id=actor_id,
        was=_said({name: getattr(cohort, name) for name in columns}),
        became=_said(columns),
    )
