"""The matrix of a cohort: every outcome of every person, in a fixed number of queries.

Only what is not "not started" is kept in it, so that a large cohort at its beginning costs little.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from lti_tool.core import clock
from lti_tool.frameworks.framework import Framework
from lti_tool.people.queries import names_of
from lti_tool.programme.cohorts.outcome_sets import outcome_set_of
from lti_tool.programme.cohorts.queries import CohortRead
from lti_tool.programme.cohorts.standing import Standing, day_to_look_at, entries_of, people_in
from lti_tool.programme.cohorts.words import ACTIVE, COMPLETED, INTERMITTING
from lti_tool.programme.outcomes.models import EvidenceClaim, EvidencePiece, OutcomeState
from lti_tool.programme.outcomes.standing import NOTHING, Cell, Decided, cell_of
from lti_tool.programme.outcomes.words import MET, QUERIED

Cells = dict[int, dict[str, Cell]]
"""By person, then by the id of the outcome; what is left out is not started."""
_COUNTED = (ACTIVE, INTERMITTING, COMPLETED)


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person of the matrix."""

    person_id: int
    entry: int
    """By which pages name them in this cohort."""
    name: str
    standing: Standing
    cells: dict[str, Cell]

    def cell(self, item_id: str) -> Cell:
        """Where an outcome stands."""
        return self.cells.get(item_id, NOTHING)

    def count(self, state: str) -> int:
        """How many outcomes stand so, of those begun."""
        return sum(one.state == state for one in self.cells.values())


@dataclass(frozen=True, slots=True)
class Matrix:
    """Everybody of a cohort, by name, with the outcomes of its set."""

    outcomes: Framework
    rows: tuple[PersonRow, ...]

    @property
    def counted(self) -> tuple[PersonRow, ...]:
        """Who counts for the cohort: not those who withdrew or went elsewhere."""
        return tuple(one for one in self.rows if one.standing.status in _COUNTED)


def _of(
    cohort_id: int,
    model: type[EvidencePiece | OutcomeState],
    person_ids: Collection[int] | None,
) -> list[ColumnElement[bool]]:
    found = [model.cohort_id == cohort_id]
    return found if person_ids is None else [*found, model.person_id.in_(person_ids)]


def _offered(
    session: Session, cohort_id: int, person_ids: Collection[int] | None
) -> dict[tuple[int, str], tuple[int, datetime]]:
    """How many pieces are offered for an outcome of a person, and when the youngest changed.

    Pieces and claims are read apart: with many claims a time in each row would cost the most.
    """
    there = (*_of(cohort_id, EvidencePiece, person_ids), EvidencePiece.withdrawn_at.is_(None))
    pieces = {
        piece: (person, at)
        for piece, person, at in session.execute(
            select(EvidencePiece.id, EvidencePiece.person_id, EvidencePiece.updated_at).where(
                *there
            )
        )
    }
    found: dict[tuple[int, str], tuple[int, datetime]] = {}
    for piece, item in session.execute(
        select(EvidenceClaim.piece_id, EvidenceClaim.item_id)
        .join(EvidencePiece, EvidencePiece.id == EvidenceClaim.piece_id)
        .where(*there)
    ):
        person, at = pieces[piece]
        before = found.get((person, item))
        found[person, item] = (before[0] + 1, max(before[1], at)) if before else (1, at)
    return found


def _decided(
    session: Session, cohort_id: int, person_ids: Collection[int] | None
) -> dict[tuple[int, str], Decided]:
    """The last decision on each outcome of each person."""
    newest = (
        select(func.max(OutcomeState.id))
        .where(*_of(cohort_id, OutcomeState, person_ids))
        .group_by(OutcomeState.person_id, OutcomeState.item_id)
    )
    asked_at = case((OutcomeState.state == QUERIED, OutcomeState.at))
    rows = session.execute(
        select(
            OutcomeState.person_id,
            OutcomeState.item_id,
            OutcomeState.id,
            OutcomeState.state,
            asked_at,
        ).where(OutcomeState.id.in_(newest))
    )
    return {(person, item): Decided(number, state, at) for person, item, number, state, at in rows}


def cells_of(session: Session, cohort_id: int, person_ids: Collection[int] | None = None) -> Cells:
    """Where the outcomes of people stand. Three queries.

    :param person_ids: of whom; of everybody where left out.
    """
    offered = _offered(session, cohort_id, person_ids)
    decided = _decided(session, cohort_id, person_ids)
    found: Cells = {}
    for place in offered.keys() | decided.keys():
        pieces, changed_at = offered.get(place, (0, None))
        cell = cell_of(pieces, changed_at, decided.get(place))
        if cell != NOTHING:
            found.setdefault(place[0], {})[place[1]] = cell
    return found


def list_people(
    session: Session, cohort: CohortRead, person_ids: Collection[int] | None = None
) -> list[PersonRow]:
    """The people of a cohort by name, without their outcomes. Three queries.

    :param person_ids: only of these people; of everybody where left out. Who may see whom is
        decided before, in `reach.py`.
    """
    people = people_in(session, cohort.id, day_to_look_at(cohort.starts_on, clock.today()))
    if person_ids is not None:
        people = {one: standing for one, standing in people.items() if one in person_ids}
    entries, names = entries_of(session, cohort.id), names_of(session, people)
    rows = [
        PersonRow(
            person_id=person_id,
            entry=entries[person_id],
            name=names.get(person_id, f"Person {person_id}"),
            standing=standing,
            cells={},
        )
        for person_id, standing in people.items()
    ]
    return sorted(rows, key=lambda one: (one.name.casefold(), one.person_id))


def fill_rows(
    session: Session,
    cohort: CohortRead,
    outcomes: Framework,
    rows: Collection[PersonRow],
    *,
    is_everybody: bool = False,
) -> tuple[PersonRow, ...]:
    """People with their outcomes. Three queries.

    :param is_everybody: whether these are all of the cohort, so that none need be named.
    """
    whose = None if is_everybody else [one.person_id for one in rows]
    cells, known = cells_of(session, cohort.id, whose), {item.id for item in outcomes.judged}
    return tuple(
        replace(
            row,
            cells={
                item: cell for item, cell in cells.get(row.person_id, {}).items() if item in known
            },
        )
        for row in rows
    )


def read_matrix(
    session: Session,
    config_dir: Path,
    cohort: CohortRead,
    person_ids: Collection[int] | None = None,
) -> Matrix:
    """The matrix of a cohort, in eight queries however many people and outcomes there are.

    :param person_ids: as in `list_people`.
    """
    outcomes = outcome_set_of(session, config_dir, cohort)
    rows = list_people(session, cohort, person_ids)
    is_everybody = person_ids is None
    return Matrix(outcomes, fill_rows(session, cohort, outcomes, rows, is_everybody=is_everybody))


def signed_off(session: Session, cohort_id: int, items: Collection[str]) -> dict[int, int]:
    """How many of these outcomes each person has met; who is left out has none. One query."""
    newest = (
        select(func.max(OutcomeState.id))
        .where(OutcomeState.cohort_id == cohort_id)
        .group_by(OutcomeState.person_id, OutcomeState.item_id)
    )
    rows = session.execute(
        select(OutcomeState.person_id, func.count())
        .where(
            OutcomeState.id.in_(newest),
            OutcomeState.state == MET,
            OutcomeState.item_id.in_(items),
        )
        .group_by(OutcomeState.person_id)
    )
    return {person_id: count for person_id, count in rows}
