"""One person's portfolio: evidence, decisions with their reasons, confidence; by outcome."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.frameworks.framework import Framework, Item
from lti_tool.people.queries import names_of
from lti_tool.programme.cohorts.outcome_sets import outcome_set_of
from lti_tool.programme.cohorts.queries import CohortRead
from lti_tool.programme.outcomes.confidence import ratings_of
from lti_tool.programme.outcomes.matrix import cells_of
from lti_tool.programme.outcomes.models import EvidenceClaim, EvidencePiece, OutcomeState
from lti_tool.programme.outcomes.sets import by_area
from lti_tool.programme.outcomes.standing import NOTHING, Cell
from lti_tool.programme.outcomes.words import AFTER, BEFORE, MET, OFFERED, QUERIED


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of evidence that is offered."""

    id: int
    kind: str
    reference: dict[str, Any]
    title: str
    note: str
    revision: int
    offered_at: datetime
    updated_at: datetime
    items: tuple[str, ...]
    """Ids of the outcomes it counts for."""


@dataclass(frozen=True, slots=True)
class Decision:
    """One entry of the history of an outcome."""

    id: int
    item_id: str
    state: str
    reason: str
    by: str
    """The name of who decided."""
    at: datetime


@dataclass(frozen=True, slots=True)
class Line:
    """One outcome of a portfolio."""

    item: Item
    cell: Cell
    pieces: tuple[Piece, ...]
    decisions: tuple[Decision, ...]
    """The newest first."""
    before: int | None
    after: int | None

    @property
    def question(self) -> str:
        """What the tutor asked last, while it is not decided."""
        is_asked = bool(self.decisions) and self.decisions[0].state == QUERIED
        return self.decisions[0].reason if is_asked else ""

    @property
    def signed(self) -> Decision | None:
        """The sign-off that holds."""
        return self.decisions[0] if self.cell.state == MET and self.decisions else None


@dataclass(frozen=True, slots=True)
class Portfolio:
    """What one person has to show for the outcomes of their cohort."""

    person_id: int
    outcomes: Framework
    areas: tuple[tuple[str, tuple[Line, ...]], ...]
    pieces: tuple[Piece, ...]
    """The newest first."""

    @property
    def lines(self) -> tuple[Line, ...]:
        """Every outcome, in reading order."""
        return tuple(line for _, lines in self.areas for line in lines)

    def line(self, item_id: str) -> Line | None:
        """One outcome."""
        return next((one for one in self.lines if one.item.id == item_id), None)

    def count(self, state: str) -> int:
        """How many outcomes stand so."""
        return sum(one.cell.state == state for one in self.lines)

    @property
    def has_begun(self) -> bool:
        """Whether there is anything to take away."""
        return any(one.cell.state in (OFFERED, QUERIED, MET) or one.before for one in self.lines)


_PIECE: tuple[Any, ...] = (
    EvidencePiece.id,
    EvidencePiece.kind,
    EvidencePiece.reference,
    EvidencePiece.title,
    EvidencePiece.note,
    EvidencePiece.revision,
    EvidencePiece.offered_at,
    EvidencePiece.updated_at,
)


def _pieces(session: Session, cohort_id: int, person_id: int) -> list[Piece]:
    rows = session.execute(
        select(*_PIECE)
        .where(
            EvidencePiece.cohort_id == cohort_id,
            EvidencePiece.person_id == person_id,
            EvidencePiece.withdrawn_at.is_(None),
        )
        .order_by(EvidencePiece.id.desc())
    ).all()
    claims: dict[int, list[str]] = {}
    for piece_id, item in session.execute(
        select(EvidenceClaim.piece_id, EvidenceClaim.item_id)
        .where(EvidenceClaim.piece_id.in_([row.id for row in rows]))
        .order_by(EvidenceClaim.id)
    ):
        claims.setdefault(piece_id, []).append(item)
    return [Piece(*(*row, tuple(claims.get(row.id, ())))) for row in rows]


def find_piece(session: Session, cohort_id: int, person_id: int, piece_id: int) -> Piece | None:
    """A piece that a person offers in a cohort, or None."""
    return next((x for x in _pieces(session, cohort_id, person_id) if x.id == piece_id), None)


def _decisions(session: Session, cohort_id: int, person_id: int) -> dict[str, list[Decision]]:
    rows = session.execute(
        select(
            OutcomeState.id,
            OutcomeState.item_id,
            OutcomeState.state,
            OutcomeState.reason,
            OutcomeState.by_id,
            OutcomeState.at,
        )
        .where(OutcomeState.cohort_id == cohort_id, OutcomeState.person_id == person_id)
        .order_by(OutcomeState.id.desc())
    ).all()
    names = names_of(session, {row.by_id for row in rows})
    found: dict[str, list[Decision]] = {}
    for row in rows:
        by = names.get(row.by_id, f"Person {row.by_id}")
        found.setdefault(row.item_id, []).append(
            Decision(row.id, row.item_id, row.state, row.reason, by, row.at)
        )
    return found


def read_portfolio(
    session: Session, config_dir: Path, cohort: CohortRead, person_id: int
) -> Portfolio:
    """The portfolio of one person in a cohort, in a fixed number of queries."""
    outcomes = outcome_set_of(session, config_dir, cohort)
    pieces = _pieces(session, cohort.id, person_id)
    decisions = _decisions(session, cohort.id, person_id)
    cells = cells_of(session, cohort.id, [person_id]).get(person_id, {})
    ratings = ratings_of(session, cohort.id, [person_id]).get(person_id, {})

    def line(item: Item) -> Line:
        return Line(
            item=item,
            cell=cells.get(item.id, NOTHING),
            pieces=tuple(one for one in pieces if item.id in one.items),
            decisions=tuple(decisions.get(item.id, ())),
            before=ratings.get((item.id, BEFORE)),
            after=ratings.get((item.id, AFTER)),
        )

    areas = tuple((title, tuple(map(line, items))) for title, items in by_area(outcomes))
    return Portfolio(person_id, outcomes, areas, tuple(pieces))
