"""How far each area of a cohort's outcomes is, counted by the database.

The same figures as `coverage.py` finds in the matrix, for pages that show no single person: with
many people and outcomes to read them all costs several times as much.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CTE, Select, and_, case, func, literal, null, or_, select, union_all
from sqlalchemy.orm import Session

from lti_tool.db.types import Moment
from lti_tool.frameworks.framework import Framework
from lti_tool.programme.outcomes.coverage import AreaCovered
from lti_tool.programme.outcomes.matrix import Cells
from lti_tool.programme.outcomes.models import EvidenceClaim, EvidencePiece, OutcomeState
from lti_tool.programme.outcomes.sets import by_area
from lti_tool.programme.outcomes.words import MET, NOT_STARTED, OFFERED, QUERIED, STATES

Tally = dict[str, dict[str, int]]
"""By outcome, then by state; what is not there is not started."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted of a cohort."""

    by_item: Tally
    met: dict[int, int]
    """How many outcomes each person has met; who is left out has none."""


def _offered(cohort_id: int) -> Select[*tuple[Any, ...]]:
    """What is offered for outcomes, with when it last changed."""
    return (
        select(
            EvidencePiece.person_id,
            EvidenceClaim.item_id,
            EvidencePiece.updated_at.label("changed_at"),
            literal("").label("decided"),
            null().cast(Moment).label("decided_at"),
        )
        .join(EvidenceClaim, EvidenceClaim.piece_id == EvidencePiece.id)
        .where(
            EvidencePiece.cohort_id == cohort_id,
            EvidencePiece.withdrawn_at.is_(None),
        )
    )


def _decided(cohort_id: int) -> Select[*tuple[Any, ...]]:
    """The last decision on each outcome of a person."""
    turn = func.row_number().over(
        partition_by=(OutcomeState.person_id, OutcomeState.item_id),
        order_by=OutcomeState.id.desc(),
    )
    all_of_them = (
        select(
            OutcomeState.person_id,
            OutcomeState.item_id,
            null().cast(Moment),
            OutcomeState.state,
            OutcomeState.at,
            turn.label("turn"),
        )
        .where(OutcomeState.cohort_id == cohort_id)
        .subquery()
    )
    return select(*tuple(all_of_them.c)[:-1]).where(all_of_them.c.turn == 1)


def _cells(cohort_id: int) -> CTE:
    """Every outcome of every person of a cohort that has begun, with its state: as it follows
    from the last decision and from what is offered by `standing.cell_of`."""
    rows = union_all(_offered(cohort_id), _decided(cohort_id)).subquery()
    one = (
        select(
            rows.c.person_id,
            rows.c.item_id,
            func.max(rows.c.changed_at).label("changed_at"),
            func.max(rows.c.decided).label("decided"),
            func.max(rows.c.decided_at).label("decided_at"),
        )
        .group_by(rows.c.person_id, rows.c.item_id)
        .subquery()
    )
    is_open = and_(
        one.c.decided == QUERIED,
        or_(one.c.changed_at.is_(None), one.c.changed_at <= one.c.decided_at),
    )
    state = case(
        (one.c.decided == MET, MET),
        (is_open, QUERIED),
        (one.c.changed_at.is_not(None), OFFERED),
        else_=NOT_STARTED,
    )
    return select(one.c.person_id, one.c.item_id, state.label("state")).cte("cell")


def tally(
    session: Session, cohort_id: int, items: Collection[str], left_out: Collection[int]
) -> Counted:
    """How many outcomes of a cohort's people stand in each state but "not started", and how many
    each person has met. One query.

    :param items: the outcomes of the cohort's set.
    :param left_out: who does not count for the cohort; what they have met is told all the same.
    """
    cell = _cells(cohort_id)
    by_item = (
        select(literal(0).label("person_id"), cell.c.item_id, cell.c.state, func.count())
        .where(cell.c.person_id.not_in(left_out))
        .group_by(cell.c.item_id, cell.c.state)
    )
    by_person = (
        select(cell.c.person_id, literal(""), cell.c.state, func.count())
        .where(cell.c.state == MET, cell.c.item_id.in_(items))
        .group_by(cell.c.person_id, cell.c.state)
    )
    found, met = Tally(), {}
    for person_id, item, state, count in session.execute(union_all(by_item, by_person)):
        if person_id:
            met[person_id] = count
        else:
            found.setdefault(item, {})[state] = count
    return Counted(found, met)


def count_cells(cells: Cells) -> Tally:
    """The same of cells that were read already, for some people of a cohort. Pure."""
    found: Tally = {}
    for own in cells.values():
        for item, cell in own.items():
            states = found.setdefault(item, {})
            states[cell.state] = states.get(cell.state, 0) + 1
    return found


def areas_of(outcomes: Framework, counted: Tally, people: int) -> tuple[AreaCovered, ...]:
    """How many outcomes of people stand in each state, by area. Pure.

    :param people: how many were counted: what is left of them has not started.
    """
    areas = []
    for title, items in by_area(outcomes):
        states = dict.fromkeys(STATES, 0)
        for item in items:
            for state, count in counted.get(item.id, {}).items():
                states[state] += count
        begun = sum(count for state, count in states.items() if state != NOT_STARTED)
        states[NOT_STARTED] = len(items) * people - begun
        areas.append(AreaCovered(title or "Outcomes", states, ()))
    return tuple(areas)
