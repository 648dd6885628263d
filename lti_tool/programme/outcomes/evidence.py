"""Offering evidence, changing it and taking it back: one function an act.

A piece that counts for an outcome which is signed off keeps its words, so that nobody's sign-off
comes to rest on something else; it may be counted for further outcomes.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from lti_tool.audit.operations import record
from lti_tool.core import clock
from lti_tool.core.errors import Conflict
from lti_tool.programme.outcomes.holding import hold_person
from lti_tool.programme.outcomes.matrix import cells_of
from lti_tool.programme.outcomes.models import EvidenceClaim, EvidencePiece
from lti_tool.programme.outcomes.portfolio import Piece, find_piece
from lti_tool.programme.outcomes.whose import Whose
from lti_tool.programme.outcomes.words import MET

MOST_PIECES = 200
"""Of one person in a cohort."""


class ChangedElsewhere(Conflict):
    """The piece was changed in another window since the form was made."""


class SignedOn(Conflict):
    """An outcome that the piece counts for is signed off."""


class TooMany(Conflict):
    """A person offers more than fits a portfolio."""


@dataclass(frozen=True, slots=True)
class PieceValues:
    """What a person says of a piece of evidence."""

    title: str
    note: str
    items: tuple[str, ...]
    """Ids of the outcomes it counts for."""
    kind: str = "note"
    reference: dict[str, Any] = field(default_factory=dict)


def _claim(session: Session, piece_id: int, items: Collection[str]) -> None:
    if items:
        rows = [{"piece_id": piece_id, "item_id": item} for item in items]
        session.execute(insert(EvidenceClaim), rows)


def _note_act(session: Session, act: str, piece_id: int, whose: Whose, items: object) -> None:
    record(
        session,
        act,
        ("evidence_piece", piece_id),
        actor_id=whose.person_id,
        context_id=whose.context_id,
        became={"outcomes": items},
    )


def offer_piece(session: Session, whose: Whose, values: PieceValues) -> int:
    """Offer a piece of evidence for some outcomes.

    :return: its row number.
    :raises TooMany: the portfolio is full.
    """
    hold_person(session, whose.cohort_id, whose.person_id)
    there = session.scalar(
        select(func.count()).where(
            EvidencePiece.cohort_id == whose.cohort_id,
            EvidencePiece.person_id == whose.person_id,
            EvidencePiece.withdrawn_at.is_(None),
        )
    )
    if (there or 0) >= MOST_PIECES:
        raise TooMany(
            f"You offer {MOST_PIECES} pieces of evidence already. Take one back first, or count "
            "one that is there for further outcomes."
        )
    now = clock.now()
    made = EvidencePiece(
        cohort_id=whose.cohort_id,
        person_id=whose.person_id,
        kind=values.kind,
        reference=values.reference,
        title=values.title,
        note=values.note,
        revision=1,
        offered_at=now,
        updated_at=now,
    )
    session.add(made)
    session.flush()
    _claim(session, made.id, values.items)
    _note_act(session, "evidence offered", made.id, whose, list(values.items))
    return made.id


def _met(session: Session, whose: Whose) -> set[str]:
    cells = cells_of(session, whose.cohort_id, [whose.person_id]).get(whose.person_id, {})
    return {item for item, cell in cells.items() if cell.state == MET}


def _hold(session: Session, whose: Whose, piece: Piece, revision: int) -> set[str]:
    """Hold the person's outcomes; the outcomes of the piece that are met.

    :raises ChangedElsewhere: it is no longer as the form showed it.
    """
    hold_person(session, whose.cohort_id, whose.person_id)
    now = find_piece(session, whose.cohort_id, whose.person_id, piece.id)
    if now is None:
        raise ChangedElsewhere("You took this evidence back in another window.")
    if now.revision != revision:
        raise ChangedElsewhere(
            "You changed this evidence in another window. What is kept now is shown beside what "
            "you typed here; save again to keep what you typed."
        )
    return _met(session, whose) & set(now.items)


def change_piece(
    session: Session, whose: Whose, piece: Piece, values: PieceValues, *, revision: int
) -> None:
    """Change a piece: its title where it is a note, what is said of it, what it counts for.

    :param revision: of the piece as the form showed it.
    :raises ChangedElsewhere: it was changed in another window.
    :raises SignedOn: its words would change, or it would no longer count, under a sign-off.
    """
    met = _hold(session, whose, piece, revision)
    are_words_kept = (values.title, values.note) == (piece.title, piece.note)
    if met and not (are_words_kept and met <= set(values.items)):
        raise SignedOn(
            f"This counts for what is signed off ({', '.join(sorted(met))}), so its words and "
            "those outcomes stay. You can count it for further outcomes, or offer more evidence."
        )
    session.execute(
        update(EvidencePiece)
        .where(EvidencePiece.id == piece.id)
        .values(
            title=values.title,
            note=values.note,
            reference=values.reference,
            revision=revision + 1,
            updated_at=clock.now(),
        )
    )
    session.execute(delete(EvidenceClaim).where(EvidenceClaim.piece_id == piece.id))
    _claim(session, piece.id, values.items)
    _note_act(session, "evidence changed", piece.id, whose, list(values.items))


def withdraw_piece(session: Session, whose: Whose, piece: Piece, *, revision: int) -> None:
    """Take a piece back. The row stays, and counts for nothing.

    :raises ChangedElsewhere: it was changed in another window.
    :raises SignedOn: an outcome that it counts for is signed off.
    """
    if met := _hold(session, whose, piece, revision):
        raise SignedOn(
            f"This counts for what is signed off ({', '.join(sorted(met))}), so it stays. Ask "
            "your tutor to open the outcome again first."
        )
    session.execute(
        update(EvidencePiece)
        .where(EvidencePiece.id == piece.id)
        .values(withdrawn_at=clock.now(), revision=revision + 1)
    )
    _note_act(session, "evidence taken back", piece.id, whose, list(piece.items))
