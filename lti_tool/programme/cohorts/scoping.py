"""What live measures look at: the courses and people of a programme's cohorts between two days.

A person who went from one cohort to another counts once, in the one where they are now.
"""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from lti_tool.catalogue.measures import Scope
from lti_tool.core import clock
from lti_tool.programme.cohorts.models import Cohort, ModuleRun, Participation
from lti_tool.programme.cohorts.standing import Standing
from lti_tool.programme.cohorts.words import COMPLETED

Places = Mapping[int, tuple[int, Standing]]
"""By person, the cohort they are in, and with which standing."""


def _is_later(one: Standing, other: Standing) -> bool:
    """Whether a standing says better where somebody is: who takes part somewhere is there, else
    the latest day tells."""
    return (one.can_be_awarded, one.since_on) >= (other.can_be_awarded, other.since_on)


def _places(session: Session, cohort_ids: list[int], on: date, last: date) -> Places:
    """Where everybody of these cohorts is on a day; who comes later, by the last day, where they
    begin. One query."""
    rows = session.execute(
        select(
            Participation.cohort_id,
            Participation.person_id,
            Participation.status,
            Participation.since_on,
        )
        .where(Participation.cohort_id.in_(cohort_ids), Participation.since_on <= last)
        .order_by(Participation.since_on, Participation.id)
    )
    known: dict[tuple[int, int], Standing] = {}
    to_come: dict[int, tuple[int, Standing]] = {}
    for cohort_id, person_id, status, since_on in rows:
        standing = Standing(status, since_on)
        if since_on <= on:
            known[cohort_id, person_id] = standing
        else:
            to_come.setdefault(person_id, (cohort_id, standing))
    found: dict[int, tuple[int, Standing]] = {}
    for (cohort_id, person_id), standing in known.items():
        before = found.get(person_id)
        if before is None or _is_later(standing, before[1]):
            found[person_id] = (cohort_id, standing)
    return to_come | found


def read_scope(
    session: Session, config_dir: Path, programme_id: int, first: date, last: date
) -> Scope:
    """The courses and people of the cohorts of a programme that lie between two days. Two
    queries."""
    rows = session.execute(
        select(Cohort.id, ModuleRun.context_id)
        .outerjoin(ModuleRun, ModuleRun.cohort_id == Cohort.id)
        .where(
            Cohort.programme_id == programme_id,
            Cohort.starts_on <= last,
            or_(Cohort.ends_on.is_(None), Cohort.ends_on >= first),
        )
        .order_by(Cohort.id, ModuleRun.context_id)
    ).all()
    cohort_ids = list(dict.fromkeys(cohort_id for cohort_id, _ in rows))
    places = _places(session, cohort_ids, min(last, clock.today()), last)
    people = sorted(places)
    return Scope(
        config_dir,
        tuple(sorted(context_id for _, context_id in rows if context_id is not None)),
        tuple(people),
        first,
        last,
        cohort_of={one: places[one][0] for one in people},
        left_ids=frozenset(one for one in people if not places[one][1].can_be_awarded),
        completed_ids=frozenset(one for one in people if places[one][1].status == COMPLETED),
    )
