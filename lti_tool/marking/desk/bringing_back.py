"""What a worksheet that came back would change: each row against what is saved now.

Nothing here is kept but the judgements of the rows that may be saved, all in one transaction.
The same checks are made again when it is saved as when it was shown.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from lti_tool.coursework.queries import HandedIn
from lti_tool.coursework.rules import Rules
from lti_tool.marking.desk.pieces import Piece
from lti_tool.marking.desk.worksheet import Column, RowBack, columns_of
from lti_tool.marking.forms import marking_form, values_of, view_of
from lti_tool.marking.judging import View, save_judgement
from lti_tool.marking.queries import list_judgements
from lti_tool.marking.rubrics import Rubric

CHANGED, SAME, REFUSED = "changed", "same", "refused"


@dataclass(frozen=True, slots=True)
class Change:
    """One cell that differs from what is saved."""

    heading: str
    was: str
    becomes: str


@dataclass(frozen=True, slots=True)
class Compared:
    """One row as it would be saved, or why it is not."""

    row: RowBack
    name: str
    state: str
    reasons: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    work: HandedIn | None = None
    view: View | None = None
    built_on: int = 0


def _words(column: Column, value: Any) -> str:
    text = "" if value is None else str(value).strip().replace("\r\n", "\n")
    return column.answers.get(text, text)


def _changes(
    columns: Iterable[Column], saved: Mapping[str, Any], wanted: Mapping[str, Any]
) -> tuple[Change, ...]:
    found = []
    for column in columns:
        was, becomes = _words(column, saved.get(column.key)), _words(column, wanted.get(column.key))
        if was != becomes:
            found.append(Change(column.heading, was, becomes))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Place:
    """What the rows of one worksheet are held against."""

    rubric: Rubric
    rules: Rules
    columns: list[Column]
    pieces: Mapping[str, Piece]
    saved: Mapping[int, Mapping[str, Any]]


def _compare_row(place: _Place, row: RowBack, seen: set[str]) -> Compared:
    piece = place.pieces.get(row.code)
    if piece is None:
        sentence = "There is no work under this code that you may mark in this activity."
        return Compared(row, row.code or "No code", REFUSED, (sentence,))
    if row.code in seen:
        return Compared(row, piece.name, REFUSED, ("This code stands in an earlier row already.",))
    seen.add(row.code)
    judgement = place.saved.get(piece.work.submission_id)
    saved = values_of(place.rubric, judgement)
    form = marking_form(place.rubric, place.rules)(MultiDict({**row.fields, "number": row.number}))
    is_good = form.validate()
    wanted = {column.key: form[column.key].data for column in place.columns}
    for key in form.errors:
        wanted[key] = row.fields.get(key, "")
    changes = _changes(place.columns, saved, wanted)
    if not is_good:
        reasons = [
            f"{form[key].label.text}: {said}" for key, all_ in form.errors.items() for said in all_
        ]
        return Compared(row, piece.name, REFUSED, tuple(reasons), changes)
    number = form["number"].data or 0
    if number != saved["number"]:
        sentence = (
            f"This row was made from version {number}, and version {saved['number']} was saved "
            "since. Both are shown: put together what should stand on the page of this work."
        )
        return Compared(row, piece.name, REFUSED if changes else SAME, (sentence,), changes)
    if not changes:
        return Compared(row, piece.name, SAME)
    view = view_of(place.rubric, form)
    return Compared(row, piece.name, CHANGED, (), changes, piece.work, view, number)


def compare(
    session: Session,
    rubric: Rubric,
    rules: Rules,
    rows: Iterable[RowBack],
    pieces: Iterable[Piece],
) -> list[Compared]:
    """Every row against what is saved now, in the worksheet's order.

    :param pieces: those of the assignment that this marker may mark.
    """
    by_code = {piece.work.candidate_code: piece for piece in pieces}
    ids = {piece.work.submission_id for piece in by_code.values()}
    place = _Place(rubric, rules, columns_of(rubric, rules), by_code, list_judgements(session, ids))
    seen: set[str] = set()
    return [_compare_row(place, row, seen) for row in rows]


def save_all(
    session: Session,
    rubric: Rubric,
    rules: Rules,
    compared: Iterable[Compared],
    *,
    marker_id: int,
) -> int:
    """Save every row that may be saved as a judgement, all or none.

    :return: how many were saved.
    :raises MarkedElsewhere: marks were saved in between, so that nothing is.
    """
    count = 0
    for one in compared:
        if one.state == CHANGED and one.work is not None and one.view is not None:
            save_judgement(
                session,
                one.work,
                rubric,
                rules,
                one.view,
                built_on=one.built_on,
                marker_id=marker_id,
            )
            count += 1
    return count
