"""Reads of visits. Removed visits are in none of them, unless it says so."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.activities.placement_log import visit_document
from lti_tool.activities.placement_log.models import PartnerVisit, VisitStep
from lti_tool.activities.placement_log.visit_reads import StepRead as StepRead
from lti_tool.activities.placement_log.visit_reads import VisitRead as VisitRead
from lti_tool.core.errors import NotFound
from lti_tool.db.statements import AnyRow
from lti_tool.people.models import Guest, Membership
from lti_tool.people.queries import is_participant


class VisitNotFound(NotFound):
    """There is no such visit, or it was removed."""


@dataclass(frozen=True, slots=True)
class Host:
    """Whom to ask at a host school."""

    name: str
    email: str


_VISIT = (
    PartnerVisit.id,
    PartnerVisit.assignment_id,
    PartnerVisit.person_id,
    PartnerVisit.number,
    PartnerVisit.school_id,
    PartnerVisit.host_guest_id,
    PartnerVisit.visit_on,
    PartnerVisit.arrives_at,
    PartnerVisit.leaves_at,
    PartnerVisit.half_days,
    PartnerVisit.document,
    PartnerVisit.document_version,
    PartnerVisit.state,
    PartnerVisit.state_since,
    PartnerVisit.revision,
    PartnerVisit.created_at,
    PartnerVisit.updated_at,
    PartnerVisit.removed_at,
)
_THERE = select(*_VISIT).where(PartnerVisit.removed_at.is_(None))
_STEP = select(
    VisitStep.id,
    VisitStep.visit_id,
    VisitStep.was,
    VisitStep.became,
    VisitStep.at,
    VisitStep.person_id,
    VisitStep.guest_id,
    VisitStep.comment,
)


def _read(row: AnyRow) -> VisitRead:
    found = VisitRead(*tuple(row))
    return replace(found, document=visit_document.current(found.document))


def _step(row: AnyRow) -> StepRead:
    return StepRead(*tuple(row))


def _gone() -> VisitNotFound:
    return VisitNotFound("There is no such visit, or it was removed: look at the list again.")


def get_visit(session: Session, assignment_id: int, person_id: int, number: int) -> VisitRead:
    """A person's own visit by the number that addresses name.

    :raises VisitNotFound: there is none.
    """
    row = session.execute(
        _THERE.where(
            PartnerVisit.assignment_id == assignment_id,
            PartnerVisit.person_id == person_id,
            PartnerVisit.number == number,
        )
    ).first()
    if row is None:
        raise _gone()
    return _read(row)


def get_by_id(session: Session, visit_id: int, assignment_id: int | None = None) -> VisitRead:
    """A visit by its row number, for whoever was led to it by something scoped already.

    :param assignment_id: the work it must belong to, where it was named by an address.
    :raises VisitNotFound: there is none.
    """
    query = _THERE.where(PartnerVisit.id == visit_id)
    if assignment_id is not None:
        query = query.where(PartnerVisit.assignment_id == assignment_id)
    row = session.execute(query).first()
    if row is None:
        raise _gone()
    return _read(row)


def list_visits(session: Session, assignment_id: int, person_id: int) -> list[VisitRead]:
    """A person's visits in the order of their days; those without a day come last."""
    found = session.execute(
        _THERE.where(
            PartnerVisit.assignment_id == assignment_id, PartnerVisit.person_id == person_id
        )
    )
    return _in_order([_read(row) for row in found])


def visits_of(session: Session, assignment_id: int) -> dict[int, list[VisitRead]]:
    """Everybody's visits on an assignment by person, in one query."""
    found: dict[int, list[VisitRead]] = {}
    for row in session.execute(_THERE.where(PartnerVisit.assignment_id == assignment_id)):
        found.setdefault(row.person_id, []).append(_read(row))
    return {person_id: _in_order(visits) for person_id, visits in found.items()}


def _in_order(visits: list[VisitRead]) -> list[VisitRead]:
    return sorted(visits, key=lambda one: (one.visit_on or date.max, one.arrives_at, one.number))


def list_removed(session: Session, assignment_id: int, person_id: int) -> list[int]:
    """The numbers of a person’s removed visits, of which a device forgets what it kept."""
    return list(
        session.scalars(
            select(PartnerVisit.number)
            .where(
                PartnerVisit.assignment_id == assignment_id,
                PartnerVisit.person_id == person_id,
                PartnerVisit.removed_at.is_not(None),
            )
            .order_by(PartnerVisit.number)
        )
    )


def list_steps(session: Session, visit_id: int) -> list[StepRead]:
    """Every move of a visit, the first one first."""
    rows = session.execute(_STEP.where(VisitStep.visit_id == visit_id).order_by(VisitStep.id))
    return [_step(row) for row in rows]


def latest_steps(session: Session, visit_ids: Iterable[int]) -> dict[int, StepRead]:
    """The latest move of each of these visits, in one query."""
    steps = _STEP.where(VisitStep.visit_id.in_(set(visit_ids))).order_by(VisitStep.id)
    rows = session.execute(steps)
    return {row.visit_id: _step(row) for row in rows}


def hosts_of(session: Session, guest_ids: Iterable[int | None]) -> dict[int, Host]:
    """Whom to ask, by the guest's row number, in one query."""
    sought = {one for one in guest_ids if one is not None}
    rows = session.execute(select(Guest.id, Guest.name, Guest.email).where(Guest.id.in_(sought)))
    return {row.id: Host(row.name, row.email) for row in rows}


def participants_of(session: Session, context_ids: Sequence[int]) -> set[int]:
    """Row numbers of the people who take part in these contexts now."""
    return set(
        session.scalars(
            select(Membership.person_id).where(
                Membership.context_id.in_(context_ids), is_participant()
            )
        )
    )


def columns_of(visit: VisitRead) -> dict[str, Any]:
    """What a participant can change of a visit, as its row keeps it."""
    return {
        "school_id": visit.school_id,
        "host_guest_id": visit.host_guest_id,
        "visit_on": visit.visit_on,
        "arrives_at": visit.arrives_at,
        "leaves_at": visit.leaves_at,
        "half_days": visit.half_days,
        "document": visit.document,
    }
